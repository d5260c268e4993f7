package dev.cpv.graph.simulator;

import java.time.Instant;
import java.util.Locale;

/**
 * One request with everything that its answer depends on. Valid while the tenant's lock is held.
 *
 * @param world the state of all tenants
 * @param baseUrl Graph's address with version, for links
 * @param tenant the tenant of the token
 * @param directory the tenant's directory
 * @param token the caller's token
 * @param request the request
 * @param now the time
 */
record GraphCall(
        World world,
        String baseUrl,
        SimulatedTenant tenant,
        Directory directory,
        AccessToken token,
        GraphRequest request,
        Instant now) {

    TenantBehaviour behaviour() {
        return tenant.behaviour();
    }

    void require(GraphPermission permission) {
        if (!permission.heldBy(token)) {
            throw GraphError.forbidden().refusal();
        }
    }

    boolean sees(String objectId, ReadKind kind) {
        return directory.sees(objectId, kind, now);
    }

    String context(String what) {
        return baseUrl + "/$metadata#" + what;
    }

    String link(String path) {
        return baseUrl + path;
    }

    /** A service principal that a new object refers to: it must exist and be visible to the replica that writes. */
    boolean refersTo(String principalId) {
        return directory.principal(principalId).isPresent()
                && sees(principalId.toLowerCase(Locale.ROOT), ReadKind.REFERENCE);
    }
}
