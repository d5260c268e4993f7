package dev.cpv.fleet;

import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides which tenants a run takes, of those that are neither excluded nor in quarantine. Implementations are thread-safe. */
@FunctionalInterface
public interface DuePolicy {
    /**
     * Returns whether a run takes a tenant.
     *
     * @param last the tenant's record in the journal; empty if it was never refreshed
     * @param fingerprint the {@link RequiredPermissionSet#fingerprint()} of what it requires now
     * @param now the time
     */
    boolean isDue(Optional<TenantRecord> last, String fingerprint, Instant now);

    /** Returns the default policy, which takes every tenant (R32). */
    static DuePolicy always() {
        return (last, fingerprint, now) -> true;
    }

    /**
     * Returns a policy that takes a tenant that was never refreshed, is not in sync, requires other permissions than last time, or was
     * refreshed that long ago. A tenth of the time is deducted, so that "a day" means every night and not every second one.
     *
     * @param age how long a tenant that is in sync is not refreshed again, more than zero
     * @throws IllegalArgumentException if the age is zero or less
     */
    static DuePolicy every(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age must be more than zero: " + age);
        }
        Duration enough = age.minus(age.dividedBy(10));
        return (last, fingerprint, now) -> last.filter(
                        record -> record.lastOutcome().isInSync()
                                && record.requiredFingerprint().equals(fingerprint)
                                && now.isBefore(record.lastAttempt().plus(enough)))
                .isEmpty();
    }
}
