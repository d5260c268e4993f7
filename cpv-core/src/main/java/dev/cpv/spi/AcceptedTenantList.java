package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The manageable tenants of the last list that a run accepted; the next list is compared with it (R31).
 *
 * @param accepted when the list was accepted
 * @param tenants the tenants
 */
public record AcceptedTenantList(Instant accepted, SortedSet<TenantId> tenants) {
    /**
     * Creates the list.
     *
     * @throws NullPointerException if an argument is null
     */
    public AcceptedTenantList {
        Objects.requireNonNull(accepted, "accepted");
        tenants = Collections.unmodifiableSortedSet(new TreeSet<>(tenants));
    }

    /**
     * Returns a list of tenants.
     *
     * @param accepted when the list was accepted
     * @param tenants the tenants, in any order
     */
    public static AcceptedTenantList of(Instant accepted, Collection<TenantId> tenants) {
        return new AcceptedTenantList(accepted, new TreeSet<>(tenants));
    }

    /** Returns a list without a tenant, so that its absence from the next list is no loss. */
    public AcceptedTenantList without(TenantId tenant) {
        SortedSet<TenantId> left = new TreeSet<>(tenants);
        left.remove(tenant);
        return new AcceptedTenantList(accepted, left);
    }
}
