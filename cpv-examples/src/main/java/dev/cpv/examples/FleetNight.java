package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.examples.night.FleetReportPage;
import dev.cpv.examples.night.NightlyRuns;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.fleet.NightlySchedule;
import dev.cpv.journal.FileFleetStore;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** How a tool refreshes its fleet: all tenants every night, exclusions, and a report page for people. */
public final class FleetNight {
    private final CpvClient client;
    private final TenantCatalog catalog;
    private final FileFleetStore store;

    /**
     * Creates the fleet.
     *
     * @param client refreshes a tenant
     * @param catalog lists the tenants
     * @param folder where exclusions, the last list and the last run are kept
     */
    public FleetNight(CpvClient client, TenantCatalog catalog, Path folder) {
        this.client = client;
        this.catalog = catalog;
        // tag::state
        this.store = FileFleetStore.open(folder.resolve("fleet"));
        // end::state
    }

    /**
     * Refreshes all tenants now.
     *
     * @param executor where the workers run
     * @param page the HTML page to write
     * @param tickets opens a ticket with a text
     * @return the report of the run
     * @throws IOException if temporary files beside the page cannot be removed
     */
    public FleetReport run(Executor executor, Path page, Consumer<String> tickets) throws IOException {
        // tag::run
        FleetReport report;
        try (FleetReportPage html = FleetReportPage.open(page)) {
            report = FleetRefresh.builder(client, catalog)
                    .store(store)
                    .addListener(html)
                    .build()
                    .run(executor);
        }
        report.alarm().ifPresent(alarm -> tickets.accept("The run stopped: " + alarm.remediation()));
        report.attention()
                .forEach(entry -> entry.failure()
                        .ifPresent(failure -> tickets.accept(entry.label() + ": " + failure.remediation())));
        // end::run
        return report;
    }

    /**
     * Computes what a run would change, without writing; useful before a new manifest is used.
     *
     * @param executor where the workers run
     * @return the report of the planned run
     */
    public FleetReport plan(Executor executor) {
        // tag::plan
        FleetReport plan = FleetRefresh.builder(client, catalog)
                .planOnly()
                .onResult(result -> result.findPlan().ifPresent(steps -> System.out.println(steps.toText())))
                .build()
                .run(executor);
        // end::plan
        return plan;
    }

    /**
     * Leaves a tenant out for two weeks.
     *
     * @param tenant the tenant
     */
    public void exclude(TenantId tenant) {
        // tag::exclude
        var now = client.clock().instant();
        store.save(TenantRule.exclude(tenant, "Moves to another partner", "ann", now)
                .until(now.plus(Duration.ofDays(14))));
        // end::exclude
    }

    /**
     * Refreshes all tenants every night from now on.
     *
     * @param timer starts the runs
     * @param workers where the workers run
     * @return the nightly runs; close them at the end
     */
    public NightlyRuns everyNight(ScheduledExecutorService timer, Executor workers) {
        // tag::nightly
        FleetRefresh fleet = FleetRefresh.builder(client, catalog)
                .store(store)
                .spread(Duration.ofMinutes(30))
                .build();
        NightlyRuns nights = NightlyRuns.start(fleet, NightlySchedule.utcMidnight(), client.clock(), timer, workers);
        // end::nightly
        return nights;
    }
}
