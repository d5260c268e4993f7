package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantRule;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which tenants are left out, and why (R30): a pure function of the list, the rule, what the journal remembers, and the time.
 *
 * @param required what is required of a tenant
 * @param quarantine when a tenant that fails again and again is tried
 * @param due which of the others are due
 */
record Selection(Function<TenantId, RequiredPermissionSet> required, Quarantine quarantine, DuePolicy due) {
    /** Why a tenant is left out whoever asks for it, be it by hand. */
    static Optional<CpvFailure> closed(CatalogTenant tenant, Optional<TenantRule> rule) {
        return rule.filter(each -> each.kind() == TenantRule.Kind.EXCLUDE)
                .map(Selection::excluded)
                .or(() -> rule.isPresent() ? Optional.empty() : tenant.notManageable());
    }

    /** Why a tenant is left out that nobody asked for by hand. */
    Optional<CpvFailure> leftOut(
            CatalogTenant tenant, Optional<TenantRule> rule, Optional<TenantRecord> known, Instant now) {
        return closed(tenant, rule)
                .or(() -> rule.isPresent() ? Optional.empty() : known.flatMap(Selection::offboarded))
                .or(() ->
                        known.filter(record -> quarantine.isActive(record, now)).map(this::quarantined))
                .or(() -> notDue(tenant, known, now));
    }

    private static CpvFailure excluded(TenantRule rule) {
        return CpvFailure.of(
                FailureCode.EXCLUDED,
                "Excluded by " + rule.author() + " since " + rule.since()
                        + rule.until().map(end -> " until " + end).orElse("") + ": " + rule.reason());
    }

    static boolean isOffboarded(TenantRecord record) {
        return record.lastOutcome() == RefreshOutcome.OFFBOARDED;
    }

    /** Nobody wants to find the application back that was taken out, only because the customer is still in the list. */
    private static Optional<CpvFailure> offboarded(TenantRecord record) {
        return isOffboarded(record)
                ? Optional.of(CpvFailure.of(
                        FailureCode.OFFBOARDED,
                        "Offboarded at " + record.lastAttempt()
                                + record.actor().map(actor -> " by " + actor).orElse("")))
                : Optional.empty();
    }

    private CpvFailure quarantined(TenantRecord record) {
        return CpvFailure.of(
                FailureCode.QUARANTINED,
                "Failed " + record.failuresInARow() + " times in a row, last with "
                        + record.lastFailure().map(Enum::name).orElse("an unknown cause") + "; the next try is after "
                        + quarantine.nextTry(record).orElseThrow());
    }

    private Optional<CpvFailure> notDue(CatalogTenant tenant, Optional<TenantRecord> known, Instant now) {
        return due.isDue(known, required.apply(tenant.id()).fingerprint(), now)
                ? Optional.empty()
                : Optional.of(CpvFailure.of(FailureCode.NOT_DUE, "Refreshed lately, and in sync"));
    }
}
