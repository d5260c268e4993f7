package dev.cpv.graph;

import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.testkit.build.ApiBaseline;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublicApiTest {
    @Test
    void adapterIsWhatWasAgreedUpon() throws IOException {
        ApiBaseline.ofModule("cpv-graph-adapter", GraphTenantDirectory.class).check();
    }

    @Test
    void simulatorIsWhatWasAgreedUpon() throws IOException {
        ApiBaseline.ofClassifier("cpv-graph-adapter-simulator", MicrosoftSimulator.class)
                .check();
    }
}
