package dev.cpv.examples;

import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.PartnerTenantCatalog;
import dev.cpv.model.Cancellation;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalog;
import java.util.ArrayList;
import java.util.List;

/** Lists the partner's customers, and why some of them are not managed. */
public final class CustomerOverview {
    private final TenantCatalog catalog;

    /**
     * Creates an overview.
     *
     * @param directory the partner's directory
     */
    public CustomerOverview(GraphTenantDirectory directory) {
        catalog = PartnerTenantCatalog.of(directory);
    }

    /**
     * Lists the customers.
     *
     * @return a line for each of them
     */
    public List<String> lines() {
        // tag::tenants
        List<String> lines = new ArrayList<>();
        for (CatalogTenant tenant : catalog.list(new Cancellation()).tenants()) {
            String state = tenant.notManageable()
                    .map(why -> why.code() + ", " + why.remediation()) // the responsible party and what to do
                    .orElse("managed");
            lines.add(tenant.label() + " " + tenant.aliases() + ": " + state);
        }
        // end::tenants
        return lines;
    }
}
