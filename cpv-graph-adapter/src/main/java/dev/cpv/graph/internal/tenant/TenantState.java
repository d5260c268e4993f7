package dev.cpv.graph.internal.tenant;

import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.TenantWideGrant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a tenant as it was read, with the object ids that plans never contain. Used for one operation, on one thread, and
 * updated after each write.
 */
final class TenantState {
    private final @Nullable String principalId;
    private final Map<AppId, Principal> resources = new LinkedHashMap<>();
    private final Map<AssignedAppRole, String> assignments = new HashMap<>();
    private final List<Grant> grants = new ArrayList<>();

    TenantState(@Nullable String principalId) {
        this.principalId = principalId;
    }

    /** The object id of our own service principal; empty while it is not visible. */
    Optional<String> principalId() {
        return Optional.ofNullable(principalId);
    }

    Map<AppId, Principal> resources() {
        return resources;
    }

    Optional<Principal> resource(AppId app) {
        return Optional.ofNullable(resources.get(app));
    }

    void add(AppId app, Principal principal) {
        resources.put(app, principal);
    }

    Map<AssignedAppRole, String> assignments() {
        return assignments;
    }

    List<Grant> grants() {
        return grants;
    }

    List<Grant> grants(AppId resource) {
        return grants.stream()
                .filter(grant -> grant.resource().equals(resource))
                .toList();
    }

    /** The service principal of a resource. */
    record Principal(String objectId, String displayName, boolean enabled) {}

    /** A tenant-wide grant with its object id. */
    record Grant(String objectId, AppId resource, List<String> scopes) {
        static Grant parse(String objectId, AppId resource, String scope) {
            return new Grant(
                    objectId, resource, TenantWideGrant.parse(resource, scope).scopes());
        }
    }
}
