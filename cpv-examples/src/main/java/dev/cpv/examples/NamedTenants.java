package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tenants that were named on the command line. A tenant that was named twice, by several domains or by its GUID and a
 * domain, counts once.
 *
 * @param tenants the tenants that were found, in the order of their names
 * @param notFound a result for each name without a tenant
 */
record NamedTenants(List<TenantId> tenants, List<CpvResult> notFound) {
    NamedTenants {
        tenants = List.copyOf(tenants);
        notFound = List.copyOf(notFound);
    }

    /** Finds the tenants. Each domain takes a request. */
    static NamedTenants find(Session session, List<String> names) {
        Set<TenantId> found = new LinkedHashSet<>();
        List<CpvResult> notFound = new ArrayList<>();
        for (String name : names) {
            try {
                found.add(session.resolve(name));
            } catch (TenantDirectoryException e) {
                // The client will meet the same failure and return it as a result.
                CpvResult result = session.client().preview(name, session.options());
                result.tenantId().ifPresentOrElse(found::add, () -> notFound.add(result));
            }
        }
        return new NamedTenants(List.copyOf(found), notFound);
    }
}
