package dev.cpv.graph;

import dev.cpv.conformance.TenantCatalogConformance;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.TenantId;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantCatalog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The rules of a catalog over the partner's customers, on the wire. */
class PartnerTenantCatalogConformanceTest extends TenantCatalogConformance {
    private final SimulatedPartner partner = new SimulatedPartner();

    @AfterEach
    void stop() {
        partner.close();
    }

    @Override
    protected TenantCatalog catalog(List<CatalogTenant> tenants) {
        tenants.forEach(this::add);
        partner.time.advance(Duration.ofHours(1)); // New relationships take a while.
        return PartnerTenantCatalog.of(partner.directory);
    }

    @Override
    protected boolean makeUnmanageable(TenantId tenant) {
        SimulatedTenant lost = partner.simulator.tenant(tenant.toString()).orElseThrow();
        lost.relationshipStatus(GdapRelationship.Status.TERMINATED);
        return true;
    }

    @Override
    protected boolean failHalfWay() {
        partner.simulator.faults().onAny(Endpoint.GRAPH_GET).nth(2).respond(403);
        return true;
    }

    @Override
    protected boolean add(CatalogTenant tenant) {
        partner.simulator.addCustomer(tenant.id().toString(), tenant.displayName());
        return true;
    }
}
