package dev.cpv.graph.internal.webhook;

import dev.cpv.graph.WebhookVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers which events were accepted. When it is full it forgets the oldest, and from then on refuses all events of their
 * age, so that bounded memory lets no replay through. Thread-safe.
 */
public final class SeenEvents {
    /** How far the sender's clock may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Duration window;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Seen> seen =
            new TreeSet<>(Comparator.comparing(Seen::at).thenComparing(Seen::digest));
    private Instant forgotten = Instant.MIN;

    /**
     * Creates an empty memory.
     *
     * @param window how old an event may be
     * @param capacity how many events are remembered
     */
    public SeenEvents(Duration window, int capacity) {
        this.window = window;
        this.capacity = capacity;
    }

    /**
     * Refuses an event that was accepted before, or may have been according to its time.
     *
     * @param at when the change happened
     * @param digest what distinguishes it from others of that time
     * @param now the current time
     * @throws RefusedDeliveryException if it is refused
     */
    public void requireNew(Instant at, String digest, Instant now) throws RefusedDeliveryException {
        lock.lock();
        try {
            check(new Seen(at, digest), now);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Remembers an event, unless another thread did meanwhile.
     *
     * @param at when the change happened
     * @param digest what distinguishes it from others of that time
     * @param now the current time
     * @throws RefusedDeliveryException if it is refused
     */
    public void remember(Instant at, String digest, Instant now) throws RefusedDeliveryException {
        lock.lock();
        try {
            Seen event = new Seen(at, digest);
            check(event, now);
            seen.add(event);
            while (seen.size() > capacity) {
                forgotten = seen.pollFirst().at();
            }
        } finally {
            lock.unlock();
        }
    }

    private void check(Seen event, Instant now) throws RefusedDeliveryException {
        Instant oldest = now.minus(window);
        seen.headSet(new Seen(oldest, ""), false).clear();
        if (seen.contains(event)) {
            throw new RefusedDeliveryException(WebhookVerdict.REPLAYED, "The event was accepted before", null);
        }
        boolean tooOld = event.at().isBefore(oldest) || !event.at().isAfter(forgotten);
        if (tooOld || event.at().isAfter(now.plus(SKEW))) {
            throw new RefusedDeliveryException(
                    WebhookVerdict.OUT_OF_TIME, "The event's time " + event.at() + " is too far from now", null);
        }
    }

    private record Seen(Instant at, String digest) {}
}
