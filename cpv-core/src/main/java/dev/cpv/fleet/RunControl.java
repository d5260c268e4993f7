package dev.cpv.fleet;

import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a run continues, was stopped by an alarm (R28), or was cancelled. Thread-safe. */
final class RunControl {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);

    private final UUID run;
    private final Runnable whenStopped;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicReference<@Nullable CpvFailure> alarm = new AtomicReference<>();

    /**
     * Creates the control of one run.
     *
     * @param run the run, for the log
     * @param whenStopped wakes the workers that wait; called at least once when the run stops
     */
    RunControl(UUID run, Runnable whenStopped) {
        this.run = run;
        this.whenStopped = whenStopped;
    }

    /** R28: stops the run. The first alarm counts. */
    void stop(CpvFailure failure) {
        if (alarm.compareAndSet(null, failure)) {
            LOG.error("Run {} stops: {}", run, failure);
        }
        whenStopped.run();
    }

    void cancel() {
        cancellation.cancel();
        whenStopped.run();
    }

    Optional<CpvFailure> alarm() {
        return Optional.ofNullable(alarm.get());
    }

    Cancellation cancellation() {
        return cancellation;
    }

    boolean isCancelled() {
        return cancellation.isCancelled();
    }

    boolean isStopped() {
        return alarm().isPresent() || isCancelled();
    }
}
