package dev.cpv.graph.internal.resilience;

import dev.cpv.model.Priority;
import java.time.Duration;
import java.time.Instant;

/**
 * A quota of writes that fills up evenly, as Graph's own do. A small part is reserved for manual work and filled first, so that
 * nightly work, which may have used more than the quota for minutes, does not delay it (R29). Not thread-safe.
 */
final class WriteQuota {
    /** One write in a hundred is reserved for manual work. */
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

    /** How long writes that are requested now have to wait. */
    Duration wait(int writes, Priority priority, Instant now) {
        fill(now);
        double onKept = ofKept(writes, priority);
        double onLeft = writes - onKept;
        double missing = onKept > 0 ? onKept - kept : onLeft > left ? onLeft - left + keptCapacity - kept : 0;
        Duration closed = Duration.between(now, filledAt);
        return (closed.isNegative() ? Duration.ZERO : closed).plus(toFill(Math.max(0, missing)));
    }

    /** Uses writes of the quota, which may become negative. */
    void take(int writes, Priority priority, Instant now) {
        fill(now);
        double onKept = ofKept(writes, priority);
        kept -= onKept;
        left -= writes - onKept;
    }

    /** Returns writes that were taken and are not sent. The reserve gets them first, as if the quota had filled up. */
    void returnQuota(int writes, Instant now) {
        fill(now);
        gain(writes);
    }

    /** Closes the quota until then, because the service reports that nothing is left; afterwards it fills up from zero. */
    void close(Instant until, Instant now) {
        fill(now);
        left = Math.min(left, 0);
        kept = Math.min(kept, 0);
        filledAt = until.isAfter(filledAt) ? until : filledAt;
    }

    /** Whether the quota is full, and so the same as a new one. */
    boolean isFull(Instant now) {
        fill(now);
        return left >= capacity && kept >= keptCapacity && !filledAt.isAfter(now);
    }

    /** How much of the reserve is used: what the rest of the quota lacks. */
    private double ofKept(int writes, Priority priority) {
        return priority == Priority.MANUAL ? writes - Math.max(0, Math.min(writes, left)) : 0;
    }

    private void fill(Instant now) {
        if (now.isBefore(seen)) { // A clock that was set back must not cause a wait.
            filledAt = filledAt.minus(Duration.between(now, seen));
        }
        seen = now;
        if (now.isAfter(filledAt)) {
            gain(Duration.between(filledAt, now).toNanos() / NANOS * perSecond);
            filledAt = now;
        }
    }

    private void gain(double writes) {
        double toKept = Math.min(writes, keptCapacity - kept);
        kept += toKept;
        left = Math.min(capacity, left + writes - toKept);
    }

    private Duration toFill(double writes) {
        return Duration.ofNanos((long) Math.ceil(writes / perSecond * NANOS));
    }
}
