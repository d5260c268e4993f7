package dev.cpv.examples.scale;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.fleet.FleetRun;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.PartnerTenantCatalog;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.journal.FileFleetStore;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.Sleeper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A night in a tool that is started for each night: only a folder remains of the nights before. */
final class RememberedNight {
    static final int CONCURRENCY = 16;

    private final Partner partner;
    private final Path folder;
    private final Clock clock;
    private final Sleeper sleeper;

    RememberedNight(Partner partner, Path folder, Clock clock, Sleeper sleeper) {
        this.partner = partner;
        this.folder = folder;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Resumes the last run, or starts a new one.
     *
     * @param results the file to which each result is written
     * @param cancelAfter after how many results the run is cancelled; 0 for never
     * @param listener receives the events too
     */
    FleetReport run(Path results, int cancelAfter, FleetListener listener) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CONCURRENCY);
        try (GraphTenantDirectory directory = partner.directory(clock, sleeper);
                BufferedWriter writer = Files.newBufferedWriter(results)) {
            CompletableFuture<FleetRun> run = new CompletableFuture<>();
            FleetRefresh fleet = fleet(directory)
                    .addListener(new Results(writer, cancelAfter, run))
                    .addListener(listener)
                    .build();
            run.complete(fleet.startResumed(threads));
            return run.join().report().get();
        } finally {
            threads.shutdownNow();
        }
    }

    private FleetRefresh.Builder fleet(GraphTenantDirectory directory) {
        CpvClient client = CpvClient.builder(
                        directory, RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest()))
                .journal(FileRefreshJournal.open(folder.resolve("journal")))
                .clock(clock)
                .sleeper(sleeper)
                .build();
        FileFleetStore store = FileFleetStore.open(folder.resolve("fleet"));
        // The simulated relationships are as young as the simulator.
        PartnerTenantCatalog catalog = PartnerTenantCatalog.builder(directory)
                .propagation(Duration.ZERO)
                .build();
        return FleetRefresh.builder(client, catalog).store(store).concurrency(CONCURRENCY);
    }

    /** Writes results and cancels the run after some of them. */
    private static final class Results implements FleetListener {
        private final BufferedWriter writer;
        private final int cancelAfter;
        private final CompletableFuture<FleetRun> run;
        private int count;

        Results(BufferedWriter writer, int cancelAfter, CompletableFuture<FleetRun> run) {
            this.writer = writer;
            this.cancelAfter = cancelAfter;
            this.run = run;
        }

        @Override
        public void started(RunRecord record, int total) {
            count = 0;
        }

        @Override
        public void tenantDone(CatalogTenant tenant, CpvResult result) {
            String code = result.failure().map(CpvFailure::code).map(Enum::name).orElse("-");
            try {
                writer.write(tenant.id() + " " + result.outcome() + " " + code);
                writer.newLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (++count == cancelAfter) {
                run.join().cancel();
            }
        }
    }
}
