package dev.cpv.spi;

import dev.cpv.conformance.TenantCatalogConformance;
import java.util.List;

class ListedTenantCatalogConformanceTest extends TenantCatalogConformance {
    @Override
    protected TenantCatalog catalog(List<CatalogTenant> tenants) {
        return TenantCatalog.of(tenants.stream().map(CatalogTenant::id).toList());
    }
}
