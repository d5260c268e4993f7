package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A quota that refills evenly. Refused requests are charged too, so a client that does not wait has to wait longer.
 * Thread-safe.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final ReentrantLock lock = new ReentrantLock();
    private final double capacity;
    private final double perSecond;
    private double left;
    private Instant filledAt;

    TokenBucket(int capacity, Duration window, Instant now) {
        this.capacity = capacity;
        this.perSecond = capacity * NANOS / window.toNanos();
        this.left = capacity;
        this.filledAt = now;
    }

    /** Takes an amount; what is left is negative if there was not enough. */
    double take(double amount, Instant now) {
        lock.lock();
        try {
            double seconds = Math.max(0, Duration.between(filledAt, now).toNanos() / NANOS);
            filledAt = now;
            left = Math.max(-capacity, Math.min(capacity, left + seconds * perSecond) - amount);
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** The used share of the quota if this much is left; more than 1 if it is overdrawn. */
    double used(double rest) {
        return (capacity - rest) / capacity;
    }

    /** Whole seconds until an overdrawn bucket is no longer overdrawn. */
    long secondsUntilFilled(double rest) {
        return Math.max(1, (long) Math.ceil(-rest / perSecond));
    }
}
