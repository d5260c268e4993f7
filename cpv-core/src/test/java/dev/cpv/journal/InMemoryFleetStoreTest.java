package dev.cpv.journal;

import dev.cpv.conformance.FleetStoreConformance;
import dev.cpv.spi.FleetStore;

class InMemoryFleetStoreTest extends FleetStoreConformance {
    @Override
    protected FleetStore store() {
        return new InMemoryFleetStore();
    }
}
