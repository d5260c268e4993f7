package dev.cpv.graph.internal.resilience;

import dev.cpv.model.Priority;
import java.time.Duration;
import java.time.Instant;

/**
 * A quota of writes that fills up evenly, as Graph's own do (API §6.1). A small part of it is kept for people and filled first,
 * so that work of the night, which may be in debt for minutes, does not stand before them (R29). Not thread-safe.
 */
final class WriteQuota {
    /** One in a hundred is kept for people. */
    private static final double KEPT = 0.01;

    private static final double NANOS = 1e9;

    private final double capacity;
    private final double keptCapacity;
    private final double perSecond;
    private double left;
    private double kept;
    private Instant filledAt;
    private Instant seen;

    /** Creates a full quota of so many writes within a window. */
    WriteQuota(double writes, Duration window, Instant now) {
        keptCapacity = writes * KEPT;
        capacity = writes - keptCapacity;
        perSecond = writes * NANOS / window.toNanos();
        left = capacity;
        kept = keptCapacity;
        filledAt = now;
        seen = now;
    }

    /** How long writes that are taken now have to wait. */
    Duration wait(int writes, Priority priority, Instant now) {
        fill(now);
        double onKept = ofKept(writes, priority);
        double onLeft = writes - onKept;
        double missing = onKept > 0 ? onKept - kept : onLeft > left ? onLeft - left + keptCapacity - kept : 0;
        Duration closed = Duration.between(now, filledAt);
        return (closed.isNegative() ? Duration.ZERO : closed).plus(toFill(Math.max(0, missing)));
    }

    /** Takes writes, on credit if there are not enough. */
    void take(int writes, Priority priority, Instant now) {
        fill(now);
        double onKept = ofKept(writes, priority);
        kept -= onKept;
        left -= writes - onKept;
    }

    /** The service says that nothing is left until then; what it lets in afterwards comes drop by drop. */
    void close(Instant until, Instant now) {
        fill(now);
        left = Math.min(left, 0);
        kept = Math.min(kept, 0);
        filledAt = until.isAfter(filledAt) ? until : filledAt;
    }

    /** A full quota is as good as a new one. */
    boolean isFull(Instant now) {
        fill(now);
        return left >= capacity && kept >= keptCapacity && !filledAt.isAfter(now);
    }

    /** How much is taken of what is kept for people: what is not there otherwise. */
    private double ofKept(int writes, Priority priority) {
        return priority == Priority.MANUAL ? writes - Math.max(0, Math.min(writes, left)) : 0;
    }

    private void fill(Instant now) {
        if (now.isBefore(seen)) { // Who sets the clock back must not have to wait for it.
            filledAt = filledAt.minus(Duration.between(now, seen));
        }
        seen = now;
        if (now.isAfter(filledAt)) {
            double gained = Duration.between(filledAt, now).toNanos() / NANOS * perSecond;
            double toKept = Math.min(gained, keptCapacity - kept);
            kept = Math.min(keptCapacity, kept + gained);
            left = Math.min(capacity, left + gained - toKept);
            filledAt = now;
        }
    }

    private Duration toFill(double writes) {
        return Duration.ofNanos((long) Math.ceil(writes / perSecond * NANOS));
    }
}
