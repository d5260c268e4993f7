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
 * Refreshes all tenants of a partner: the night.
 *
 * <pre>{@code
 * FleetReport report = FleetRefresh.builder(client, catalog).build().run(executor);
 * }</pre>
 *
 * <p>A run takes each tenant once, some at a time, on the caller's executor. What goes wrong at one tenant stays there; what would
 * meet every tenant stops the run (R28), as does a list that shrank (R31) and a run that would change too much (R35). No worker waits
 * for a consent while another tenant is left (R6). What is remembered is in the client's journal and the {@link FleetStore}: a run
 * that was cancelled or killed can go on.
 *
 * <p>Immutable and thread-safe. Runs never overlap (R32): one that is begun while another one over the same {@link FleetStore} is under
 * way ends at once, with the alarm {@link FailureCode#FLEET_BUSY}; one that only looks ({@link Builder#planOnly()}) may be beside.
 */
public final class FleetRefresh {
    /** How many tenants are worked on at a time, unless {@link Builder#concurrency} sets it. */
    public static final int DEFAULT_CONCURRENCY = 8;

    /** How many tenants a report lists, unless {@link Builder#maxAttention} sets it. */
    public static final int DEFAULT_MAX_ATTENTION = 1000;

    /** Which share of the tenants may be gone from a new list, unless {@link Builder#maxLoss} sets it. */
    public static final double DEFAULT_MAX_LOSS = 0.1;

    private final FleetSettings settings;
    private final Selection selection;

    private FleetRefresh(FleetSettings settings) {
        this.settings = settings;
        selection = new Selection(settings);
    }

    /**
     * Starts a fleet.
     *
     * @param client refreshes a tenant; its journal remembers how each tenant stood, so it should be durable
     * @param catalog knows which tenants there are
     * @return a builder
     */
    public static Builder builder(CpvClient client, TenantCatalog catalog) {
        return new Builder(client, catalog);
    }

    /**
     * Begins a new run and waits for its end. The calling thread works too, so that a run ends even on an executor that has no thread
     * free. An interrupt cancels the run, waits until it ended in order, and stays set.
     *
     * @param executor where up to {@link Builder#concurrency} workers less one run; one that runs tasks on the calling thread will do
     * @return what the run came to; never an exception for a remote cause
     */
    public FleetReport run(Executor executor) {
        return finish(begin(), executor);
    }

    /**
     * Goes on with the last run if it was cancelled, stopped by an alarm, or killed; else begins a new one. Waits for the end as
     * {@link #run} does.
     *
     * @param executor as for {@link #run}
     * @return what the whole run came to, its earlier parts included in the counts
     */
    public FleetReport resume(Executor executor) {
        return finish(goOn(), executor);
    }

    /**
     * Begins a new run, and returns at once if the executor does.
     *
     * @param executor where up to {@link Builder#concurrency} workers run
     * @return the run
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes no worker at all
     */
    public FleetRun start(Executor executor) {
        return launch(begin(), executor);
    }

    /**
     * Goes on with the last run as {@link #resume} does, and returns at once if the executor does.
     *
     * @param executor where up to {@link Builder#concurrency} workers run
     * @return the run
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes no worker at all
     */
    public FleetRun startResumed(Executor executor) {
        return launch(goOn(), executor);
    }

    /**
     * Returns the last run over the fleet's store, for schedulers. Blocks for the store.
     *
     * @return the run, or empty if there was none
     * @throws dev.cpv.spi.RefreshJournalException if the store cannot be read
     */
    public Optional<RunRecord> lastRun() {
        return settings.store().lastRun();
    }

    /**
     * Returns the last run if it has not reached its end. Blocks for the store.
     *
     * @return the run that {@link #resume} would go on with, or empty
     * @throws dev.cpv.spi.RefreshJournalException if the store cannot be read
     */
    public Optional<RunRecord> unfinished() {
        return lastRun().filter(run -> run.state() != RunRecord.State.DONE);
    }

    /**
     * Lists the tenants that a run which began now would come by, for schedulers that share them among machines: the catalog's, and those
     * that a rule includes. Blocks as the catalog does.
     *
     * @param cancellation the caller's means to stop early
     * @return the tenants; {@link #leftOut(CatalogTenant)} says which of them a run leaves out
     * @throws dev.cpv.spi.TenantCatalogException if the list cannot be had as a whole
     * @throws dev.cpv.spi.RefreshJournalException if the rules cannot be read
     */
    public List<CatalogTenant> tenants(Cancellation cancellation) {
        return selection.withIncluded(settings.catalog().list(cancellation).tenants());
    }

    /**
     * Says why a run that began now would leave a tenant out (R30), for schedulers that share the tenants among machines: it is excluded,
     * not manageable, was offboarded, is in quarantine, or not due. The last three do not hold for those of {@link Builder#first}. To be
     * asked when the tenant's turn comes. Blocks for the journal and the rules.
     *
     * @param tenant the tenant, as the catalog lists it
     * @return the reason, for {@link CpvResult#skipped}; empty if a run would take the tenant
     * @throws dev.cpv.spi.RefreshJournalException if journal or rules cannot be read
     */
    public Optional<CpvFailure> leftOut(CatalogTenant tenant) {
        return settings.manualPlace(tenant.id()).isPresent()
                ? selection.closed(tenant)
                : selection.leftOut(tenant, settings.client().journal().find(tenant.id()));
    }

    /**
     * Forgets a tenant for good, as after it was offboarded and has gone from the list: what the client's journal remembers of it, its
     * exclusion or inclusion, and that it was in the list, so that its absence does not count as a loss (R31). A tenant that is still in
     * the list is one that was never seen, to the next run: exclude it instead. Blocks for the journals and the rules.
     *
     * @param tenant the tenant
     * @return whether it was forgotten; false, and nothing was, while an operation is at work on it (R34) or a reset of it is open (R20)
     * @throws dev.cpv.spi.RefreshJournalException if a journal or the rules cannot be read or written
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
        return run(RunRecord.begun(UUID.randomUUID(), settings.now()), false);
    }

    private FleetRun goOn() {
        Optional<RunRecord> last = unfinished();
        return last.isEmpty()
                ? begin()
                : run(RunRecord.begun(last.get().id(), last.get().started()), true);
    }

    private FleetRun run(RunRecord record, boolean resumed) {
        return new FleetRun(settings, selection, record, resumed);
    }

    private static FleetReport finish(FleetRun run, Executor executor) {
        run.lead(executor);
        return run.await();
    }

    private static FleetRun launch(FleetRun run, Executor executor) {
        executor.execute(() -> run.lead(executor));
        return run;
    }

    /** Builds a fleet. Everything has a default but what {@link FleetRefresh#builder} asks for. Not thread-safe. */
    public static final class Builder {
        private final CpvClient client;
        private final TenantCatalog catalog;
        private final List<FleetListener> listeners = new ArrayList<>();
        private final Map<TenantId, Integer> manual = new HashMap<>();
        private FleetStore store = new InMemoryFleetStore();
        private DuePolicy due = DuePolicy.always();
        private Quarantine quarantine = Quarantine.standard();
        private RefreshOptions options;
        private Duration spread = Duration.ZERO;
        private int concurrency = DEFAULT_CONCURRENCY;
        private int maxAttention = DEFAULT_MAX_ATTENTION;
        private double maxLoss = DEFAULT_MAX_LOSS;
        private boolean shrinkingAllowed;
        private boolean massChangeAllowed;
        private boolean planOnly;

        private Builder(CpvClient client, TenantCatalog catalog) {
            this.client = Objects.requireNonNull(client, "client");
            this.catalog = Objects.requireNonNull(catalog, "catalog");
            this.options = client.options();
        }

        /**
         * Sets the store of exclusions and inclusions (R30), the last tenant list (R31) and the last run (R32).
         *
         * @param value the default is an empty store in memory
         * @return this builder
         */
        public Builder store(FleetStore value) {
            store = Objects.requireNonNull(value, "store");
            return this;
        }

        /**
         * Sets which tenants a run takes, of those that are neither excluded nor in quarantine.
         *
         * @param value the default takes every tenant (R32)
         * @return this builder
         */
        public Builder due(DuePolicy value) {
            due = Objects.requireNonNull(value, "due");
            return this;
        }

        /**
         * Sets when a tenant that fails again and again is tried (R30).
         *
         * @param value the default is {@link Quarantine#standard()}
         * @return this builder
         */
        public Builder quarantine(Quarantine value) {
            quarantine = Objects.requireNonNull(value, "quarantine");
            return this;
        }

        /**
         * Sets how each tenant is refreshed. {@link RefreshOptions#consentWait()} says until when a tenant comes again for its consent,
         * though no worker waits for it (R6). Priority and cancellation are the run's own.
         *
         * @param value the default is the client's
         * @return this builder
         */
        public Builder options(RefreshOptions value) {
            options = Objects.requireNonNull(value, "options");
            return this;
        }

        /**
         * Adds a listener.
         *
         * @param listener is told what happens
         * @return this builder
         */
        public Builder addListener(FleetListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Adds a consumer of results, one for each tenant, in the order in which they end (R33). Called as a {@link FleetListener} is.
         *
         * @param consumer takes the results
         * @return this builder
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
         * Names tenants that somebody waits for: they come first (R29), in this order, whether due or not and in quarantine or not
         * (R30). Excluded ones stay out. One of them that meets the partner's own trouble tells it in its result, as
         * {@link CpvClient#refresh(TenantId)} does.
         *
         * @param tenants the tenants; those that the list does not hold are left out
         * @return this builder
         */
        public Builder first(Collection<TenantId> tenants) {
            tenants.forEach(tenant -> manual.putIfAbsent(tenant, manual.size()));
            return this;
        }

        /**
         * Spreads the starts of the tenants over some time, each at the same moment of every night (R32). Those of {@link #first} are
         * not spread.
         *
         * @param value zero or more; the default is zero
         * @return this builder
         * @throws IllegalArgumentException if it is less than zero
         */
        public Builder spread(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("spread must not be negative: " + value);
            }
            spread = value;
            return this;
        }

        /**
         * Sets how many tenants are worked on at a time.
         *
         * @param value one or more; the default is {@value FleetRefresh#DEFAULT_CONCURRENCY}
         * @return this builder
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder concurrency(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("concurrency must be one or more: " + value);
            }
            concurrency = value;
            return this;
        }

        /**
         * Sets how many tenants the report lists that need attention, and how many whose access ends; the others are counted (R33).
         *
         * @param value zero or more; the default is {@value FleetRefresh#DEFAULT_MAX_ATTENTION}
         * @return this builder
         * @throws IllegalArgumentException if it is less than zero
         */
        public Builder maxAttention(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("maxAttention must not be negative: " + value);
            }
            maxAttention = value;
            return this;
        }

        /**
         * Sets which share of the manageable tenants may be gone from a new list (R31); one or two tenants always may, unless they were
         * all.
         *
         * @param share from 0 to 1; the default is {@value FleetRefresh#DEFAULT_MAX_LOSS}
         * @return this builder
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
         * Takes the next list whatever is gone from it, for one who looked why ({@link FailureCode#CATALOG_SHRANK}, R31).
         *
         * @return this builder
         */
        public Builder allowShrinking() {
            shrinkingAllowed = true;
            return this;
        }

        /**
         * Releases the brake, for one who means to change many tenants ({@link FailureCode#RUN_CHANGES_TOO_MUCH}, R35).
         *
         * @return this builder
         */
        public Builder allowMassChange() {
            massChangeAllowed = true;
            return this;
        }

        /**
         * Only looks, and writes nothing, neither to tenants nor to journals: for a manifest that is about to change. Results are those
         * of {@link CpvClient#preview(TenantId)}.
         *
         * @return this builder
         */
        public Builder planOnly() {
            planOnly = true;
            return this;
        }

        /**
         * Builds the fleet.
         *
         * @return the fleet
         */
        public FleetRefresh build() {
            return new FleetRefresh(new FleetSettings(
                    client,
                    catalog,
                    store,
                    due,
                    quarantine,
                    options,
                    listeners,
                    manual,
                    spread,
                    concurrency,
                    maxAttention,
                    maxLoss,
                    shrinkingAllowed,
                    massChangeAllowed,
                    planOnly));
        }
    }
}
