package dev.cpv.graph;

import dev.cpv.testkit.build.PublicComments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavadocTest {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src");

    @Test
    void everyPublicTypeAndMemberOfTheAdapterHasAComment() throws IOException {
        PublicComments.in(List.of(SOURCES.resolve("main/java/dev/cpv/graph"))).check(80);
    }

    @Test
    void everyPublicTypeAndMemberOfTheSimulatorHasAComment() throws IOException {
        PublicComments.in(List.of(SOURCES.resolve("simulator/java/dev/cpv/graph/simulator")))
                .check(300);
    }
}
