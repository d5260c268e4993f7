package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All tenants of a catalog at one moment: a complete list, never a part of one.
 *
 * @param tenants every tenant once, in the order of their ids
 * @param remarks what people should know about the list, for example that a source could not be read; without secrets
 */
public record CatalogSnapshot(List<CatalogTenant> tenants, List<String> remarks) {
    /**
     * Creates the snapshot.
     *
     * @param tenants every tenant once, in any order
     * @param remarks what people should know about the list; without secrets
     * @throws NullPointerException if an argument or an element is null
     * @throws IllegalArgumentException if a tenant is listed twice
     */
    public CatalogSnapshot {
        tenants =
                tenants.stream().sorted(Comparator.comparing(CatalogTenant::id)).toList();
        remarks = List.copyOf(remarks);
        Set<TenantId> ids = new HashSet<>();
        for (CatalogTenant tenant : tenants) {
            if (!ids.add(tenant.id())) {
                throw new IllegalArgumentException("Tenant " + tenant.id() + " is listed twice");
            }
        }
    }

    /**
     * Returns a snapshot without remarks.
     *
     * @param tenants every tenant once, in any order
     * @throws IllegalArgumentException if a tenant is listed twice
     */
    public static CatalogSnapshot of(Collection<CatalogTenant> tenants) {
        return new CatalogSnapshot(List.copyOf(tenants), List.of());
    }
}
