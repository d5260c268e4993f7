package dev.cpv.graph.simulator;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.common.Slf4jNotifier;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Simulates a partner and its customers at Microsoft: one HTTP server with three base URLs. Thread-safe.
 *
 * <pre>{@code
 * try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder().build()) {
 *     SimulatedTenant fabrikam = microsoft.addCustomer("Fabrikam");
 *     PartnerCredentials credentials = microsoft.credentials();
 *     // point the client at microsoft.loginUrl(), partnerCenterUrl() and graphUrl(), run it, then inspect:
 *     fabrikam.grantedScopes(credentials.clientId());
 *     microsoft.journal().requests(fabrikam.id());
 * }
 * }</pre>
 *
 * <p>A new simulator has a partner tenant with a service account and an app whose manifest is
 * {@link Fixtures#manifest()}, and no customer. Its state lives as long as the object. The server listens on the
 * loopback address only.
 */
public final class MicrosoftSimulator implements AutoCloseable {
    private final World world;
    private final WireMockServer server;
    private final String baseUrl;
    private final Webhooks webhooks;

    private MicrosoftSimulator(Builder builder) {
        world = new World(builder.seed, builder.clock, builder.journalCapacity);
        Map<String, SimulatedService> services = new ConcurrentHashMap<>();
        server = new WireMockServer(builder.configuration(new RequestPipeline(world, services, builder.latency)));
        server.start();
        baseUrl = (builder.keystore == null ? "http" : "https") + "://localhost:"
                + (builder.keystore == null ? server.port() : server.httpsPort());
        services.put(RequestPipeline.LOGIN, new EntraService(world, loginUrl()));
        webhooks = new Webhooks(world, partnerCenterUrl());
        services.put(RequestPipeline.PARTNER_CENTER, new PartnerCenterService(world, webhooks));
        services.put(RequestPipeline.GRAPH, new GraphService(world, graphUrl(), builder.contractValidation));
        server.stubFor(any(anyUrl()).willReturn(WireMock.ok()));
    }

    /**
     * Starts to build a simulator.
     *
     * @return a builder with http on a free port, the system's clock and seed 1
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The base URL of Entra's endpoints.
     *
     * @return the URL, without a slash at its end; {@code /{tenant}/oauth2/v2.0/token} follows
     */
    public String loginUrl() {
        return baseUrl + RequestPipeline.LOGIN;
    }

    /**
     * The base URL of Partner Center.
     *
     * @return the URL, without a slash at its end; {@code /v1/customers} follows
     */
    public String partnerCenterUrl() {
        return baseUrl + RequestPipeline.PARTNER_CENTER;
    }

    /**
     * The base URL of Microsoft Graph.
     *
     * @return the URL without a version and without a slash at its end; {@code /v1.0} follows
     */
    public String graphUrl() {
        return baseUrl + RequestPipeline.GRAPH;
    }

    /**
     * What a client needs to act for the partner. Every call mints a new refresh token.
     *
     * @return the credentials of {@link #app()} and {@link #serviceAccount()}
     */
    public PartnerCredentials credentials() {
        return new PartnerCredentials(
                world.partner().id(),
                world.app().appId(),
                world.secret(),
                world.refreshTokenFor(world.serviceAccount()));
    }

    /**
     * A refresh token of the service account from a sign-in of the given kind.
     *
     * @param mfa whether the sign-in used multi-factor authentication
     * @return the refresh token
     */
    public String refreshToken(boolean mfa) {
        return world.refreshTokenFor(world.serviceAccount(), mfa);
    }

    /**
     * The partner's own tenant.
     *
     * @return the tenant
     */
    public SimulatedTenant partner() {
        return world.partner();
    }

    /**
     * Adds a customer with all APIs, all licences, an active relationship and no consent.
     *
     * @param name the name of the organisation; its domain comes from it
     * @return the tenant
     */
    public SimulatedTenant addCustomer(String name) {
        return world.addCustomer(name);
    }

    /**
     * Adds a customer like {@link #addCustomer(String)}, with a given tenant id.
     *
     * @param tenantId a GUID in lower case that no tenant has yet
     * @param name the name of the organisation; its domain comes from it
     * @return the tenant
     * @throws IllegalArgumentException if a tenant has the id
     */
    public SimulatedTenant addCustomer(String tenantId, String name) {
        return world.addCustomer(tenantId, name);
    }

    /**
     * Creates a relationship that no customer has opened, so that Graph shows it without a customer.
     *
     * @param name the name of the relationship
     * @param roles template ids of the roles
     * @return the relationship, waiting for approval
     */
    public GdapRelationship offerRelationship(String name, Set<String> roles) {
        return world.offer(name, roles);
    }

    /**
     * All customers.
     *
     * @return a copy, oldest first
     */
    public List<SimulatedTenant> customers() {
        return world.customers();
    }

    /**
     * A tenant by its GUID or one of its domains.
     *
     * @param idOrDomain the GUID or the domain
     * @return the tenant, which can be the partner's own; empty if there is none
     */
    public Optional<SimulatedTenant> tenant(String idOrDomain) {
        return world.tenant(idOrDomain);
    }

    /**
     * The registration of the partner's app.
     *
     * @return the registration, to be changed at any time
     */
    public AppRegistration app() {
        return world.app();
    }

    /**
     * The user behind the partner's refresh token.
     *
     * @return the user, to be changed at any time
     */
    public SimulatedUser serviceAccount() {
        return world.serviceAccount();
    }

    /**
     * The partner's security groups.
     *
     * @return the groups, to be changed at any time
     */
    public PartnerGroups groups() {
        return world.groups();
    }

    /**
     * The switches of Partner Center.
     *
     * @return the switches, to be changed at any time
     */
    public PartnerBehaviour partnerBehaviour() {
        return world.partnerBehaviour();
    }

    /**
     * The APIs that exist.
     *
     * @return the catalog
     */
    public ResourceCatalog catalog() {
        return world.catalog();
    }

    /**
     * The faults that the simulator shows.
     *
     * @return the plan, empty at first
     */
    public FaultPlan faults() {
        return world.faults();
    }

    /**
     * The requests that the simulator received.
     *
     * @return the journal
     */
    public WireJournal journal() {
        return world.journal();
    }

    /**
     * The web hooks of Partner Center.
     *
     * @return registration and delivery
     */
    public Webhooks webhooks() {
        return webhooks;
    }

    /**
     * The simulator's clock.
     *
     * @return the clock that was given to the builder
     */
    public Clock clock() {
        return world.clock();
    }

    /** Stops the server. The state can still be read afterwards. */
    @Override
    public void close() {
        server.stop();
    }

    /** Builds a simulator. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_JOURNAL_CAPACITY = 100_000;
        private static final int DEFAULT_THREADS = 24;
        private static final int MIN_THREADS = 8;

        private long seed = 1;
        private Clock clock = Clock.systemUTC();
        private int port;
        private int threads = DEFAULT_THREADS;
        private int journalCapacity = DEFAULT_JOURNAL_CAPACITY;
        private Duration latency = Duration.ZERO;
        private boolean contractValidation = true;
        private @Nullable Path keystore;
        private @Nullable String keystorePassword;

        private Builder() {}

        /**
         * Sets the seed of everything random: ids, delays, the order of answers.
         *
         * @param value 1 by default
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Sets the clock for everything that depends on time, from token lifetimes to replication lag.
         *
         * @param value the system's clock by default
         * @return this
         */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /**
         * Sets the port to listen on.
         *
         * @param value a port, or 0 for a free one, which is the default
         * @return this
         */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /**
         * Serves https instead of http.
         *
         * @param keystoreFile a PKCS #12 file with key and certificate for {@code localhost}
         * @param password the password of file and key
         * @return this
         */
        public Builder https(Path keystoreFile, String password) {
            keystore = keystoreFile;
            keystorePassword = password;
            return this;
        }

        /**
         * Sets whether requests to Microsoft Graph are checked against its published contract. A request that breaks it
         * is refused with 400.
         *
         * @param value true by default
         * @return this
         */
        public Builder contractValidation(boolean value) {
            contractValidation = value;
            return this;
        }

        /**
         * Sets the number of threads that serve requests.
         *
         * @param value 8 or more, 24 by default
         * @return this
         */
        public Builder workerThreads(int value) {
            if (value < MIN_THREADS) {
                throw new IllegalArgumentException(
                        "workerThreads: " + value + " (expected " + MIN_THREADS + " or more)");
            }
            threads = value;
            return this;
        }

        /**
         * Sets how many requests the journal keeps.
         *
         * @param entries 100,000 by default
         * @return this
         */
        public Builder journalCapacity(int entries) {
            if (entries < 0) {
                throw new IllegalArgumentException("journalCapacity: " + entries + " (expected 0 or more)");
            }
            journalCapacity = entries;
            return this;
        }

        /**
         * Sets how long every answer takes, in real time. No thread waits for it.
         *
         * @param value zero by default
         * @return this
         */
        public Builder latency(Duration value) {
            latency = value;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the running simulator, to be closed by the caller
         */
        public MicrosoftSimulator build() {
            return new MicrosoftSimulator(this);
        }

        private WireMockConfiguration configuration(RequestPipeline pipeline) {
            WireMockConfiguration configuration = WireMockConfiguration.options()
                    .bindAddress("localhost")
                    .extensions(pipeline)
                    .disableRequestJournal()
                    .gzipDisabled(true)
                    // Only an HTTP/1.1 connection can be cut.
                    .http2PlainDisabled(true)
                    .http2TlsDisabled(true)
                    .containerThreads(threads)
                    .jettyAcceptors(1)
                    // With the system's short queue, one of a hundred connections at once is retried a second later.
                    .jettyAcceptQueueSize(1024)
                    .notifier(new Slf4jNotifier(false));
            if (!latency.isZero()) {
                configuration.asynchronousResponseEnabled(true).asynchronousResponseThreads(threads);
            }
            return keystore == null || keystorePassword == null
                    ? listen(configuration)
                    : configuration
                            .httpDisabled(true)
                            .httpsPort(port)
                            .keystorePath(keystore.toString())
                            .keystorePassword(keystorePassword)
                            .keyManagerPassword(keystorePassword)
                            .keystoreType("PKCS12");
        }

        private WireMockConfiguration listen(WireMockConfiguration configuration) {
            return port == 0 ? configuration.dynamicPort() : configuration.port(port);
        }
    }
}
