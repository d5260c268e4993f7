package dev.cpv.fleet;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.internal.jfr.FleetRunEvent;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.spi.RunRecord;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over the fleet: its progress, its report, and the means to stop it. Made by {@link FleetRefresh}. Thread-safe.
 */
public final class FleetRun {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);

    private final FleetSettings settings;
    private final Selection selection;
    private final RunRecord record;
    private final boolean resumed;
    private final RunStatistics statistics;
    private final RunRegistration registration;
    private final AttemptQueue queue;
    private final RunControl control;
    private final CompletableFuture<FleetReport> report = new CompletableFuture<>();
    private final FleetRunEvent event = new FleetRunEvent();
    private final ReentrantLock entrance = new ReentrantLock();
    private int workers = 1;
    private boolean closed;

    FleetRun(FleetSettings settings, Selection selection, RunRecord record, boolean resumed) {
        this.settings = settings;
        this.selection = selection;
        this.record = record;
        this.resumed = resumed;
        statistics = new RunStatistics(settings.listeners(), settings.maxAttention());
        registration = new RunRegistration(settings.store());
        queue = new AttemptQueue(settings.client().clock());
        control = new RunControl(record.id(), queue::release);
    }

    /** Returns the run's id; a resumed run keeps it. */
    public UUID id() {
        return record.id();
    }

    /** Returns the progress at this moment. */
    public FleetProgress progress() {
        return statistics.progress();
    }

    /**
     * Stops the run: active operations stop at their next safe point, and tenants whose turn has not come are not attempted.
     * {@link FleetRefresh#resume} can continue with them. Returns at once.
     */
    public void cancel() {
        control.cancel();
    }

    /**
     * Returns the future report, which is there once the run has ended; it fails only by a fault of the program. Dependent stages run on
     * the worker that ended the run. Completing or cancelling the future changes nothing; {@link #cancel()} stops the run.
     */
    public CompletableFuture<FleetReport> report() {
        return report.copy();
    }

    /** Works on the calling thread too, and returns at the end of the run. */
    FleetReport run(Executor executor) {
        lead(executor);
        return await();
    }

    /** Works on the executor's threads alone, and returns at once if the executor does. */
    FleetRun start(Executor executor) {
        executor.execute(() -> lead(executor));
        return this;
    }

    /** Waits for the report. An interrupt cancels the run and stays set; the wait continues until the run has ended. */
    private FleetReport await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return report.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("The run ended by a fault of the program", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The first worker: reads the list, starts the other workers, and works. */
    private void lead(Executor executor) {
        event.begin();
        PreparedRun prepared = prepare();
        Brake brake = new Brake(settings.massChangeAllowed(), prepared.inSyncBefore());
        AttemptRunner runner =
                new AttemptRunner(settings, selection, record, resumed, control, queue, statistics, brake);
        statistics.started(record, prepared.total(), prepared.remarks(), prepared.accessEnding());
        prepared.alarm().ifPresent(this::refuse);
        queue.add(prepared.attempts());
        try {
            for (int i = 1; i < settings.concurrency() && !control.isStopped(); i++) {
                executor.execute(() -> help(runner, brake));
            }
        } catch (RejectedExecutionException e) {
            LOG.warn(
                    "The executor accepted fewer than {} workers; the run continues with those",
                    settings.concurrency());
        } catch (RuntimeException e) {
            control.stop(fault(e));
        }
        work(runner, brake);
    }

    private PreparedRun prepare() {
        try {
            return new Preparation(settings, selection, registration, record, control.cancellation()).prepare();
        } catch (RuntimeException e) {
            return PreparedRun.withoutList(fault(e));
        }
    }

    private void refuse(CpvFailure alarm) {
        if (alarm.code() == FailureCode.CANCELLED) {
            control.cancel();
        } else {
            control.stop(alarm);
        }
    }

    /** Another worker. The executor may start it after the run has ended. */
    private void help(AttemptRunner runner, Brake brake) {
        entrance.lock();
        try {
            if (closed) {
                return;
            }
            workers++;
        } finally {
            entrance.unlock();
        }
        work(runner, brake);
    }

    private void work(AttemptRunner runner, Brake brake) {
        try {
            for (Optional<TenantAttempt> next = next(); next.isPresent(); next = next()) {
                try {
                    runner.run(next.get());
                } finally {
                    queue.done();
                }
                if (brake.isSampled()) {
                    queue.release();
                }
            }
        } catch (RuntimeException e) {
            control.stop(fault(e));
        } finally {
            leave(brake);
        }
    }

    private Optional<TenantAttempt> next() {
        try {
            return queue.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel();
            // The queue of a cancelled run does not wait.
            return next();
        }
    }

    private CpvFailure fault(RuntimeException e) {
        LOG.error("Run {} failed by a fault of the program", id(), ProgramFault.loggable(e));
        return CpvFailure.builder(
                        FailureCode.UNKNOWN,
                        "A fault of the program, see the log: " + e.getClass().getName())
                .scope(FailureScope.PARTNER)
                .build();
    }

    private void leave(Brake brake) {
        entrance.lock();
        try {
            workers--;
            if (workers > 0 || closed) {
                return;
            }
            closed = true;
        } finally {
            entrance.unlock();
        }
        try {
            end(brake);
        } catch (RuntimeException e) {
            report.completeExceptionally(e);
        }
    }

    private void end(Brake brake) {
        if (settings.planOnly()) {
            brake.summary().ifPresent(statistics::remark);
        }
        FleetReport made = statistics.report(
                record.ended(state(), settings.now()),
                settings.planOnly(),
                control.alarm().orElse(null));
        registration.end(made.run());
        LOG.info("{}", made);
        statistics.ended(made);
        commit(made);
        report.complete(made);
    }

    private RunRecord.State state() {
        if (control.alarm().isPresent()) {
            return RunRecord.State.STOPPED;
        }
        return control.isCancelled() ? RunRecord.State.CANCELLED : RunRecord.State.DONE;
    }

    private void commit(FleetReport made) {
        event.end();
        if (event.shouldCommit()) {
            event.run = id().toString();
            event.tenants = made.total();
            event.attention = made.attention().size() + made.attentionOmitted();
            event.alarm = made.alarm().map(failure -> failure.code().name()).orElse(null);
            event.requests = made.requests();
            event.commit();
        }
    }
}
