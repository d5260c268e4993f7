package dev.cpv.graph;

import dev.cpv.spi.Sleeper;
import dev.cpv.testing.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The time of one process that can die: from then on, whoever looks at the clock or sleeps is gone. The adapter looks at the
 * clock around every request, so nothing of the process comes through. Thread-safe.
 */
final class MortalClock extends Clock implements Sleeper {
    private final ManualClock time;
    private volatile boolean dead;

    MortalClock(ManualClock time) {
        this.time = time;
    }

    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    @Override
    public Instant instant() {
        requireAlive();
        return time.instant();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        requireAlive();
        time.sleep(duration);
    }

    private void requireAlive() {
        if (dead) {
            throw new Killed();
        }
    }

    @Override
    public ZoneId getZone() {
        return time.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("One zone is enough here");
    }

    /** The end of the process at a point of no choice. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }
}
