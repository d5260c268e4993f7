package dev.cpv.examples;

import dev.cpv.CpvRefreshException;
import dev.cpv.CpvResult;
import dev.cpv.model.TenantId;
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
                found.add(session.client().resolve(name));
            } catch (CpvRefreshException e) {
                notFound.add(e.result());
            }
        }
        return new NamedTenants(List.copyOf(found), notFound);
    }
}
