package dev.cpv.spi;

import java.time.Duration;

/**
 * The sleeper: an abstraction of {@code Thread.sleep}, so that tests need not wait. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Sleeper {
    /**
     * Waits.
     *
     * @param duration how long; zero or less does not wait
     * @throws InterruptedException if the thread was interrupted before or meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns the sleeper that really waits, on the calling thread. */
    static Sleeper system() {
        return duration -> {
            if (!duration.isNegative() && !duration.isZero()) {
                Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
            }
        };
    }
}
