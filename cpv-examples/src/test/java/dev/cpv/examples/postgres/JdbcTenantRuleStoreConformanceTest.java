package dev.cpv.examples.postgres;

import dev.cpv.conformance.TenantRuleStoreConformance;
import dev.cpv.spi.TenantRuleStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcTenantRuleStoreConformanceTest extends TenantRuleStoreConformance {
    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Override
    protected TenantRuleStore store() {
        return JdbcFleetState.open(database.source());
    }

    @Override
    protected TenantRuleStore reopened() {
        return JdbcFleetState.open(database.source());
    }
}
