package dev.cpv.graph.internal.resilience;

import dev.cpv.graph.internal.http.WireException;
import dev.cpv.spi.RefreshContext;
import dev.failsafe.RateLimiter;
import java.time.Duration;

/**
 * Spreads consents evenly over time, for all users of one directory: Partner Center takes {@value #PER_SECOND} per second and
 * application (R29, https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis). Thread-safe.
 */
public final class ConsentLimit {
    /** What Partner Center takes. */
    public static final int PER_SECOND = 50;

    private final RateLimiter<Void> limiter;
    private final Retries retries;

    /**
     * Creates a limit.
     *
     * @param perSecond how many consents per second; a share of {@value #PER_SECOND} where several processes run
     * @param retries waits
     * @throws IllegalArgumentException if {@code perSecond} is less than 1 or more than {@value #PER_SECOND}
     */
    public ConsentLimit(int perSecond, Retries retries) {
        if (perSecond < 1 || perSecond > PER_SECOND) {
            throw new IllegalArgumentException("Consents per second must be 1 to " + PER_SECOND + ": " + perSecond);
        }
        this.limiter = RateLimiter.<Void>smoothBuilder(withMargin(perSecond), Duration.ofSeconds(1))
                .build();
        this.retries = retries;
    }

    /** Who sends 50 a second sends 51 in some, be it that a thread was late, and those that are refused count too. */
    private static int withMargin(int perSecond) {
        return perSecond - perSecond / 10;
    }

    /**
     * Creates a limit of a share of what Partner Center takes, of one consent a second at least.
     *
     * @param share more than 0, at most 1
     * @param retries waits
     * @return the limit
     */
    public static ConsentLimit ofShare(double share, Retries retries) {
        return new ConsentLimit(Math.max(1, (int) (PER_SECOND * share)), retries);
    }

    /**
     * Waits for the caller's turn.
     *
     * @param context the operation
     * @throws WireException if the turn comes after the deadline, or the caller cancels
     */
    public void acquire(RefreshContext context) throws WireException {
        Duration wait = limiter.reservePermit();
        if (!wait.isZero()) {
            retries.pause(context, wait);
        }
    }
}
