package dev.cpv.conformance;

import dev.cpv.model.AppId;
import java.util.List;
import java.util.TreeSet;

/**
 * A user's own delegated grant, which is none of cpv's business (R11).
 *
 * @param user the object id of the user, a GUID
 * @param resource the resource that the scopes belong to
 * @param scopes the scopes, sorted
 */
public record UserGrant(String user, AppId resource, List<String> scopes) {
    /**
     * Creates the grant.
     *
     * @param user the object id of the user, a GUID
     * @param resource the resource that the scopes belong to
     * @param scopes the scopes, sorted
     */
    public UserGrant {
        scopes = List.copyOf(new TreeSet<>(scopes));
    }
}
