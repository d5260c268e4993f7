package dev.cpv.graph.internal.token;

import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.failure.EntraError;
import dev.cpv.graph.internal.failure.EntraFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redeems a refresh token for an access token of one tenant and audience: retries (R26), classifies refusals (R25), asserts
 * the tenant (R21) and keeps the rotated refresh token (R22). Thread-safe.
 */
final class Redemption {
    private static final Logger LOG = LoggerFactory.getLogger(Redemption.class);

    private final TokenEndpoint endpoint;
    private final TenantId partnerTenant;
    private final Retries retries;
    private final Clock clock;

    Redemption(TokenEndpoint endpoint, TenantId partnerTenant, Retries retries, Clock clock) {
        this.endpoint = endpoint;
        this.partnerTenant = partnerTenant;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Redeems.
     *
     * @param challenge the claims that a service requires of the token, or null
     * @return a token of that tenant
     * @throws TenantDirectoryException if none is issued
     */
    AccessToken redeem(
            RefreshContext context, TokenCache.Key key, RefreshTokenStore store, @Nullable ClaimsChallenge challenge) {
        TenantId tenant = key.tenant();
        String refreshToken = current(store);
        WireAnswer answer = send(
                context, () -> endpoint.redeem(context, tenant, key.audience() + "/.default", refreshToken, challenge));
        if (!answer.isSuccess()) {
            throw new TenantDirectoryException(refusal(answer, tenant), null);
        }
        TokenAnswer issued = TokenAnswer.parse(answer.body())
                .orElseThrow(() -> failed(FailureCode.ANSWER_UNREADABLE, "The token endpoint's answer holds no token"));
        AccessToken token = AccessToken.of(issued.accessToken(), clock.instant().plus(issued.lifetime()));
        requireTenant(token, tenant);
        keep(store, refreshToken, issued.refreshToken());
        return token;
    }

    /** A lost answer does no harm: the refresh token that was used stays valid. */
    private WireAnswer send(RefreshContext context, Retries.Sending redemption) {
        try {
            return retries.send(context, redemption, EntraFailures::isRetryable, true);
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    private CpvFailure refusal(WireAnswer answer, TenantId tenant) {
        return EntraFailures.classify(EntraError.parse(answer), tenant.equals(partnerTenant));
    }

    private static void requireTenant(AccessToken token, TenantId tenant) {
        if (!token.tenant().filter(tenant::equals).isPresent()) {
            throw failed(
                    FailureCode.WRONG_TENANT,
                    "A token for tenant " + tenant + " was requested, but one for "
                            + token.tenant().map(TenantId::toString).orElse("no tenant") + " was issued");
        }
    }

    private static String current(RefreshTokenStore store) {
        String token;
        try {
            token = store.current();
        } catch (RuntimeException e) {
            throw new TenantDirectoryException(
                    CpvFailure.of(
                            FailureCode.REFRESH_TOKEN_STORE_FAILED,
                            "The refresh token store failed with "
                                    + e.getClass().getName()),
                    e);
        }
        if (token == null || token.isBlank()) {
            throw failed(FailureCode.REFRESH_TOKEN_STORE_FAILED, "The refresh token store is empty");
        }
        return token;
    }

    /** A replacement that cannot be stored is no failure: the old refresh token stays valid until it expires. */
    private static void keep(RefreshTokenStore store, String used, String rotated) {
        if (rotated.isBlank() || rotated.equals(used)) {
            return;
        }
        try {
            store.replace(used, rotated);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The rotated refresh token could not be stored ({}); the old one is used until it expires",
                    e.getClass().getName());
        }
    }

    private static TenantDirectoryException failed(FailureCode code, String message) {
        return new TenantDirectoryException(CpvFailure.of(code, message), null);
    }
}
