package dev.cpv.examples.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JDK's own timer, for one machine. Asks for one night at a time, so that they never overlap and do not drift from midnight. */
public final class TimerNight {
    private static final Logger LOG = LoggerFactory.getLogger(TimerNight.class);

    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final Runnable night;

    /**
     * Creates it.
     *
     * @param timer starts and runs the nights; its owner ends it
     * @param clock the time
     * @param night what is to be run
     */
    public TimerNight(ScheduledExecutorService timer, Clock clock, Runnable night) {
        this.timer = timer;
        this.clock = clock;
        this.night = night;
    }

    // tag::timer
    /** Runs the next night at 00:00 UTC, and after it the one that follows. */
    public void schedule() {
        Instant now = clock.instant();
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        var unused = timer.schedule(this::run, Duration.between(now, midnight).toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    private void run() {
        try {
            night.run();
        } catch (RuntimeException e) {
            LOG.error("The night ended by a fault of the program", e); // else the timer would keep it to itself
        } finally {
            schedule();
        }
    }
    // end::timer
}
