package dev.cpv.spi;

import java.time.Duration;

/** Abstraction of {@link Thread#sleep(long)}, so that tests need not wait. Implementations are thread-safe. */
@FunctionalInterface
public interface Sleeper {
    /**
     * Waits.
     *
     * @param duration how long; zero or less returns at once
     * @throws InterruptedException if the thread was interrupted before or meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns the sleeper that blocks the calling thread. */
    static Sleeper system() {
        return duration -> {
            if (!duration.isNegative() && !duration.isZero()) {
                Thread.sleep(duration.toMillis(), duration.toNanosPart() % 1_000_000);
            }
        };
    }
}
