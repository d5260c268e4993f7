package dev.cpv.fleet;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.journal.InMemoryFleetStore;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Refreshes all tenants of a partner, usually once a night.
 *
 * <pre>{@code
 * FleetReport report = FleetRefresh.builder(client, catalog).build().run(executor);
 * }</pre>
 *
 * <p>A run works on each tenant once, several at a time, on the caller's executor. A failure at one tenant does not affect the others;
 * a failure that would meet every tenant stops the run (R28), as does a list that shrank (R31) and a run that would change too many
 * tenants (R35). No worker waits for a consent while another tenant is left (R6). State is kept in the client's journal and in the
 * {@link FleetStore}, so a run that was cancelled or killed can be resumed.
 *
 * <p>Immutable and thread-safe. Runs never overlap (R32): a run that starts while another run over the same {@link FleetStore} is active
 * ends at once with the alarm {@link FailureCode#FLEET_BUSY}. A run that only plans ({@link Builder#planOnly()}) may overlap.
 */
public final class FleetRefresh {
    /** How many tenants are worked on at a time, unless {@link Builder#concurrency} sets it. */
    public static final int DEFAULT_CONCURRENCY = 8;

    /** How many tenants a report lists, unless {@link Builder#maxAttention} sets it. */
    public static final int DEFAULT_MAX_ATTENTION = 1000;

    /** The share of tenants that may be missing from a new list, unless {@link Builder#maxLoss} sets it. */
    public static final double DEFAULT_MAX_LOSS = 0.1;

    private final FleetSettings settings;
    private final Selection selection;

    private FleetRefresh(Builder builder) {
        settings = new FleetSettings(builder);
        selection = new Selection(settings);
    }

    /**
     * Returns a builder of a fleet.
     *
     * @param client refreshes each tenant; its journal remembers each tenant's last refresh, so it should be durable
     * @param catalog lists the tenants
     */
    public static Builder builder(CpvClient client, TenantCatalog catalog) {
        return new Builder(client, catalog);
    }

    /**
     * Starts a new run and waits for its end. The calling thread works too, so a run ends even if the executor has no free thread. An
     * interrupt cancels the run, waits for its orderly end, and stays set.
     *
     * @param executor runs up to {@link Builder#concurrency} workers less one; it may run tasks on the calling thread
     * @return the report; never an exception for a remote cause
     */
    public FleetReport run(Executor executor) {
        return begin().run(executor);
    }

    /**
     * Continues the last run if it was cancelled, stopped by an alarm, or killed; otherwise starts a new one. Waits for the end as
     * {@link #run} does.
     *
     * @return the report of the complete run; its counts include the earlier parts
     */
    public FleetReport resume(Executor executor) {
        return beginOrContinue().run(executor);
    }

    /**
     * Starts a new run, and returns at once if the executor does.
     *
     * @param executor runs up to {@link Builder#concurrency} workers
     * @throws java.util.concurrent.RejectedExecutionException if the executor accepts no worker at all
     */
    public FleetRun start(Executor executor) {
        return begin().start(executor);
    }

    /** Continues the last run or starts a new one, as {@link #resume} does, but returns as {@link #start} does. */
    public FleetRun startResumed(Executor executor) {
        return beginOrContinue().start(executor);
    }

    /**
     * Returns the last run over the fleet's store, for schedulers; empty if there was none. Blocks for the store.
     *
     * @throws dev.cpv.spi.RefreshJournalException if the store cannot be read
     */
    public Optional<RunRecord> lastRun() {
        return settings.store().lastRun();
    }

    /**
     * Returns the run that {@link #resume} would continue; empty if the last run was completed. Blocks for the store.
     *
     * @throws dev.cpv.spi.RefreshJournalException if the store cannot be read
     */
    public Optional<RunRecord> unfinished() {
        return lastRun().filter(run -> run.state() != RunRecord.State.DONE);
    }

    /**
     * Returns the tenants of a run that would start now, for schedulers that share them among machines: those of the catalog, and those
     * that a rule includes. {@link #leftOut(CatalogTenant)} says which of them a run leaves out. Blocks as the catalog does.
     *
     * @throws dev.cpv.spi.TenantCatalogException if the list cannot be read completely
     * @throws dev.cpv.spi.RefreshJournalException if the rules cannot be read
     */
    public List<CatalogTenant> tenants(Cancellation cancellation) {
        return selection.withIncluded(settings.catalog().list(cancellation).tenants());
    }

    /**
     * Returns why a run would leave a tenant out now (R30), for schedulers that share the tenants among machines: it is excluded, not
     * manageable, offboarded, in quarantine, or not due. The last three do not apply to those of {@link Builder#first}. Call it just
     * before the tenant is refreshed. Blocks for the journal and the rules.
     *
     * @param tenant the tenant, as the catalog lists it
     * @return the reason, for {@link CpvResult#skipped}; empty if a run would refresh the tenant
     * @throws dev.cpv.spi.RefreshJournalException if journal or rules cannot be read
     */
    public Optional<CpvFailure> leftOut(CatalogTenant tenant) {
        return settings.manualPlace(tenant.id()).isPresent()
                ? selection.closed(tenant)
                : selection.leftOut(tenant, settings.client().journal().find(tenant.id()));
    }

    /**
     * Deletes everything that is stored about a tenant, for example after it was offboarded and has left the list: its entry in the
     * client's journal, its exclusion or inclusion, and its place in the accepted list, so that its absence does not count as a loss
     * (R31). To the next run, a tenant that is still in the list is a new one: exclude it instead. Blocks for the journal and the store.
     *
     * @return false, and nothing is deleted, while an operation is working on it (R34) or a reset of it is open (R20)
     * @throws dev.cpv.spi.RefreshJournalException if the journal or the store cannot be read or written
     */
    public boolean forget(TenantId tenant) {
        if (!settings.client().journal().forget(tenant, settings.now())) {
            return false;
        }
        FleetStore store = settings.store();
        store.removeRule(tenant);
        store.acceptedList()
                .filter(list -> list.tenants().contains(tenant))
                .ifPresent(list -> store.save(list.without(tenant)));
        return true;
    }

    private FleetRun begin() {
        return new FleetRun(settings, selection, RunRecord.begun(UUID.randomUUID(), settings.now()), false);
    }

    private FleetRun beginOrContinue() {
        return unfinished()
                .map(last -> new FleetRun(settings, selection, RunRecord.begun(last.id(), last.started()), true))
                .orElseGet(this::begin);
    }

    /** Builds a fleet. Everything but the arguments of {@link FleetRefresh#builder} has a default. Not thread-safe. */
    public static final class Builder {
        final CpvClient client;
        final TenantCatalog catalog;
        final List<FleetListener> listeners = new ArrayList<>();
        final Map<TenantId, Integer> manual = new HashMap<>();
        FleetStore store = new InMemoryFleetStore();
        DuePolicy due = DuePolicy.always();
        Quarantine quarantine = Quarantine.standard();
        RefreshOptions options;
        Duration spread = Duration.ZERO;
        int concurrency = DEFAULT_CONCURRENCY;
        int maxAttention = DEFAULT_MAX_ATTENTION;
        double maxLoss = DEFAULT_MAX_LOSS;
        boolean shrinkingAllowed;
        boolean massChangeAllowed;
        boolean planOnly;

        private Builder(CpvClient client, TenantCatalog catalog) {
            this.client = Objects.requireNonNull(client, "client");
            this.catalog = Objects.requireNonNull(catalog, "catalog");
            this.options = client.options();
        }

        /**
         * Sets the store of exclusions and inclusions (R30), the last tenant list (R31) and the last run (R32). The default is an empty
         * store in memory.
         */
        public Builder store(FleetStore value) {
            store = Objects.requireNonNull(value, "store");
            return this;
        }

        /** Sets which tenants a run takes, of those neither excluded nor in quarantine. The default takes every tenant (R32). */
        public Builder due(DuePolicy value) {
            due = Objects.requireNonNull(value, "due");
            return this;
        }

        /** Sets when a tenant that keeps failing is tried (R30). The default is {@link Quarantine#standard()}. */
        public Builder quarantine(Quarantine value) {
            quarantine = Objects.requireNonNull(value, "quarantine");
            return this;
        }

        /**
         * Sets how each tenant is refreshed. The default is the client's options. {@link RefreshOptions#consentWait()} says how long a
         * run comes back to a tenant for its consent, though no worker waits for it (R6). Priority and cancellation are set by the run.
         */
        public Builder options(RefreshOptions value) {
            options = Objects.requireNonNull(value, "options");
            return this;
        }

        /** Adds a listener, which receives the events of each run. */
        public Builder addListener(FleetListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Adds a consumer of results, which receives one for each tenant, in the order in which they end (R33). It is called as a
         * {@link FleetListener} is.
         */
        public Builder onResult(Consumer<CpvResult> consumer) {
            Objects.requireNonNull(consumer, "consumer");
            return addListener(new FleetListener() {
                @Override
                public void tenantDone(CatalogTenant tenant, CpvResult result) {
                    consumer.accept(result);
                }
            });
        }

        /**
         * Names tenants that somebody waits for: they come first (R29), in this order, even if not due or in quarantine (R30). Excluded
         * ones are left out. If one of them meets a partner-wide failure, its result reports it, as that of
         * {@link CpvClient#refresh(TenantId)} does. Tenants that are not in the list are ignored.
         */
        public Builder first(Collection<TenantId> tenants) {
            tenants.forEach(tenant -> manual.putIfAbsent(tenant, manual.size()));
            return this;
        }

        /**
         * Spreads the starts of the tenants over some time, each at the same offset every night (R32). Those of {@link #first} are not
         * spread. The default is zero.
         *
         * @throws IllegalArgumentException if the time is less than zero
         */
        public Builder spread(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("spread must not be negative: " + value);
            }
            spread = value;
            return this;
        }

        /**
         * Sets how many tenants are worked on at a time. The default is {@value FleetRefresh#DEFAULT_CONCURRENCY}.
         *
         * @throws IllegalArgumentException if the value is less than one
         */
        public Builder concurrency(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("concurrency must be one or more: " + value);
            }
            concurrency = value;
            return this;
        }

        /**
         * Sets how many tenants the report lists that need attention, and how many whose access ends; the others are counted (R33). The
         * default is {@value FleetRefresh#DEFAULT_MAX_ATTENTION}.
         *
         * @throws IllegalArgumentException if the value is less than zero
         */
        public Builder maxAttention(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("maxAttention must not be negative: " + value);
            }
            maxAttention = value;
            return this;
        }

        /**
         * Sets the share of the manageable tenants that may be missing from a new list (R31). One or two tenants may always be missing,
         * unless the new list is empty.
         *
         * @param share from 0 to 1; the default is {@value FleetRefresh#DEFAULT_MAX_LOSS}
         * @throws IllegalArgumentException if it is not from 0 to 1
         */
        public Builder maxLoss(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("maxLoss must be from 0 to 1: " + share);
            }
            maxLoss = share;
            return this;
        }

        /**
         * Accepts the next list however many tenants are missing from it, for callers that know the reason
         * ({@link FailureCode#CATALOG_SHRANK}, R31).
         */
        public Builder allowShrinking() {
            shrinkingAllowed = true;
            return this;
        }

        /** Releases the brake, for runs that are meant to change many tenants ({@link FailureCode#RUN_CHANGES_TOO_MUCH}, R35). */
        public Builder allowMassChange() {
            massChangeAllowed = true;
            return this;
        }

        /**
         * Makes runs that only plan and write nothing, neither to tenants nor to journals, for example before a manifest changes. Results
         * are those of {@link CpvClient#preview(TenantId)}.
         */
        public Builder planOnly() {
            planOnly = true;
            return this;
        }

        /** Builds the fleet. */
        public FleetRefresh build() {
            return new FleetRefresh(this);
        }
    }
}
