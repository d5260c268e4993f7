package dev.cpv;

import dev.cpv.internal.jfr.RefreshEvent;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of cpv: keeps the application consented and permitted in customer tenants.
 *
 * <pre>{@code
 * CpvClient client = CpvClient.create(directory, RequiredPermissionSet.fromManifest(Path.of("manifest.json")));
 * CpvResult result = client.refresh("0b7d5f4e-...");
 * }</pre>
 *
 * <p>All methods block until the tenant is done, on the calling thread, and can be called from many threads at once; for
 * one tenant, one operation at a time: a second caller gets {@link FailureCode#TENANT_BUSY} (R34), also where several
 * processes share a journal. What a remote service does is never an exception, it is in the {@link CpvResult}. All operations
 * are idempotent.
 */
public final class CpvClient {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9-]{2,63}");

    private final TenantDirectory directory;
    private final Function<TenantId, RequiredPermissionSet> required;
    private final RequiredPermissionSet bootstrap;
    /** As a rule all tenants need the same, so it is added up once. */
    private volatile @Nullable WithBootstrap last;

    private final RefreshOptions defaults;
    private final RefreshJournal journal;
    private final String owner;
    private final Listeners listeners;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Set<TenantId> busy = ConcurrentHashMap.newKeySet();

    private CpvClient(Builder builder) {
        directory = builder.directory;
        required = builder.required;
        bootstrap = builder.bootstrap;
        defaults = builder.defaults;
        journal = builder.journal;
        owner = (builder.name.isEmpty() ? "" : builder.name + " ") + UUID.randomUUID();
        listeners = new Listeners(builder.listeners);
        clock = builder.clock;
        sleeper = builder.sleeper;
    }

    /**
     * Creates a client with the defaults of {@link Builder}.
     *
     * @param directory where the tenants are
     * @param required what the application needs in each of them
     * @return the client
     */
    public static CpvClient create(TenantDirectory directory, RequiredPermissionSet required) {
        return builder(directory, required).build();
    }

    /**
     * Starts a client that needs the same permissions in every tenant.
     *
     * @param directory where the tenants are
     * @param required what the application needs
     * @return a builder
     */
    public static Builder builder(TenantDirectory directory, RequiredPermissionSet required) {
        Objects.requireNonNull(required, "required");
        return new Builder(directory, tenant -> required);
    }

    /**
     * Starts a client whose required permissions depend on the tenant, as by its licences.
     *
     * @param directory where the tenants are
     * @param required gives what the application needs in a tenant; called once an operation, from many threads
     * @return a builder
     */
    public static Builder builder(TenantDirectory directory, Function<TenantId, RequiredPermissionSet> required) {
        return new Builder(directory, required);
    }

    /**
     * Brings a tenant in sync.
     *
     * @param tenant its GUID, or one of its verified domains
     * @return what it came to
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     */
    public CpvResult refresh(String tenant) {
        return refresh(tenant, defaults);
    }

    /**
     * Brings a tenant in sync.
     *
     * @param tenant its GUID, or one of its verified domains
     * @param options how to do it
     * @return what it came to
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     */
    public CpvResult refresh(String tenant, RefreshOptions options) {
        return withTenant(tenant, id -> refresh(id, options));
    }

    /**
     * Brings a tenant in sync.
     *
     * @param tenant the tenant
     * @return what it came to
     */
    public CpvResult refresh(TenantId tenant) {
        return refresh(tenant, defaults);
    }

    /**
     * Brings a tenant in sync.
     *
     * @param tenant the tenant
     * @param options how to do it
     * @return what it came to
     */
    public CpvResult refresh(TenantId tenant, RefreshOptions options) {
        return operate("refresh", tenant, options, Operation::refresh);
    }

    /**
     * Looks what a refresh would do, and writes nothing.
     *
     * @param tenant its GUID, or one of its verified domains
     * @return {@link RefreshOutcome#UP_TO_DATE}, {@link RefreshOutcome#DRIFTED} or {@link RefreshOutcome#PARTIAL} with a
     *     plan, or {@link RefreshOutcome#FAILED}
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     */
    public CpvResult preview(String tenant) {
        return preview(tenant, defaults);
    }

    /**
     * Looks what a refresh would do, and writes nothing.
     *
     * @param tenant its GUID, or one of its verified domains
     * @param options how the refresh would be done
     * @return as for {@link #preview(String)}
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     */
    public CpvResult preview(String tenant, RefreshOptions options) {
        return withTenant(tenant, id -> preview(id, options));
    }

    /**
     * Looks what a refresh would do, and writes nothing.
     *
     * @param tenant the tenant
     * @return as for {@link #preview(String)}
     */
    public CpvResult preview(TenantId tenant) {
        return preview(tenant, defaults);
    }

    /**
     * Looks what a refresh would do, and writes nothing.
     *
     * @param tenant the tenant
     * @param options how the refresh would be done
     * @return as for {@link #preview(String)}
     */
    public CpvResult preview(TenantId tenant, RefreshOptions options) {
        return operate("preview", tenant, options, Operation::preview);
    }

    /**
     * Does what a preview planned and somebody approved, if the tenant still needs exactly that: it is looked at and planned
     * for again, and if the steps differ the answer is {@link FailureCode#PLAN_STALE} and nothing is written. The plan of a
     * tenant without consent holds what is expected after it; approving it approves additions alone.
     *
     * @param plan the approved plan; it says whether extras are revoked
     * @return what it came to
     */
    public CpvResult apply(CpvRefreshPlan plan) {
        return apply(plan, defaults);
    }

    /**
     * Does what a preview planned and somebody approved, as {@link #apply(CpvRefreshPlan)} does.
     *
     * @param plan the approved plan; it says whether extras are revoked
     * @param options how to do it, extras left aside
     * @return what it came to
     */
    public CpvResult apply(CpvRefreshPlan plan, RefreshOptions options) {
        RefreshOptions planned = options.withExtraGrants(plan.extraGrants());
        return operate("apply", plan.tenant(), planned, operation -> operation.apply(plan));
    }

    /**
     * Looks what a reset would take away, give back and lose, and writes nothing (R19). By GUID alone: a domain can move from one
     * tenant to another.
     *
     * @param tenant the tenant
     * @return what would be done, or why it cannot be
     */
    public CpvResetPlan planReset(TenantId tenant) {
        return planReset(tenant, defaults);
    }

    /**
     * Looks what a reset would take away, give back and lose, and writes nothing, as {@link #planReset(TenantId)} does.
     *
     * @param tenant the tenant
     * @param options how the reset would be done: {@link RefreshOptions#extraGrants()} says whether what is not required comes
     *     back too
     * @return what would be done, or why it cannot be
     */
    public CpvResetPlan planReset(TenantId tenant, RefreshOptions options) {
        RefreshContext context = start(tenant, options);
        return operation(context, lease(context)).planReset();
    }

    /**
     * Deletes the application's service principal in a tenant and brings it back, with all that it had (R19): for a consent that
     * nothing else mends. The tenant is looked at again first; unless all is as the plan says, the answer is
     * {@link FailureCode#PLAN_STALE} and nothing is removed. A reset that does not end, for whatever reason, is finished by
     * whoever next refreshes the tenant over the same journal (R20).
     *
     * @param plan what {@link #planReset} gave and somebody approved
     * @return what it came to
     * @throws IllegalStateException if the client has no durable journal: what was taken away could not be given back by another
     *     process
     */
    public CpvResult reset(CpvResetPlan plan) {
        return reset(plan, defaults);
    }

    /**
     * Deletes the application's service principal in a tenant and brings it back, as {@link #reset(CpvResetPlan)} does.
     *
     * @param plan what {@link #planReset} gave and somebody approved; it says whether what is not required comes back too
     * @param options how to do it, extras left aside
     * @return what it came to
     * @throws IllegalStateException if the client has no durable journal
     */
    public CpvResult reset(CpvResetPlan plan, RefreshOptions options) {
        if (!journal.isDurable()) {
            throw new IllegalStateException(
                    "A reset needs a durable journal, to give back what it took away even if this process ends: set one with"
                            + " CpvClient.Builder.journal, as FileRefreshJournal.open(directory)");
        }
        RefreshOptions planned = options.withExtraGrants(plan.extraGrants());
        return operate("reset", plan.tenant(), planned, operation -> operation.reset(plan));
    }

    /**
     * Returns what the application needs in a tenant, the scopes that cpv needs itself included.
     *
     * @param tenant the tenant
     * @return the required permissions
     */
    public RequiredPermissionSet required(TenantId tenant) {
        RequiredPermissionSet own = required.apply(tenant);
        WithBootstrap known = last;
        if (known == null || !known.isOf(own)) {
            known = new WithBootstrap(own, own.plus(bootstrap));
            last = known;
        }
        return known.sum;
    }

    /**
     * Returns what remembers each tenant's last refresh.
     *
     * @return the journal
     */
    public RefreshJournal journal() {
        return journal;
    }

    /**
     * Returns the options of the verbs that are called without any.
     *
     * @return the options
     */
    public RefreshOptions options() {
        return defaults;
    }

    /**
     * Returns the clock that deadlines are taken from, for who schedules refreshes.
     *
     * @return the clock
     */
    public Clock clock() {
        return clock;
    }

    /**
     * Returns the way to wait, for who schedules refreshes.
     *
     * @return the sleeper
     */
    public Sleeper sleeper() {
        return sleeper;
    }

    private CpvResult withTenant(String tenant, Function<TenantId, CpvResult> operation) {
        if (isGuid(tenant)) {
            return operation.apply(TenantId.of(tenant));
        }
        if (!DOMAIN.matcher(tenant).matches()) {
            throw new IllegalArgumentException("Neither a tenant's GUID nor a domain: '" + tenant + "'");
        }
        TenantId id;
        try {
            id = directory.resolve(tenant);
        } catch (TenantDirectoryException e) {
            LOG.warn("{} was not resolved: {}", tenant, e.failure());
            return new CpvResult.Builder(tenant, null, RefreshOutcome.FAILED)
                    .correlationId(UUID.randomUUID())
                    .failure(e.failure())
                    .build();
        }
        return operation.apply(id);
    }

    /**
     * Takes the application out of a tenant for good: removes the consent, deletes the service principal with all that it holds, and
     * makes sure that it is gone. By GUID alone: a domain can move from one tenant to another. The journal remembers who did it, and
     * runs over the fleet leave the tenant alone from then on; a refresh by hand brings the application back.
     *
     * @param tenant the tenant
     * @return {@link RefreshOutcome#OFFBOARDED}, with the directory's answers as {@link CpvResult#steps()}; also if there was nothing to
     *     remove. Any other outcome: something may be left, call again
     */
    public CpvResult offboard(TenantId tenant) {
        return offboard(tenant, defaults);
    }

    /**
     * Takes the application out of a tenant for good, as {@link #offboard(TenantId)} does.
     *
     * @param tenant the tenant
     * @param options how to do it; actor and reason go to the journal
     * @return as for {@link #offboard(TenantId)}
     */
    public CpvResult offboard(TenantId tenant, RefreshOptions options) {
        return operate("offboard", tenant, options, Operation::offboard);
    }

    static boolean isGuid(String tenant) {
        return GUID.matcher(tenant).matches();
    }

    private CpvResult operate(
            String name, TenantId tenant, RefreshOptions options, Function<Operation, CpvResult> verb) {
        RefreshContext context = start(tenant, options);
        TenantLease lease = lease(context);
        Operation operation = operation(context, lease);
        RefreshEvent event = new RefreshEvent();
        event.begin();
        listeners.tell(listener -> listener.started(context));
        CpvResult result;
        if (busy.add(tenant)) {
            try {
                result = verb.apply(operation);
            } finally {
                busy.remove(tenant);
            }
        } else {
            result = operation.failed(lease.busy());
        }
        log(name, result);
        listeners.tell(listener -> listener.finished(context, result));
        commit(event, name, result);
        return result;
    }

    private RefreshContext start(TenantId tenant, RefreshOptions options) {
        return RefreshContext.start(tenant, directory.route(tenant), options, clock.instant());
    }

    private TenantLease lease(RefreshContext context) {
        return new TenantLease(journal, context, owner, clock);
    }

    /** A set, and what it comes to with the bootstrap scopes. */
    private record WithBootstrap(RequiredPermissionSet own, RequiredPermissionSet sum) {
        @SuppressWarnings("ReferenceEquality") // Equal sets may have been asked for by others.
        boolean isOf(RequiredPermissionSet set) {
            return own == set;
        }
    }

    private Operation operation(RefreshContext context, TenantLease lease) {
        return new Operation(context, required(context.tenant()), directory, journal, lease, listeners, clock, sleeper);
    }

    private static void commit(RefreshEvent event, String name, CpvResult result) {
        event.end();
        if (event.shouldCommit()) {
            event.tenant = result.tenant();
            event.operation = name;
            event.outcome = result.outcome().name();
            event.failureCode = result.failure().map(f -> f.code().name()).orElse(null);
            event.requests = result.requests();
            event.commit();
        }
    }

    private static void log(String name, CpvResult result) {
        switch (result.outcome()) {
            case UP_TO_DATE, SKIPPED -> LOG.debug("{}: {}", name, result);
            case UPDATED, DRIFTED, CANCELLED, NOT_ATTEMPTED, OFFBOARDED -> LOG.info("{}: {}", name, result);
            default -> LOG.warn("{}: {} [{}]", name, result, result.correlationId());
        }
    }

    /**
     * Builds a client. Everything has a default but what {@link CpvClient#builder} asks for. Not thread-safe.
     */
    public static final class Builder {
        private static final int MAX_NAME = 100;

        private final TenantDirectory directory;
        private final Function<TenantId, RequiredPermissionSet> required;
        private final List<RefreshListener> listeners = new ArrayList<>();
        private RequiredPermissionSet bootstrap = RequiredPermissionSet.bootstrap();
        private RefreshOptions defaults = RefreshOptions.defaults();
        private @Nullable RefreshJournal configuredJournal;
        private RefreshJournal journal = new InMemoryRefreshJournal();
        private String name = "";
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.system();

        private Builder(TenantDirectory directory, Function<TenantId, RequiredPermissionSet> required) {
            this.directory = Objects.requireNonNull(directory, "directory");
            this.required = Objects.requireNonNull(required, "required");
        }

        /**
         * Sets the options of the verbs that are called without any.
         *
         * @param options the default is {@link RefreshOptions#defaults()}
         * @return this builder
         */
        public Builder options(RefreshOptions options) {
            defaults = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets what remembers each tenant's last refresh, and lets one operation at a time work on a tenant. All clients that
         * may meet at a tenant need the same one.
         *
         * @param value the default is a journal in memory
         * @return this builder
         * @throws IllegalStateException if a journal was set before
         */
        public Builder journal(RefreshJournal value) {
            if (configuredJournal != null) {
                throw new IllegalStateException("The journal was already set to " + configuredJournal);
            }
            configuredJournal = Objects.requireNonNull(value, "journal");
            journal = value;
            return this;
        }

        /**
         * Sets what this client is called where another one has to wait for it ({@link FailureCode#TENANT_BUSY}), as
         * {@code nightly@host}.
         *
         * @param value 1 to 100 characters, without secrets; the default is none, a random id tells clients apart anyway
         * @return this builder
         * @throws IllegalArgumentException if it is blank or too long
         */
        public Builder name(String value) {
            if (value.isBlank() || value.length() > MAX_NAME) {
                throw new IllegalArgumentException("name needs 1 to " + MAX_NAME + " characters: '" + value + "'");
            }
            name = value;
            return this;
        }

        /**
         * Sets the delegated scopes of Microsoft Graph that cpv needs itself, in place of its own choice (R5). They are part
         * of every tenant's required permissions and the only ones that are consented through Partner Center.
         *
         * @param valueNames value names such as {@code DelegatedPermissionGrant.ReadWrite.All}, at least one
         * @return this builder
         * @throws IllegalArgumentException if there is none, or one is no value name
         */
        public Builder bootstrapScopes(List<String> valueNames) {
            if (valueNames.isEmpty()) {
                throw new IllegalArgumentException(
                        "bootstrapScopes must not be empty: without scopes cpv can mend nothing in a tenant");
            }
            RequiredPermissionSet.Builder set = RequiredPermissionSet.builder(RequiredPermissionSet.BOOTSTRAP);
            valueNames.forEach(name -> set.delegated(AppId.MICROSOFT_GRAPH, name));
            bootstrap = set.build();
            return this;
        }

        /**
         * Adds a listener.
         *
         * @param listener is told what happens
         * @return this builder
         */
        public Builder addListener(RefreshListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets the clock that deadlines are taken from.
         *
         * @param value the default is the system's
         * @return this builder
         */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets the way to wait for a consent to become visible.
         *
         * @param value the default waits on the calling thread
         * @return this builder
         */
        public Builder sleeper(Sleeper value) {
            sleeper = Objects.requireNonNull(value, "sleeper");
            return this;
        }

        /**
         * Sets how long one operation on one tenant may take, waiting included.
         *
         * @param timeout more than zero; the default is ten minutes
         * @return this builder
         * @throws IllegalArgumentException if it is zero or less
         */
        public Builder timeout(Duration timeout) {
            defaults = defaults.withTimeout(timeout);
            return this;
        }

        /**
         * Builds the client.
         *
         * @return the client
         */
        public CpvClient build() {
            return new CpvClient(this);
        }
    }
}
