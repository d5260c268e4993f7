package dev.cpv.graph.simulator;

import java.util.Locale;
import java.util.Optional;

/** Determines the caller of Microsoft Graph and the tenant, both from the token alone. Thread-safe. */
final class GraphCaller {
    private static final String BEARER = "bearer ";
    private static final String CLAIMS = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1700000000\"}}}";

    private final World world;

    GraphCaller(World world) {
        this.world = world;
    }

    /** The tenant of a request's token, even if the token is no longer valid. */
    Optional<SimulatedTenant> tenant(WireRequest request) {
        return token(request).flatMap(token -> world.tenant(token.tenantId()));
    }

    /** The token of a request; refuses one that is not valid for Graph. */
    AccessToken authenticate(WireRequest request) {
        if (bearer(request).isEmpty()) {
            throw GraphError.unauthorised("Access token is empty.").refusal();
        }
        AccessToken token = token(request)
                .orElseThrow(() -> GraphError.unauthorised("CompactToken parsing failed with error code: 80049217")
                        .refusal());
        boolean forGraph = world.catalog()
                .byAudience(token.audience())
                .filter(resource -> resource.appId().equals(ResourceCatalog.GRAPH))
                .isPresent();
        if (!forGraph) {
            throw GraphError.unauthorised("Access token validation failure. Invalid audience.")
                    .refusal();
        }
        if (token.expiredAt(world.now())) {
            throw GraphError.unauthorised("Access token has expired or is not yet valid.")
                    .refusal();
        }
        return token;
    }

    /** Refuses an identity that the tenant does not accept, or no longer accepts. */
    void identify(AccessToken token, SimulatedTenant tenant) {
        TenantBehaviour behaviour = tenant.behaviour();
        if (behaviour.claimsChallenge()) {
            throw challenge(CLAIMS).refusal();
        }
        if (!Claims.shown(token, behaviour.requiredClaims())) {
            throw challenge(behaviour.requiredClaims()).refusal();
        }
        Optional<SimulatedServicePrincipal> principal = tenant.servicePrincipal(token.appId());
        boolean known = token.appOnly()
                ? principal.isPresent() && principal.get().id().equals(token.objectId())
                : principal.isPresent() || behaviour.userTokensOutliveApp();
        if (!known) {
            throw GraphError.of(
                            behaviour.identityNotFoundStatus(),
                            "Authorization_IdentityNotFound",
                            "The identity of the calling application could not be established.")
                    .refusal();
        }
        if (principal.isPresent() && !principal.get().enabled()) {
            throw GraphError.of(
                            403,
                            "Authorization_IdentityDisabled",
                            "The identity of the calling application is disabled.")
                    .refusal();
        }
    }

    private static GraphError challenge(String claims) {
        return GraphError.of(401, GraphError.INVALID_TOKEN, "Continuous access evaluation resulted in challenge.")
                .withHeader("WWW-Authenticate", Claims.challenge(claims));
    }

    private static Optional<String> bearer(WireRequest request) {
        return request.header("Authorization")
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).trim())
                .filter(value -> !value.isEmpty());
    }

    private Optional<AccessToken> token(WireRequest request) {
        return bearer(request).flatMap(text -> AccessToken.read(world.signer(), text));
    }
}
