package dev.cpv.fleet;

import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a tenant that fails again and again is tried (R30): after some failures in a row at growing intervals alone, until one
 * success. A pure function of what the journal remembers; nothing is stored beside it.
 *
 * @param after how many failures in a row put a tenant into quarantine; the journal counts those whose cause is in the tenant
 * @param first how long after the failure that did so the tenant is tried again; the time doubles with each failure more
 * @param longest the longest time between two tries
 */
public record Quarantine(int after, Duration first, Duration longest) {
    /**
     * Creates the rule.
     *
     * @param after how many failures in a row put a tenant into quarantine, one or more
     * @param first how long after that the tenant is tried again, more than zero
     * @param longest the longest time between two tries, not less than the first
     * @throws IllegalArgumentException if a value is not as it should be
     */
    public Quarantine {
        if (after < 1 || first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("A quarantine needs one failure or more and 0 < first <= longest: "
                    + after + ", " + first + ", " + longest);
        }
    }

    /**
     * Returns the default: after five failures, tried again after 2, 4, 8 and then every 14 days.
     *
     * @return the default
     */
    public static Quarantine standard() {
        return new Quarantine(5, Duration.ofDays(2), Duration.ofDays(14));
    }

    /**
     * Returns when a tenant in quarantine is tried next.
     *
     * @param record what the journal remembers of the tenant
     * @return the moment, which may have come; empty if the tenant is not in quarantine
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
        // The last attempt was some minutes into its night: a tenth less, or the try would come a night late.
        return Optional.of(record.lastAttempt().plus(bounded.minus(bounded.dividedBy(10))));
    }

    /**
     * Says whether a tenant has to wait.
     *
     * @param record what the journal remembers of the tenant
     * @param now the time
     * @return whether it is in quarantine and its next try has not come
     */
    public boolean isActive(TenantRecord record, Instant now) {
        return nextTry(record).filter(now::isBefore).isPresent();
    }
}
