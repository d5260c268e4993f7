package dev.cpv.examples;

import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.fleet.FleetRun;
import dev.cpv.fleet.NightlySchedule;
import dev.cpv.spi.RunRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs a fleet so that Ctrl-C ends it in order: operations stop at a safe point, and the others are not attempted. */
final class StoppableRun {
    private final Surroundings surroundings;
    private final int workers;

    StoppableRun(Surroundings surroundings, int workers) {
        this.surroundings = surroundings;
        this.workers = workers;
    }

    /** Starts a run and waits for its end. */
    FleetReport begin(FleetRefresh fleet) {
        return run(fleet, false);
    }

    /** Resumes this night's interrupted run, or starts a new one if there is none; waits for its end. */
    FleetReport resume(FleetRefresh fleet) {
        Instant now = surroundings.clock().instant();
        Optional<RunRecord> interrupted = fleet.unfinished()
                .filter(run -> run.state() != RunRecord.State.STOPPED)
                .filter(run -> !run.started().isAfter(now)
                        && NightlySchedule.utcMidnight().isSameNight(now, run));
        interrupted.ifPresent(run ->
                surroundings.err().println("cpv: resuming the run of " + run.started() + ", which was interrupted."));
        return run(fleet, interrupted.isPresent());
    }

    private FleetReport run(FleetRefresh fleet, boolean resumed) {
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            FleetRun run = resumed ? fleet.startResumed(pool) : fleet.start(pool);
            return surroundings.stopSignal().during(run::cancel, () -> await(run));
        } finally {
            pool.shutdown();
        }
    }

    /** Waits until a run has ended and its listeners were called; an interrupt cancels it. */
    static FleetReport await(FleetRun run) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return run.report().get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    run.cancel();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("The run ended with an unexpected error", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
