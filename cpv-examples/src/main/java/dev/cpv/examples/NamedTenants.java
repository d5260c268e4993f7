package dev.cpv.examples;

import dev.cpv.CpvRefreshException;
import dev.cpv.CpvResult;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantCatalogException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tenants that were named on the command line. A tenant that was named twice, by several domains or by its GUID and a
 * domain, counts once.
 *
 * @param tenants the tenants that were found, in the order of their names; each is labelled by the first domain given for it
 * @param notFound a result for each name without a tenant
 */
record NamedTenants(List<CatalogTenant> tenants, List<CpvResult> notFound) {
    NamedTenants {
        tenants = List.copyOf(tenants);
        notFound = List.copyOf(notFound);
    }

    /** Finds the tenants. Each domain takes a request. */
    static NamedTenants find(Session session, List<String> names) {
        Map<TenantId, CatalogTenant> found = new LinkedHashMap<>();
        List<CpvResult> notFound = new ArrayList<>();
        for (String name : names) {
            try {
                TenantId id = session.client().resolve(name);
                CatalogTenant tenant = CatalogTenant.of(id, TenantId.parse(name).isPresent() ? "" : name);
                found.merge(id, tenant, (first, next) -> first.displayName().isEmpty() ? next : first);
            } catch (CpvRefreshException e) {
                notFound.add(e.result());
            }
        }
        return new NamedTenants(List.copyOf(found.values()), notFound);
    }

    List<TenantId> ids() {
        return tenants.stream().map(CatalogTenant::id).toList();
    }

    /** A catalog of exactly these. */
    TenantCatalog catalog() {
        CatalogSnapshot snapshot = CatalogSnapshot.of(tenants);
        return cancellation -> {
            TenantCatalogException.throwIfCancelled(cancellation);
            return snapshot;
        };
    }
}
