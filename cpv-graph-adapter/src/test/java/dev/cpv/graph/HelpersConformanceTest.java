package dev.cpv.graph;

/** The port's rules again, where batches of one tenant are sent at the same time. */
class HelpersConformanceTest extends GraphTenantDirectoryConformanceTest {
    @Override
    SimulatedPartner newPartner() {
        return new SimulatedPartner(builder -> builder.batchExecutor(piece -> new Thread(piece).start()));
    }
}
