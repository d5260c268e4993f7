package dev.cpv.fleet;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.util.Objects;
import java.util.Optional;

/**
 * A tenant that somebody should look at.
 *
 * @param tenant the tenant
 * @param label what it is called
 * @param outcome how its turn ended
 * @param failure what is wrong and who has to do what; empty if all is granted and only the change is strange
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
     * @param tenant the tenant
     * @param label what it is called
     * @param outcome how its turn ended
     * @param failure what is wrong and who has to do what
     * @param change how it differs from its last refresh, if it does
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
