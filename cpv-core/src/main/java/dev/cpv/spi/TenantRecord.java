package dev.cpv.spi;

import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a journal remembers of a tenant.
 *
 * @param tenant the tenant
 * @param lastAttempt when the last refresh ended
 * @param lastOutcome how it ended
 * @param requiredFingerprint the fingerprint of the permissions that were required then
 * @param actor who asked for it, if that was said
 * @param reason why, if that was said
 * @param notCreatable the resources that could not be added, and when that was found (R15)
 * @param lastFailure what ended the last refresh early, if something did
 * @param failuresInARow how many attempts in a row, the last one included, failed for a cause in the tenant: such attempts put
 *     a tenant into quarantine (R30)
 */
public record TenantRecord(
        TenantId tenant,
        Instant lastAttempt,
        RefreshOutcome lastOutcome,
        String requiredFingerprint,
        Optional<String> actor,
        Optional<String> reason,
        Map<AppId, Instant> notCreatable,
        Optional<FailureCode> lastFailure,
        int failuresInARow) {
    /**
     * Creates the record.
     *
     * @param tenant the tenant
     * @param lastAttempt when the last refresh ended
     * @param lastOutcome how it ended
     * @param requiredFingerprint the fingerprint of the permissions that were required then
     * @param actor who asked for it, if that was said
     * @param reason why, if that was said
     * @param notCreatable the resources that could not be added, and when that was found (R15)
     * @param lastFailure what ended the last refresh early, if something did
     * @param failuresInARow how many attempts in a row failed for a cause in the tenant, zero or more
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the count is negative
     */
    public TenantRecord {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(lastAttempt, "lastAttempt");
        Objects.requireNonNull(lastOutcome, "lastOutcome");
        Objects.requireNonNull(requiredFingerprint, "requiredFingerprint");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(reason, "reason");
        notCreatable = Map.copyOf(notCreatable);
        Objects.requireNonNull(lastFailure, "lastFailure");
        if (failuresInARow < 0) {
            throw new IllegalArgumentException("failuresInARow must not be negative: " + failuresInARow);
        }
    }
}
