package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What grows with the number of tenants: a night over a fleet in sync, each size in its own JVM. */
final class GrowthBenchmark {
    private static final List<String> OPTIONS =
            List.of("-Xmx1g", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private final List<Integer> sizes;

    GrowthBenchmark(boolean quick) {
        sizes = quick ? List.of(100, 400) : List.of(1_000, 5_000, 20_000);
    }

    void run(Report report) {
        report.section("Growth");
        double least = 0;
        try (Simulator simulator = Simulator.start(Duration.ZERO, false, 0)) {
            Path service = simulator.service().write();
            List<String> tenants = simulator.add(Simulator.State.SMALL_STEADY, sizes.get(sizes.size() - 1));
            for (int size : sizes) {
                JsonNode result = measure(service, tenants.subList(0, size));
                String night = size + " tenants: ";
                report.add(
                        night + "wall for a tenant", result.path("wallMillis").asDouble(), "ms");
                report.add(night + "threads at most", result.path("threads").asDouble(), "");
                report.add(night + "open files at most", result.path("files").asDouble(), "");
                double heap = result.path("heapMiB").asDouble();
                report.add(night + "heap after collection at most", heap, "MiB");
                if (least == 0) {
                    least = heap;
                } else {
                    report.add(
                            "heap of " + size + " over heap of " + sizes.get(0),
                            heap / least,
                            "×",
                            Report.Goal.atMost(1.2));
                }
            }
        }
    }

    private static JsonNode measure(Path service, List<String> tenants) {
        try {
            Path ids = Files.createTempFile("cpv-bench", ".txt");
            Files.write(ids, tenants);
            String line = Jvm.run(OPTIONS, Jvm.ownClasspath(), GrowthMain.class, service.toString(), ids.toString());
            Files.delete(ids);
            return Fixture.JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
