package dev.cpv.fleet;

import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Says which tenants a run takes, of those that are neither excluded nor in quarantine. Implementations are thread-safe. */
@FunctionalInterface
public interface DuePolicy {
    /**
     * Says whether a tenant is due.
     *
     * @param last what the journal remembers of it; empty if it was never refreshed
     * @param fingerprint the {@link RequiredPermissionSet#fingerprint()} of what is required of it now
     * @param now the time
     * @return whether this run takes it
     */
    boolean isDue(Optional<TenantRecord> last, String fingerprint, Instant now);

    /**
     * Takes every tenant (R32). The default.
     *
     * @return the policy
     */
    static DuePolicy always() {
        return (last, fingerprint, now) -> true;
    }

    /**
     * Takes a tenant that was never refreshed, is not in sync, has other permissions required than last time, or was refreshed that
     * long ago. A tenth of the time is given, so that "a day" is every night and not every second one.
     *
     * @param age how long a tenant that is in sync is left alone, more than zero
     * @return the policy
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
