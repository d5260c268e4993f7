package dev.cpv.fleet;

import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Says when a tenant that keeps failing is tried (R30): after a number of failures in a row only at growing intervals, until one
 * succeeds. A pure function of the journal's record; nothing else is stored.
 *
 * @param after how many failures in a row put a tenant into quarantine, one or more; the journal counts those whose cause is in the tenant
 * @param first how long after that failure the tenant is tried again, more than zero; the time doubles with each further failure
 * @param longest the longest time between two tries, not less than the first
 */
public record Quarantine(int after, Duration first, Duration longest) {
    /**
     * Creates the rule.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Quarantine {
        if (after < 1 || first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("A quarantine needs one failure or more and 0 < first <= longest: "
                    + after + ", " + first + ", " + longest);
        }
    }

    /** Returns the default: after five failures, tried again after 2, 4 and 8 days, then every 14 days. */
    public static Quarantine standard() {
        return new Quarantine(5, Duration.ofDays(2), Duration.ofDays(14));
    }

    /**
     * Returns when a tenant in quarantine is tried next, which may be in the past; empty if it is not in quarantine.
     *
     * @param record the tenant's record in the journal
     */
    public Optional<Instant> nextTry(TenantRecord record) {
        int beyond = record.failuresInARow() - after;
        if (beyond < 0) {
            return Optional.empty();
        }
        Duration interval = first;
        for (int i = 0; i < beyond && interval.compareTo(longest) < 0; i++) {
            interval = interval.multipliedBy(2);
        }
        Duration bounded = interval.compareTo(longest) < 0 ? interval : longest;
        // The last attempt was some minutes into its night: without a tenth less, the next try would come a night late.
        return Optional.of(record.lastAttempt().plus(bounded.minus(bounded.dividedBy(10))));
    }

    /**
     * Returns whether a tenant is in quarantine and the time of its next try has not come.
     *
     * @param record the tenant's record in the journal
     * @param now the time
     */
    public boolean isActive(TenantRecord record, Instant now) {
        return nextTry(record).filter(now::isBefore).isPresent();
    }
}
