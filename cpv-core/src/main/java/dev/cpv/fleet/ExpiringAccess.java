package dev.cpv.fleet;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Objects;

/**
 * A tenant to which the partner's access ends soon, unless somebody renews it.
 *
 * @param tenant the tenant
 * @param label its display name, or its id
 * @param ends when the access ends
 */
public record ExpiringAccess(TenantId tenant, String label, Instant ends) {
    /**
     * Creates the entry.
     *
     * @throws NullPointerException if an argument is null
     */
    public ExpiringAccess {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(ends, "ends");
    }
}
