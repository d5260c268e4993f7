package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The manageable tenants of the last list that a run accepted: what the next list is measured against (R31).
 *
 * @param accepted when the list was accepted
 * @param tenants the tenants
 */
public record AcceptedTenantList(Instant accepted, SortedSet<TenantId> tenants) {
    /**
     * Creates the list.
     *
     * @param accepted when the list was accepted
     * @param tenants the tenants
     * @throws NullPointerException if an argument is null
     */
    public AcceptedTenantList {
        Objects.requireNonNull(accepted, "accepted");
        tenants = Collections.unmodifiableSortedSet(new TreeSet<>(tenants));
    }

    /**
     * Makes a list of tenants in any order.
     *
     * @param accepted when the list was accepted
     * @param tenants the tenants
     * @return the list
     */
    public static AcceptedTenantList of(Instant accepted, Collection<TenantId> tenants) {
        return new AcceptedTenantList(accepted, new TreeSet<>(tenants));
    }

    /**
     * Forgets a tenant, so that the next list is not measured against it.
     *
     * @param tenant the tenant
     * @return a list without it
     */
    public AcceptedTenantList without(TenantId tenant) {
        SortedSet<TenantId> left = new TreeSet<>(tenants);
        left.remove(tenant);
        return new AcceptedTenantList(accepted, left);
    }
}
