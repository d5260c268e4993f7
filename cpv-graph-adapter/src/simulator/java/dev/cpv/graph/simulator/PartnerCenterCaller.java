package dev.cpv.graph.simulator;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Determines the caller of Partner Center and refuses callers without access. Thread-safe. */
final class PartnerCenterCaller {
    private final World world;
    private final AtomicLong calls = new AtomicLong();

    PartnerCenterCaller(World world) {
        this.world = world;
    }

    /** The token of a request: valid, for Partner Center, and from the partner tenant. */
    AccessToken authenticate(WireRequest request) {
        AccessToken token = token(request).orElseThrow(PartnerCenterCaller::accessDenied);
        boolean forPartnerCenter = world.catalog()
                .byAudience(token.audience())
                .filter(resource -> resource.appId().equals(ResourceCatalog.PARTNER_CENTER))
                .isPresent();
        boolean ofPartner = token.tenantId().equals(world.partner().id());
        if (!forPartnerCenter || !ofPartner || token.expiredAt(world.now())) {
            throw accessDenied();
        }
        String claims = world.partner().behaviour().requiredClaims();
        if (!Claims.shown(token, claims)) {
            throw PartnerCenterErrors.challenged(claims);
        }
        return token;
    }

    Optional<AccessToken> token(WireRequest request) {
        return request.header("Authorization")
                .filter(value -> value.startsWith("Bearer "))
                .flatMap(value -> AccessToken.read(world.signer(), value.substring("Bearer ".length())));
    }

    /** Refuses a user's token without multi-factor authentication, on the share of calls that enforce it. */
    void requireMfa(AccessToken token) {
        if (!token.appOnly() && !token.mfa() && enforced()) {
            throw PartnerCenterErrors.unauthorised("900421", "Unauthorized - MFA required");
        }
    }

    /** Spreads the enforced calls evenly, so that the share is exact and the same in every run. */
    private boolean enforced() {
        long share = world.partnerBehaviour().mfaEnforcement();
        long call = calls.incrementAndGet();
        return call * share / 100 > (call - 1) * share / 100;
    }

    /** Refuses a token without a user. */
    SimulatedUser requireUser(AccessToken token) {
        String userId = token.objectId();
        if (token.appOnly() || userId == null) {
            throw PartnerCenterErrors.unauthorised("400", "This resource can't be accessed by application credentials");
        }
        return world.user(userId).orElseThrow(PartnerCenterCaller::accessDenied);
    }

    void requireAdminAgent(SimulatedUser user) {
        if (!user.adminAgent()) {
            throw PartnerCenterErrors.of(
                    403, "900150", "The supplied role does not have the rights to perform the requested operation");
        }
    }

    private static Refusal accessDenied() {
        return PartnerCenterErrors.unauthorised("400", "Access denied");
    }
}
