package dev.cpv.graph;

import dev.cpv.spi.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The system's time, hurried on by whatever anybody sleeps, so that many threads keep the real order of things and none waits.
 * Counts what each thread slept. Thread-safe.
 */
final class RacingClock extends Clock implements Sleeper {
    private final Clock system = Clock.systemUTC();
    private final AtomicLong hurriedNanos = new AtomicLong();
    private final ThreadLocal<Duration> slept = ThreadLocal.withInitial(() -> Duration.ZERO);

    @Override
    public void sleep(Duration duration) {
        if (!duration.isNegative()) {
            hurriedNanos.addAndGet(duration.toNanos());
            slept.set(slept.get().plus(duration));
        }
    }

    /** Begins to count what the calling thread sleeps. */
    void startCounting() {
        slept.set(Duration.ZERO);
    }

    /** What the calling thread slept since it began to count. */
    Duration counted() {
        return slept.get();
    }

    @Override
    public Instant instant() {
        return system.instant().plusNanos(hurriedNanos.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("One zone is enough here");
    }
}
