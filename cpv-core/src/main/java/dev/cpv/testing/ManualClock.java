package dev.cpv.testing;

import dev.cpv.spi.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that moves only when a test advances it. As a sleeper, it moves itself instead of waiting, and records the
 * waits. Thread-safe.
 */
public final class ManualClock extends Clock implements Sleeper {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;
    private final List<Duration> sleeps;

    /**
     * Creates a clock in UTC.
     *
     * @param start the time that it shows at first
     */
    public ManualClock(Instant start) {
        this(
                new AtomicReference<>(Objects.requireNonNull(start, "start")),
                ZoneOffset.UTC,
                new CopyOnWriteArrayList<>());
    }

    private ManualClock(AtomicReference<Instant> now, ZoneId zone, List<Duration> sleeps) {
        this.now = now;
        this.zone = zone;
        this.sleeps = sleeps;
    }

    /**
     * Moves the clock.
     *
     * @param duration by how much; less than zero moves it back
     */
    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    /** Moves the clock by the given time at once. */
    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted before sleeping");
        }
        if (!duration.isNegative() && !duration.isZero()) {
            sleeps.add(duration);
            advance(duration);
        }
    }

    /** Returns what was slept so far, in order, without times that were zero or less. */
    public List<Duration> sleeps() {
        return List.copyOf(sleeps);
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Returns a clock that shows the same time in another zone, and moves with this one. */
    @Override
    public Clock withZone(ZoneId other) {
        return new ManualClock(now, other, sleeps);
    }
}
