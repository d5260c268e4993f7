package dev.cpv.examples;

import dev.cpv.CpvRefreshException;
import dev.cpv.CpvResult;
import dev.cpv.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The tenants that were named on the command line. One may be named by several domains, or by its GUID as well: it counts
 * once.
 *
 * @param tenants those that were found, in the order of their names
 * @param notFound a result for each name of which no tenant was found
 */
record NamedTenants(List<TenantId> tenants, List<CpvResult> notFound) {
    NamedTenants {
        tenants = List.copyOf(tenants);
        notFound = List.copyOf(notFound);
    }

    /** Finds the tenants; a domain takes a request. */
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
