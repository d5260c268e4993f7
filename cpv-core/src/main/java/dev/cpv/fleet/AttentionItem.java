package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.util.Objects;
import java.util.Optional;

/**
 * A tenant for which somebody has to act.
 *
 * @param tenant the tenant
 * @param label its display name, or its id
 * @param outcome the outcome of its refresh
 * @param failure what is wrong, the responsible party and what to do; empty if everything is granted and only the change is unusual
 * @param change how it differs from its last refresh, if it does
 */
public record AttentionItem(
        TenantId tenant,
        String label,
        RefreshOutcome outcome,
        Optional<CpvFailure> failure,
        Optional<TenantTransition> change) {
    /**
     * Creates the entry.
     *
     * @throws NullPointerException if an argument is null
     */
    public AttentionItem {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(change, "change");
    }
}
