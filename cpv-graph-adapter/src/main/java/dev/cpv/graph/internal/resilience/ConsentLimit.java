package dev.cpv.graph.internal.resilience;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.spi.RefreshContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the consents of all users of one directory within the limit of Partner Center: {@value #PER_SECOND} per second and
 * application (R29, https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis). Thread-safe.
 *
 * <p>There are as many turns as consents may be sent in a second. A turn is free again one second after its answer came, so that
 * in no second more requests arrive than that, however late a thread, the network or the service is.
 */
public final class ConsentLimit {
    /** The limit of Partner Center. */
    public static final int PER_SECOND = 50;

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** How often a caller that waits for another caller's answer checks whether its own operation has ended. */
    private static final long LOOK_MILLIS = 50;

    /** When each turn was last used; those in use are not in here. */
    private final BlockingQueue<Instant> turns;

    private final Retries retries;
    private final Clock clock;

    /**
     * Creates a limit.
     *
     * @param perSecond how many consents per second; a share of {@value #PER_SECOND} if several processes run
     * @param retries waits
     * @param clock the clock that seconds are taken from
     * @throws IllegalArgumentException if {@code perSecond} is less than 1 or more than {@value #PER_SECOND}
     */
    public ConsentLimit(int perSecond, Retries retries, Clock clock) {
        if (perSecond < 1 || perSecond > PER_SECOND) {
            throw new IllegalArgumentException("Consents per second must be 1 to " + PER_SECOND + ": " + perSecond);
        }
        this.turns = new ArrayBlockingQueue<>(perSecond);
        for (int turn = 0; turn < perSecond; turn++) {
            turns.add(Instant.EPOCH);
        }
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Creates a limit that is a share of Partner Center's, but at least one consent a second.
     *
     * @param share more than 0, at most 1
     * @param retries waits
     * @param clock the clock that seconds are taken from
     * @return the limit
     */
    public static ConsentLimit ofShare(double share, Retries retries, Clock clock) {
        return new ConsentLimit(Math.max(1, (int) (PER_SECOND * share)), retries, clock);
    }

    /**
     * Sends when it is the caller's turn.
     *
     * @param context the operation
     * @param consent sends once
     * @return the answer, whatever its status
     * @throws WireException if no answer came, the turn comes after the deadline, or the caller cancels
     */
    public WireAnswer send(RefreshContext context, Retries.Sending consent) throws WireException {
        Instant lastUse = takeTurn(context);
        boolean sent = false;
        try {
            waitUntil(context, lastUse.plus(SECOND));
            sent = true;
            return consent.send();
        } finally {
            turns.add(sent ? clock.instant() : lastUse);
        }
    }

    /** Waits for the answer of another caller if all turns are in use. */
    private Instant takeTurn(RefreshContext context) throws WireException {
        while (true) {
            @Nullable Instant lastUse = poll();
            if (lastUse != null) {
                return lastUse;
            }
            retries.pause(context, Duration.ZERO); // Fails if the operation has ended.
        }
    }

    private @Nullable Instant poll() {
        try {
            return turns.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void waitUntil(RefreshContext context, Instant free) throws WireException {
        Duration left = Duration.between(clock.instant(), free);
        if (left.compareTo(Duration.ZERO) > 0) {
            retries.pause(context, left.compareTo(SECOND) < 0 ? left : SECOND); // A clock may have been set back.
        }
    }
}
