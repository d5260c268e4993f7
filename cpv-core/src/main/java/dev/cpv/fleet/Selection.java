package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantRule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which tenants a run takes, and why it leaves others out (R30). Thread-safe. */
final class Selection {
    private final FleetSettings settings;

    Selection(FleetSettings settings) {
        this.settings = settings;
    }

    /** The listed tenants, and those that a rule includes although they are not in the list. */
    List<CatalogTenant> withIncluded(List<CatalogTenant> listed) {
        Map<TenantId, CatalogTenant> all = new LinkedHashMap<>();
        listed.forEach(tenant -> all.put(tenant.id(), tenant));
        Instant now = settings.now();
        settings.store().rules().stream()
                .filter(rule -> rule.kind() == TenantRule.Kind.INCLUDE && rule.isActive(now))
                .forEach(rule -> all.putIfAbsent(rule.tenant(), CatalogTenant.of(rule.tenant())));
        return List.copyOf(all.values());
    }

    /** Why a tenant is left out even if the caller named it. */
    Optional<CpvFailure> closed(CatalogTenant tenant) {
        return closed(tenant, activeRule(tenant, settings.now()));
    }

    /** Why a tenant is left out that the caller did not name. */
    Optional<CpvFailure> leftOut(CatalogTenant tenant, Optional<TenantRecord> known) {
        Instant now = settings.now();
        Optional<TenantRule> rule = activeRule(tenant, now);
        return closed(tenant, rule)
                .or(() -> rule.isPresent() ? Optional.empty() : known.flatMap(Selection::offboarded))
                .or(() -> known.filter(record -> settings.quarantine().isActive(record, now))
                        .map(this::quarantined))
                .or(() -> notDue(tenant, known, now));
    }

    /** Read each time, so that a rule that is made during a run applies to it. */
    private Optional<TenantRule> activeRule(CatalogTenant tenant, Instant now) {
        return settings.store().findRule(tenant.id()).filter(rule -> rule.isActive(now));
    }

    private static Optional<CpvFailure> closed(CatalogTenant tenant, Optional<TenantRule> rule) {
        return rule.filter(each -> each.kind() == TenantRule.Kind.EXCLUDE)
                .map(Selection::excluded)
                .or(() -> rule.isPresent() ? Optional.empty() : tenant.notManageable());
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

    /** The application was removed on purpose: a run must not bring it back because the customer is still in the list. */
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
                        + settings.quarantine().nextTry(record).orElseThrow());
    }

    private Optional<CpvFailure> notDue(CatalogTenant tenant, Optional<TenantRecord> known, Instant now) {
        return settings.due().isDue(known, settings.fingerprint(tenant.id()), now)
                ? Optional.empty()
                : Optional.of(CpvFailure.of(FailureCode.NOT_DUE, "Refreshed recently and in sync"));
    }
}
