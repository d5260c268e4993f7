package dev.cpv.examples.postgres;

import dev.cpv.conformance.FleetStoreConformance;
import dev.cpv.spi.FleetStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class JdbcFleetStoreConformanceTest extends FleetStoreConformance {
    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    @Override
    protected FleetStore store() {
        return JdbcFleetStore.open(database.source());
    }

    @Override
    protected FleetStore reopened() {
        return JdbcFleetStore.open(database.source());
    }
}
