package dev.cpv.examples.night;

import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.fleet.FleetRun;
import dev.cpv.fleet.NightlySchedule;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RunRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a fleet every night on a {@link ScheduledExecutorService}: a convenience for applications without a scheduler. A missed night
 * runs once at start, a run of this night that was interrupted is resumed, and runs never overlap: the next night is computed only
 * when a run has ended (R32). While another process runs the same fleet, a night that is due is tried again every ten minutes.
 *
 * <p>Thread-safe. The timer's thread is used only for a moment. The executors remain the caller's, who shuts them down after
 * {@link #close()}.
 */
public final class NightlyRuns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NightlyRuns.class);
    /** A suspended machine or a changed clock is noticed after this time. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final FleetRefresh fleet;
    private final NightlySchedule schedule;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final Clock clock;
    private final Instant opened;
    private @Nullable Instant ownStart;
    private boolean first = true;
    private boolean closed;
    private @Nullable FleetRun running;
    private @Nullable Future<?> tick;

    private NightlyRuns(
            FleetRefresh fleet,
            NightlySchedule schedule,
            Clock clock,
            ScheduledExecutorService timer,
            Executor workers) {
        this.fleet = Objects.requireNonNull(fleet, "fleet");
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.timer = Objects.requireNonNull(timer, "timer");
        this.workers = Objects.requireNonNull(workers, "workers");
        this.clock = Objects.requireNonNull(clock, "clock");
        opened = clock.instant();
    }

    /**
     * Starts. If a night was missed, the first run starts now, otherwise in the coming night.
     *
     * @param fleet what runs; its store must be durable, because a missed night is found by the start of the last run
     * @param schedule the time of the nightly run
     * @param clock the clock of the fleet's client
     * @param timer starts the runs
     * @param workers where the run's workers run; not the timer itself, unless it has a spare thread
     * @return the nightly runs; close them at the end
     */
    public static NightlyRuns start(
            FleetRefresh fleet,
            NightlySchedule schedule,
            Clock clock,
            ScheduledExecutorService timer,
            Executor workers) {
        NightlyRuns runs = new NightlyRuns(fleet, schedule, clock, timer, workers);
        runs.look();
        return runs;
    }

    /**
     * Returns the current run.
     *
     * @return the run, or empty between two nights
     */
    public Optional<FleetRun> running() {
        lock.lock();
        try {
            return Optional.ofNullable(running);
        } finally {
            lock.unlock();
        }
    }

    /** Starts no more runs and cancels the current one. Does not wait for its end, which its report announces. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (tick != null) {
                tick.cancel(false);
            }
            if (running != null) {
                running.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Starts the run if it is due, otherwise checks again later. */
    private void look() {
        lock.lock();
        try {
            if (!closed && running == null && !begun(clock.instant())) {
                sleep(clock.instant());
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean begun(Instant now) {
        try {
            Optional<FleetRun> run = begin(now);
            running = run.orElse(null);
            run.ifPresent(this::whenEnded);
            return run.isPresent();
        } catch (RuntimeException e) {
            LOG.error("The night could not be started; the next attempt is in {}", LONGEST_SLEEP, e);
            return false;
        }
    }

    private void whenEnded(FleetRun run) {
        var unused = run.report().whenComplete((report, fault) -> ended(fault == null && isRefused(report)));
    }

    /** Whether the run ended without starting because another process is running the fleet. */
    private static boolean isRefused(FleetReport report) {
        return report.alarm()
                .filter(alarm -> alarm.code() == FailureCode.FLEET_BUSY)
                .isPresent();
    }

    private Optional<FleetRun> begin(Instant now) {
        boolean goesOn = first && isCutOff(now);
        first = false;
        if (!goesOn && !schedule.isDue(now, Optional.of(lastStart()))) {
            return Optional.empty();
        }
        ownStart = now;
        return Optional.of(goesOn ? fleet.startResumed(workers) : fleet.start(workers));
    }

    /** Only at start: a run that is cancelled later must not be resumed at once. */
    private boolean isCutOff(Instant now) {
        return fleet.unfinished()
                .filter(run -> run.state() != RunRecord.State.STOPPED)
                .filter(run -> !run.started().isAfter(now) && schedule.isSameNight(now, run))
                .isPresent();
    }

    private void ended(boolean refused) {
        lock.lock();
        try {
            running = null;
            if (refused) {
                // Another process is running the fleet. This night is still due, unless that run was for it.
                ownStart = null;
                if (!closed) {
                    sleep(clock.instant());
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        look();
    }

    private void sleep(Instant now) {
        Duration left = LONGEST_SLEEP;
        try {
            left = Duration.between(now, schedule.next(now, Optional.of(lastStart())));
        } catch (RuntimeException e) {
            LOG.error("The last run could not be read from the store", e);
        }
        // Never at once: a night that could not be started is still due.
        Duration sleep = left.isZero() || left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
        try {
            tick = timer.schedule(this::look, sleep.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.info("The timer was shut down; there are no more nights");
        }
    }

    /** The last start in the store; without one, the first night is the one after this instance was started. */
    private Instant lastStart() {
        return Stream.concat(Stream.ofNullable(ownStart), fleet.lastRun().map(RunRecord::started).stream())
                .max(Comparator.naturalOrder())
                .orElse(opened);
    }
}
