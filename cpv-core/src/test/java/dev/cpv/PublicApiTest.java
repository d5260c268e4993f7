package dev.cpv;

import dev.cpv.conformance.TenantDirectoryConformance;
import dev.cpv.testkit.build.ApiBaseline;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublicApiTest {
    @Test
    void libraryIsWhatWasAgreedUpon() throws IOException {
        ApiBaseline.ofModule("cpv-core", CpvClient.class).check();
    }

    @Test
    void conformanceSuitesAreWhatWasAgreedUpon() throws IOException {
        ApiBaseline.ofClassifier("cpv-core-conformance", TenantDirectoryConformance.class)
                .check();
    }
}
