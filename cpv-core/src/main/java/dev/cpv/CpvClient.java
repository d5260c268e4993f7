package dev.cpv;

import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.OperationKind;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the application consented and permitted in customer tenants.
 *
 * <pre>{@code
 * CpvClient client = CpvClient.create(directory, RequiredPermissionSet.fromManifest(Path.of("manifest.json")));
 * CpvResult result = client.refresh("0b7d5f4e-...");
 * }</pre>
 *
 * <p>All methods block until the tenant is done, on the calling thread, and can be called from many threads at once. For one tenant,
 * one operation at a time writes: a second one gets {@link FailureCode#TENANT_BUSY} (R34), also where several processes share a
 * journal. {@link #preview} and {@link #planReset} need no lease. All operations are idempotent.
 *
 * <p>A failure of a remote service is never an exception: it is in the {@link CpvResult}. {@link #resolve} alone has no result to
 * return. A method without {@link RefreshOptions} uses those of the client.
 */
public final class CpvClient {
    private final Function<TenantId, RequiredPermissionSet> required;
    private final RefreshOptions defaults;
    private final RefreshJournal journal;
    private final Clock clock;
    private final Sleeper sleeper;
    private final TenantLookup lookup;
    private final OperationBracket bracket;

    private CpvClient(Builder builder) {
        required = builder.required.apply(builder.bootstrap);
        defaults = builder.timeout == null ? builder.options : builder.options.withTimeout(builder.timeout);
        journal = builder.journal;
        clock = builder.clock;
        sleeper = builder.sleeper;
        String owner = (builder.name.isEmpty() ? "" : builder.name + " ") + UUID.randomUUID();
        RefreshListener listeners = new CompositeListener(builder.listeners);
        lookup = new TenantLookup(builder.directory, listeners);
        bracket = new OperationBracket(builder.directory, journal, owner, listeners, clock, sleeper);
    }

    /** Creates a client with the defaults of {@link Builder}. */
    public static CpvClient create(TenantDirectory directory, RequiredPermissionSet required) {
        return builder(directory, required).build();
    }

    /** Starts a client that needs the same permissions in every tenant. */
    public static Builder builder(TenantDirectory directory, RequiredPermissionSet required) {
        Objects.requireNonNull(required, "required");
        return new Builder(directory, bootstrap -> {
            RequiredPermissionSet all = required.plus(bootstrap);
            return tenant -> all;
        });
    }

    /**
     * Starts a client whose required permissions depend on the tenant, for example on its licences. The function is called once an
     * operation, from many threads.
     */
    public static Builder builder(TenantDirectory directory, Function<TenantId, RequiredPermissionSet> required) {
        Objects.requireNonNull(required, "required");
        return new Builder(
                directory, bootstrap -> tenant -> required.apply(tenant).plus(bootstrap));
    }

    /**
     * Reconciles a tenant with its required permissions.
     *
     * @param tenant its GUID, or one of its verified domains
     * @return the result; if the domain belongs to no known tenant, the outcome is {@link RefreshOutcome#FAILED}
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     */
    public CpvResult refresh(String tenant) {
        return refresh(tenant, defaults);
    }

    /** Reconciles a tenant, as {@link #refresh(String)} does, with these options. */
    public CpvResult refresh(String tenant, RefreshOptions options) {
        return lookup.refresh(tenant, options, id -> refresh(id, options));
    }

    /** Reconciles a tenant with its required permissions. */
    public CpvResult refresh(TenantId tenant) {
        return refresh(tenant, defaults);
    }

    /** Reconciles a tenant with its required permissions, with these options. */
    public CpvResult refresh(TenantId tenant, RefreshOptions options) {
        return run(OperationKind.REFRESH, tenant, options, new RefreshVerb());
    }

    /**
     * Finds a tenant for the methods that take a {@link TenantId}. Those take no domain, since a domain can move from one tenant to
     * another between a plan and its approval. For a GUID nothing is sent.
     *
     * @throws IllegalArgumentException if the text is neither a GUID nor a domain
     * @throws CpvRefreshException if no tenant was found; its result has the failure
     */
    public TenantId resolve(String tenant) {
        return lookup.find(tenant);
    }

    /**
     * Computes what a refresh would change, without writing.
     *
     * @return {@link RefreshOutcome#UP_TO_DATE}, {@link RefreshOutcome#DRIFTED} or {@link RefreshOutcome#PARTIAL} with a
     *     plan, or {@link RefreshOutcome#FAILED}
     */
    public CpvResult preview(TenantId tenant) {
        return preview(tenant, defaults);
    }

    /** Computes what a refresh with these options would change, as {@link #preview(TenantId)} does. */
    public CpvResult preview(TenantId tenant, RefreshOptions options) {
        return run(OperationKind.PREVIEW, tenant, options, new PreviewVerb());
    }

    /**
     * Carries out an approved plan, if the tenant still needs exactly its steps. The tenant is observed and planned
     * again; if the steps differ, the failure is {@link FailureCode#PLAN_STALE} and nothing is written. The plan
     * decides whether extras are revoked. The plan of a tenant without consent contains what is expected after the
     * consent; approving it approves additions only.
     */
    public CpvResult apply(CpvRefreshPlan plan) {
        return apply(plan, defaults);
    }

    /** Carries out an approved plan, as {@link #apply(CpvRefreshPlan)} does, with these options except for extras. */
    public CpvResult apply(CpvRefreshPlan plan, RefreshOptions options) {
        RefreshOptions planned = options.withExtraGrants(plan.extraGrants());
        return run(OperationKind.APPLY, plan.tenant(), planned, new ApplyVerb(plan));
    }

    /** Computes what a reset would remove, restore and lose, or the failure that prevents it, without writing (R19). */
    public CpvResetPlan planReset(TenantId tenant) {
        return planReset(tenant, defaults);
    }

    /**
     * Computes what a reset with these options would do. {@link RefreshOptions#extraGrants()} decides whether what is not required is
     * restored too.
     */
    public CpvResetPlan planReset(TenantId tenant, RefreshOptions options) {
        RequiredPermissionSet needed = required(tenant);
        PlanResetVerb verb = new PlanResetVerb();
        CpvResult result = bracket.run(OperationKind.PLAN_RESET, tenant, needed, options, verb);
        return verb.plan()
                .orElseGet(() -> CpvResetPlan.impossible(
                        tenant, needed, options.extraGrants(), result.failure().orElseThrow()));
    }

    /**
     * Deletes the application's service principal in a tenant and restores it with everything that it had (R19): for a
     * consent that nothing else repairs. The tenant is read again first; if anything differs from the plan, the failure
     * is {@link FailureCode#PLAN_STALE} and nothing is removed. A reset that was interrupted, for whatever reason, is
     * finished by the next refresh of the tenant with the same journal (R20).
     *
     * @throws IllegalStateException if the client has no durable journal: another process could not restore what was
     *     removed
     */
    public CpvResult reset(CpvResetPlan plan) {
        return reset(plan, defaults);
    }

    /** Resets a tenant, as {@link #reset(CpvResetPlan)} does, with these options except for extras. */
    public CpvResult reset(CpvResetPlan plan, RefreshOptions options) {
        if (!journal.isDurable()) {
            throw new IllegalStateException(
                    "A reset needs a durable journal, to restore what it removed even if this process"
                            + " ends: set one with CpvClient.Builder.journal, as FileRefreshJournal.open(directory)");
        }
        RefreshOptions planned = options.withExtraGrants(plan.extraGrants());
        return run(OperationKind.RESET, plan.tenant(), planned, new ResetVerb(plan));
    }

    /**
     * Removes the application from a tenant for good, its consent and its service principal, and verifies that they are
     * gone. Fleet runs skip the tenant from then on; a manual refresh brings the application back.
     *
     * @return {@link RefreshOutcome#OFFBOARDED} with the directory's answers, also if there was nothing to remove;
     *     after any other outcome something may be left, so call again
     */
    public CpvResult offboard(TenantId tenant) {
        return offboard(tenant, defaults);
    }

    /** Offboards a tenant, as {@link #offboard(TenantId)} does, with these options; actor and reason go to the journal. */
    public CpvResult offboard(TenantId tenant, RefreshOptions options) {
        return run(OperationKind.OFFBOARD, tenant, options, new OffboardVerb());
    }

    private CpvResult run(OperationKind kind, TenantId tenant, RefreshOptions options, Verb verb) {
        return bracket.run(kind, tenant, required(tenant), options, verb);
    }

    /** Returns what the application needs in a tenant, including the scopes that cpv needs itself. */
    public RequiredPermissionSet required(TenantId tenant) {
        return required.apply(tenant);
    }

    /** Returns the journal, which remembers each tenant's last refresh. */
    public RefreshJournal journal() {
        return journal;
    }

    /** Returns the options of the methods that are called without any. */
    public RefreshOptions options() {
        return defaults;
    }

    /** Returns the clock of all deadlines. */
    public Clock clock() {
        return clock;
    }

    /** Returns the sleeper of all waits. */
    public Sleeper sleeper() {
        return sleeper;
    }

    /** Builds a client. If something is set twice, the last value is used; listeners add up. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_NAME = 100;

        private final TenantDirectory directory;
        /** From the bootstrap scopes to what each tenant needs with them. */
        private final Function<RequiredPermissionSet, Function<TenantId, RequiredPermissionSet>> required;

        private final List<RefreshListener> listeners = new ArrayList<>();
        private RequiredPermissionSet bootstrap = RequiredPermissionSet.bootstrap();
        private RefreshOptions options = RefreshOptions.defaults();
        private @Nullable Duration timeout;
        private RefreshJournal journal = new InMemoryRefreshJournal();
        private String name = "";
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.system();

        private Builder(
                TenantDirectory directory,
                Function<RequiredPermissionSet, Function<TenantId, RequiredPermissionSet>> required) {
            this.directory = Objects.requireNonNull(directory, "directory");
            this.required = required;
        }

        /** Sets the options of the methods that are called without any; the default is {@link RefreshOptions#defaults()}. */
        public Builder options(RefreshOptions value) {
            options = Objects.requireNonNull(value, "options");
            return this;
        }

        /**
         * Sets how long one operation on one tenant may take, waiting included. It replaces the timeout of {@link #options},
         * whichever of the two is set first; the default is that timeout.
         *
         * @throws IllegalArgumentException if it is zero or less
         */
        public Builder timeout(Duration value) {
            timeout = options.withTimeout(value).timeout();
            return this;
        }

        /**
         * Sets the journal, which remembers each tenant's last refresh, and lets one operation at a time write to a tenant. All
         * clients that can work on the same tenant need the same one. The default is a journal in memory.
         */
        public Builder journal(RefreshJournal value) {
            journal = Objects.requireNonNull(value, "journal");
            return this;
        }

        /**
         * Sets the name under which other clients see this one when it works on a tenant
         * ({@link FailureCode#TENANT_BUSY}), such as {@code nightly@host}; without secrets. The default is none: a random id
         * distinguishes clients anyway.
         *
         * @throws IllegalArgumentException if it is blank or longer than 100 characters
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
         * @throws IllegalArgumentException if there is none, or one is no value name
         */
        public Builder bootstrapScopes(List<String> valueNames) {
            if (valueNames.isEmpty()) {
                throw new IllegalArgumentException(
                        "bootstrapScopes must not be empty: without scopes cpv cannot repair a tenant");
            }
            RequiredPermissionSet.Builder set = RequiredPermissionSet.builder(RequiredPermissionSet.BOOTSTRAP);
            valueNames.forEach(scope -> set.delegated(AppId.MICROSOFT_GRAPH, scope));
            bootstrap = set.build();
            return this;
        }

        /** Adds a listener, which receives the events of all operations. */
        public Builder addListener(RefreshListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Sets the clock of all deadlines; the default is the system's. */
        public Builder clock(Clock value) {
            clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** Sets the sleeper of all waits; the default waits on the calling thread. */
        public Builder sleeper(Sleeper value) {
            sleeper = Objects.requireNonNull(value, "sleeper");
            return this;
        }

        /** Builds the client. */
        public CpvClient build() {
            return new CpvClient(this);
        }
    }
}
