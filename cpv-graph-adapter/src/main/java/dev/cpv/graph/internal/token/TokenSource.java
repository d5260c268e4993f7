package dev.cpv.graph.internal.token;

import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.failure.EntraFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Returns access tokens: from the cache, or by redeeming the partner's refresh token in the tenant, or a direct tenant's own one
 * (R7, R21). All methods block and are thread-safe; every failure is a {@link TenantDirectoryException}, whose code is
 * {@link FailureCode#CONSENT_MISSING} if the application is not consented in the tenant (R4).
 */
public final class TokenSource {
    /** How long a secret or certificate that was just rotated may be refused. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(15);

    private final TenantId partnerTenant;
    private final RefreshTokenStore partnerStore;
    private final Map<TenantId, RefreshTokenStore> directStores;
    private final String graphAudience;
    private final TokenCache.Key partnerGraph;
    private final TokenCache.Key partnerCenter;
    private final Retries retries;
    private final Redemption redemption;
    private final TokenCache cache;
    private final TenantResolver resolver;

    /**
     * Creates a source with an empty cache.
     *
     * @param app the partner's application
     * @param proof how the application proves its identity
     * @param partnerStore the partner's refresh token
     * @param cloud where the token endpoint is, and what tokens are made out to
     * @param directStores the refresh tokens of direct tenants
     * @param wire sends the requests
     * @param retries repeats them
     * @param clock the clock that tokens age by
     */
    public TokenSource(
            PartnerApp app,
            ClientProof proof,
            RefreshTokenStore partnerStore,
            MicrosoftCloud cloud,
            Map<TenantId, RefreshTokenStore> directStores,
            Wire wire,
            Retries retries,
            Clock clock) {
        this.partnerTenant = app.partnerTenant();
        this.partnerStore = partnerStore;
        this.directStores = Map.copyOf(directStores);
        this.graphAudience = cloud.graphAudience().toString();
        this.partnerGraph = new TokenCache.Key(partnerTenant, graphAudience);
        this.partnerCenter =
                new TokenCache.Key(partnerTenant, cloud.partnerCenterAudience().toString());
        this.retries = retries;
        this.redemption =
                new Redemption(new TokenEndpoint(cloud, app.clientId(), proof, wire), partnerTenant, retries, clock);
        this.cache = new TokenCache(clock);
        this.resolver = new TenantResolver(cloud.loginUrl(), partnerTenant, wire, retries, clock);
    }

    /**
     * Returns a Graph token of the operation's tenant.
     *
     * @param context the operation
     * @return a token that is valid for at least two minutes, or a new one
     * @throws TenantDirectoryException if none is issued
     */
    public AccessToken graph(RefreshContext context) {
        return kept(context, graphOf(context));
    }

    /**
     * Returns the credential of the operation's tenant for Graph.
     *
     * @param context the operation
     * @return a source of tokens from the cache
     */
    public Credential graphCredential(RefreshContext context) {
        return new CachedCredential(context, graphOf(context));
    }

    /**
     * Returns the credential of the partner's own tenant for Graph, for an operation on any tenant.
     *
     * @param context the operation
     * @return a source of tokens from the cache
     */
    public Credential partnerGraphCredential(RefreshContext context) {
        return new CachedCredential(context, partnerGraph);
    }

    /**
     * Returns the credential for Partner Center, which is one of the partner's own tenant.
     *
     * @param context the operation
     * @return a source of tokens from the cache
     */
    public Credential partnerCenterCredential(RefreshContext context) {
        return new CachedCredential(context, partnerCenter);
    }

    private TokenCache.Key graphOf(RefreshContext context) {
        return new TokenCache.Key(context.tenant(), graphAudience);
    }

    private AccessToken kept(RefreshContext context, TokenCache.Key key) {
        return cache.get(key, context, () -> redeem(context, key, null));
    }

    private AccessToken answered(RefreshContext context, TokenCache.Key key, ClaimsChallenge challenge) {
        return cache.replace(key, () -> redeem(context, key, challenge));
    }

    /**
     * Drops all tokens of a tenant, because a token never contains permissions that were granted after it was issued.
     *
     * @param tenant the tenant
     */
    public void drop(TenantId tenant) {
        cache.drop(tenant);
    }

    /**
     * Finds the tenant that a domain belongs to. The answer is kept for an hour.
     *
     * @param domain a verified domain
     * @return the tenant
     * @throws TenantDirectoryException with {@link FailureCode#TENANT_NOT_RESOLVED} if there is none, or with another code if
     *     it cannot be determined
     */
    public TenantId resolve(String domain) {
        return resolver.resolve(domain);
    }

    private AccessToken redeem(RefreshContext context, TokenCache.Key key, @Nullable ClaimsChallenge challenge) {
        if (key.tenant().equals(partnerTenant)) {
            return redeemAtHome(context, key, challenge);
        }
        try {
            return redemption.redeem(context, key, store(context), challenge);
        } catch (TenantDirectoryException e) {
            throw new TenantDirectoryException(confirmed(context, e.failure()), e);
        }
    }

    private RefreshTokenStore store(RefreshContext context) {
        if (context.route() != TenantRoute.DIRECT) {
            return partnerStore;
        }
        RefreshTokenStore own = directStores.get(context.tenant());
        if (own == null) {
            throw new TenantDirectoryException(
                    CpvFailure.of(
                            FailureCode.REFRESH_TOKEN_STORE_FAILED,
                            "There is no refresh token store for the direct tenant " + context.tenant()),
                    null);
        }
        return own;
    }

    /**
     * R28: a failure that looks partner-wide at one tenant's endpoint is so only if the partner's own endpoint refuses too. If
     * that is unknown, because of the deadline or the network, no run may stop.
     */
    private CpvFailure confirmed(RefreshContext context, CpvFailure failure) {
        if (failure.code() == FailureCode.REFRESH_TOKEN_STORE_FAILED && context.route() == TenantRoute.DIRECT) {
            return failure.toBuilder().scope(FailureScope.TENANT).build();
        }
        if (!EntraFailures.isPartnerWideSuspect(failure)) {
            return failure;
        }
        try {
            cache.renew(partnerGraph, context, () -> redeemAtHome(context, partnerGraph, null));
        } catch (TenantDirectoryException e) {
            CpvFailure atHome = e.failure();
            return atHome.scope() == FailureScope.PARTNER ? atHome : ofTenant(failure, true);
        }
        // A credential that was refused here but accepted there has not reached all of Entra ID's servers yet.
        return ofTenant(failure, failure.retryable() || EntraFailures.needsSecondLook(failure));
    }

    private static CpvFailure ofTenant(CpvFailure failure, boolean retryable) {
        return failure.toBuilder()
                .scope(FailureScope.TENANT)
                .retryable(retryable)
                .build();
    }

    /** Redeems in the partner tenant; a credential that was just rotated gets a second attempt (R28). */
    private AccessToken redeemAtHome(RefreshContext context, TokenCache.Key key, @Nullable ClaimsChallenge challenge) {
        try {
            return redemption.redeem(context, key, partnerStore, challenge);
        } catch (TenantDirectoryException e) {
            if (!EntraFailures.needsSecondLook(e.failure())) {
                throw e;
            }
        }
        try {
            retries.pause(context, SECOND_LOOK);
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
        return redemption.redeem(context, key, partnerStore, challenge);
    }

    /** Tokens of one tenant for one service, which all operations share. */
    private final class CachedCredential implements Credential {
        private final RefreshContext context;
        private final TokenCache.Key key;

        CachedCredential(RefreshContext context, TokenCache.Key key) {
            this.context = context;
            this.key = key;
        }

        @Override
        public AccessToken token() {
            return kept(context, key);
        }

        @Override
        public void drop() {
            cache.drop(key.tenant());
        }

        @Override
        public void drop(AccessToken refused) {
            cache.drop(key, refused);
        }

        @Override
        public AccessToken answer(ClaimsChallenge challenge) {
            return answered(context, key, challenge);
        }
    }
}
