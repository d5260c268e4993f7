package dev.cpv.examples;

import dev.cpv.examples.night.NightlyRuns;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.fleet.NightlySchedule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Refreshes all tenants every night, or once. */
@Command(
        name = "nightly",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description = {
            "Refreshes all customers of the partner at 00:00 UTC, every night until it is stopped. A night that was"
                    + " missed runs once at start. The starts of the tenants are spread over 30 minutes.",
            "",
            "After each run, writes its report as one line of JSON to standard error. Ctrl-C and SIGTERM end a run in"
                    + " order. If the command is started again in the same night, it resumes the run.",
        })
final class NightlyCommand implements Callable<Integer> {
    private static final Duration SPREAD = Duration.ofMinutes(30);

    private final Surroundings surroundings;

    @Option(
            names = "--once",
            description =
                    "Refresh all customers now, without spreading the starts, then exit. For use with a scheduler.")
    private boolean once;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Also write the report of each run to FILE as an HTML page, replacing the previous one.")
    private Optional<Path> report = Optional.empty();

    @Mixin
    private FleetOptions fleet = new FleetOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    NightlyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        run.check();
        fleet.checkOnlyWith("--once", once);
        Optional<ReportFile> page = report.map(ReportFile::at);
        try (Session session = Session.open(surroundings)) {
            FleetRefresh.Builder builder = FleetRefresh.builder(session.client(), session.customers())
                    .options(session.options())
                    .store(session.state())
                    .concurrency(run.concurrency())
                    .addListener(new Results(surroundings, run.json()));
            page.ifPresent(builder::addListener);
            builder.addListener(new Line());
            return once
                    ? once(fleet.applyTo(builder).build())
                    : everyNight(
                            builder.spread(SPREAD).build(), session.client().clock());
        }
    }

    private int once(FleetRefresh refresh) {
        FleetReport made = new StoppableRun(surroundings, run.concurrency()).resume(refresh);
        return Tally.of(made).exitStatus();
    }

    private int everyNight(FleetRefresh refresh, Clock clock) {
        CountDownLatch stopped = new CountDownLatch(1);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService workers = Executors.newFixedThreadPool(run.concurrency());
        surroundings.err().println("cpv: refreshing all tenants every night at 00:00 UTC until stopped.");
        try {
            NightlyRuns nights = NightlyRuns.start(refresh, NightlySchedule.utcMidnight(), clock, timer, workers);
            Runnable stop = () -> {
                nights.close();
                stopped.countDown();
            };
            return surroundings.stopSignal().during(stop, () -> {
                await(stopped);
                nights.close();
                nights.running().ifPresent(StoppableRun::await);
                return ExitStatus.OK;
            });
        } finally {
            timer.shutdownNow();
            workers.shutdown();
        }
    }

    /** An interrupt stops the command as a signal does. */
    private static void await(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints the report of each run. */
    private final class Line implements FleetListener {
        @Override
        public void ended(FleetReport made) {
            surroundings.err().println(made.toJson());
        }
    }
}
