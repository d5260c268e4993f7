package dev.cpv.graph.simulator;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An {@code oauth2PermissionGrant}: delegated permissions of one client on one resource. Immutable.
 *
 * @param id the grant's id
 * @param clientId the object id of the client's service principal
 * @param resourceId the object id of the resource's service principal
 * @param principalId the user whose own grant it is, or null if it holds for the whole tenant
 * @param scope the scope string exactly as it was written
 * @param createdAt when it was created, on the simulator's clock
 */
public record SimulatedGrant(
        String id,
        String clientId,
        String resourceId,
        @Nullable String principalId,
        String scope,
        Instant createdAt) {

    /**
     * Whether it holds for all users ({@code AllPrincipals}).
     *
     * @return false for one user's own grant ({@code Principal})
     */
    public boolean tenantWide() {
        return principalId == null;
    }

    /**
     * The scopes as a set, split on white space.
     *
     * @return the scope values, sorted
     */
    public Set<String> scopes() {
        return split(scope);
    }

    static Set<String> split(String scope) {
        Set<String> scopes = new TreeSet<>();
        Arrays.stream(scope.split("\\s+")).filter(value -> !value.isEmpty()).forEach(scopes::add);
        return Collections.unmodifiableSet(scopes);
    }

    SimulatedGrant withScope(String value) {
        return new SimulatedGrant(id, clientId, resourceId, principalId, value, createdAt);
    }
}
