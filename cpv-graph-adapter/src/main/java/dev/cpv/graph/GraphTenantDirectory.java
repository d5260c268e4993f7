package dev.cpv.graph;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.ParallelBatches;
import dev.cpv.graph.internal.catalog.Relationships;
import dev.cpv.graph.internal.catalog.ResellerCustomers;
import dev.cpv.graph.internal.client.ToolRequests;
import dev.cpv.graph.internal.consent.PartnerCenterConsent;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.resilience.ConsentLimit;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.resilience.WriteLimit;
import dev.cpv.graph.internal.tenant.TenantGateway;
import dev.cpv.graph.internal.token.PartnerOperation;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Remediation;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * A {@link TenantDirectory} over Microsoft's services: tokens from Entra ID, consent through Partner Center, everything else by
 * batches of Microsoft Graph. A refresh of a tenant in sync takes two requests.
 *
 * <p>Tokens, limits and connections belong to the directory: create one per process and share it. All methods block the calling
 * thread. Thread-safe.
 */
public final class GraphTenantDirectory implements TenantDirectory, AutoCloseable {
    private final TenantId partnerTenant;
    private final MicrosoftCloud cloud;
    private final Clock clock;
    private final Map<TenantId, RefreshTokenStore> directTenants;
    private final Wire wire;
    private final TokenSource tokens;
    private final TenantGateway gateway;
    private final Relationships relationships;
    private final ResellerCustomers resellerCustomers;
    private final ToolRequests toolRequests;
    private volatile boolean closed;

    private GraphTenantDirectory(Builder builder) {
        cloud = builder.cloud;
        clock = builder.clock;
        partnerTenant = builder.app.partnerTenant();
        directTenants = Map.copyOf(builder.directTenants);
        wire = new Wire(List.of(cloud.loginUrl(), cloud.partnerCenterUrl(), cloud.graphUrl()), builder.clock);
        Retries retries = new Retries(builder.clock, builder.sleeper);
        WriteLimit writes = new WriteLimit(builder.share, retries, builder.clock);
        tokens = new TokenSource(
                builder.app,
                builder.tokens.proof(),
                builder.tokens.refreshTokens(),
                cloud,
                directTenants,
                wire,
                retries,
                builder.clock);
        gateway = new TenantGateway(
                builder.app.clientId(),
                tokens,
                new PartnerCenterConsent(
                        builder.app,
                        cloud,
                        tokens,
                        wire,
                        retries,
                        ConsentLimit.ofShare(builder.share, retries, builder.clock)),
                new BatchClient(wire, retries, writes, cloud.graphUrl()),
                builder.helpers,
                retries,
                List.of(cloud.graphUrl(), cloud.graphAudience()),
                builder.clock);
        relationships = new Relationships(cloud, tokens, wire, retries);
        resellerCustomers = new ResellerCustomers(cloud, tokens, wire, retries);
        toolRequests = new ToolRequests(cloud.graphUrl(), tokens, wire, retries, writes, builder.clock, () -> closed);
    }

    /**
     * Starts a directory.
     *
     * @param app the partner's application
     * @param tokens how the application proves its identity, and the refresh token
     * @return a builder
     */
    public static Builder builder(PartnerApp app, AppCredentials tokens) {
        return new Builder(app, tokens);
    }

    @Override
    public TenantRoute route(TenantId tenant) {
        if (tenant.equals(partnerTenant)) {
            return TenantRoute.PARTNER;
        }
        return directTenants.containsKey(tenant) ? TenantRoute.DIRECT : TenantRoute.CUSTOMER;
    }

    /**
     * {@inheritDoc}
     *
     * <p>If this directory is closed, nothing is sent, and the failure has the scope {@link FailureScope#PARTNER}: it says
     * nothing about a tenant.
     */
    @Override
    public TenantId resolve(String domain) {
        requireOpen();
        return tokens.resolve(domain);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TenantDirectoryException if this directory is closed. The failure has the scope {@link FailureScope#PARTNER}: it
     *     says nothing about the tenant, so it is no attempt on it
     */
    @Override
    public TenantSession open(RefreshContext context) {
        requireOpen();
        return gateway.open(context);
    }

    private void requireOpen() {
        if (closed) {
            throw new TenantDirectoryException(
                    CpvFailure.builder(
                                    FailureCode.REQUEST_REJECTED,
                                    "The directory is closed: nothing was sent, and nothing can be sent any more")
                            .scope(FailureScope.PARTNER)
                            .remediation(new Remediation(
                                    Remediation.Party.DEVELOPER,
                                    "Close the directory after the last operation, or create a new directory and a new"
                                            + " client."))
                            .build(),
                    null);
        }
    }

    // What a catalog and webhooks use of their directory

    Relationships relationships() {
        return relationships;
    }

    ResellerCustomers resellerCustomers() {
        return resellerCustomers;
    }

    MicrosoftCloud cloud() {
        return cloud;
    }

    Clock clock() {
        return clock;
    }

    RefreshContext startPartnerOperation(Duration timeout, Cancellation cancellation) {
        return PartnerOperation.start(partnerTenant, timeout, cancellation, clock.instant());
    }

    /** Sends the tool's own requests to Graph with the same tokens, limits and connections. */
    ToolRequests toolRequests() {
        return toolRequests;
    }

    /**
     * Closes idle connections; running calls finish first. No session can be opened and no domain resolved afterwards, and
     * clients of {@link TenantGraphClients} are closed too.
     */
    @Override
    public void close() {
        closed = true;
        wire.close();
    }

    /**
     * Builds a directory. Everything has a default except the arguments of {@link GraphTenantDirectory#builder}. Not thread-safe.
     */
    public static final class Builder {
        private static final double SMALLEST_SHARE = 0.01;

        private final PartnerApp app;
        private final AppCredentials tokens;
        private final Map<TenantId, RefreshTokenStore> directTenants = new HashMap<>();
        private MicrosoftCloud cloud = MicrosoftCloud.GLOBAL;
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.system();
        private double share = 1;
        private ParallelBatches helpers = ParallelBatches.none();

        private Builder(PartnerApp app, AppCredentials tokens) {
            this.app = Objects.requireNonNull(app, "app");
            this.tokens = Objects.requireNonNull(tokens, "tokens");
        }

        /**
         * Sets the cloud.
         *
         * @param value the default is {@link MicrosoftCloud#GLOBAL}
         * @return this builder
         */
        public Builder cloud(MicrosoftCloud value) {
            cloud = Objects.requireNonNull(value, "cloud");
            return this;
        }

        /**
         * Adds a tenant that has a refresh token of its own and no partner relationship (R7).
         *
         * @param tenant the tenant
         * @param refreshTokens holds the refresh token of an account in that tenant
         * @return this builder
         * @throws IllegalStateException if the tenant was added before, or is the partner's own
         */
        public Builder directTenant(TenantId tenant, RefreshTokenStore refreshTokens) {
            Objects.requireNonNull(refreshTokens, "refreshTokens");
            if (tenant.equals(app.partnerTenant()) || directTenants.putIfAbsent(tenant, refreshTokens) != null) {
                throw new IllegalStateException("Tenant " + tenant + " is the partner's own, or was added before");
            }
            return this;
        }

        /**
         * Sets the clock that deadlines and the age of tokens are taken from.
         *
         * @param value the default is the system's
         * @return this builder
         */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets the sleeper that waits between retries.
         *
         * @param value the default blocks the calling thread
         * @return this builder
         */
        public Builder sleeper(Sleeper value) {
            sleeper = Objects.requireNonNull(value, "sleeper");
            return this;
        }

        /**
         * Sets the share of Microsoft's limits that this directory may use, if several processes or other programs use the same
         * application. The limits are 50 consents a second, 70,000 writes in 5 minutes, and 3,000 writes in 150 seconds in each
         * tenant (R29).
         *
         * @param value 0.01 to 1; the default is 1, the full limits
         * @return this builder
         * @throws IllegalArgumentException if it is less than 0.01 or more than 1
         */
        public Builder quotaShare(double value) {
            if (!(value >= SMALLEST_SHARE && value <= 1)) {
                throw new IllegalArgumentException("share must be " + SMALLEST_SHARE + " to 1: " + value);
            }
            share = value;
            return this;
        }

        /**
         * Sets an executor on which independent batches of one tenant are sent at the same time, at most five. A first consent of
         * many permissions then takes little more than half of the time, with the same number of requests; a reset gets faster
         * too. If many tenants are refreshed at a time, there is little gain.
         *
         * <p>The calling thread does all work that the executor has not begun, so the executor may be small, busy, the callers'
         * own pool, or shut down. Without an executor, which is the default, all work is done on the calling thread.
         *
         * @param threads runs the work; the caller closes it, after the directory
         * @return this builder
         */
        public Builder batchExecutor(Executor threads) {
            helpers = ParallelBatches.on(Objects.requireNonNull(threads, "helpers"));
            return this;
        }

        /**
         * Builds the directory. Nothing is sent yet.
         *
         * @return the directory
         */
        public GraphTenantDirectory build() {
            return new GraphTenantDirectory(this);
        }
    }
}
