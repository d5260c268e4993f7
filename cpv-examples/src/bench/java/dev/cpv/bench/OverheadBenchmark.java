package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cost of a refresh compared with the bare requests: each side in its own JVM, alternating; the median counts. */
final class OverheadBenchmark {
    private static final List<String> OPTIONS =
            List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private static final JsonNode NEXT = Fixture.JSON.createObjectNode();

    private final int count;
    private final int rounds;

    OverheadBenchmark(boolean quick) {
        count = quick ? 200 : 2_000;
        rounds = quick ? 1 : 3;
    }

    void run(Report report) {
        report.section("Overhead over the bare wire");
        List<JsonNode> ours = new ArrayList<>();
        List<JsonNode> withFiles = new ArrayList<>();
        List<JsonNode> bare = new ArrayList<>();
        try (Simulator simulator = Simulator.start(Duration.ZERO, false, 10)) {
            Path service = simulator.service().write();
            List<String> tenants = simulator.add(Simulator.State.SMALL_STEADY, count);
            Path ids = Files.createTempFile("cpv-bench", ".txt");
            Files.write(ids, tenants);
            Path batch = Files.createTempFile("cpv-bench", ".json");
            Files.writeString(batch, lookOf(simulator, tenants.get(0)));
            String[] arguments = {service.toString(), ids.toString(), batch.toString()};
            try (Child cpv = start("cpv", arguments);
                    Child files = start("files", arguments);
                    Child wire = start("bare", arguments)) {
                for (Child side : List.of(cpv, files, wire)) {
                    side.ask(NEXT); // The first call warms up.
                }
                for (int round = 0; round < rounds; round++) {
                    ours.add(cpv.ask(NEXT));
                    bare.add(wire.ask(NEXT));
                    withFiles.add(files.ask(NEXT));
                }
            }
            Files.delete(ids);
            Files.delete(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Plot plot = new Plot("A refresh of a tenant in sync", "cpv", "the same two requests, bare");
        compare(report, plot, ours, bare, "cpuMicros", "CPU", "µs", Report.Goal.atMost(1.5));
        compare(report, plot, ours, bare, "wallMicros", "wall", "µs", null);
        compare(report, plot, ours, bare, "allocatedKiB", "allocated", "KiB", null);
        report.add("CPU for a refresh, cpv with its journal in files", Jvm.median(withFiles, "cpuMicros"), "µs");
        report.add("wall for a refresh, cpv with its journal in files", Jvm.median(withFiles, "wallMicros"), "µs");
        report.plot("overhead.svg", plot);
    }

    /** The batch with which cpv observes a tenant, so that both sides send the same. */
    private static String lookOf(Simulator simulator, String tenant) {
        try (GraphTenantDirectory directory = simulator.service().directory()) {
            Service.refresh(CpvClient.create(directory, simulator.service().required()), tenant);
        }
        String batch = "";
        for (JsonNode request : simulator.sent()) {
            if (request.path("tenant").asText().equals(tenant)
                    && request.path("endpoint").asText().equals("BATCH")) {
                batch = BareWire.batch(request);
            }
        }
        return batch;
    }

    private static Child start(String side, String[] arguments) {
        return Child.start(OPTIONS, OverheadMain.class, side, arguments[0], arguments[1], arguments[2]);
    }

    private static void compare(
            Report report,
            Plot plot,
            List<JsonNode> ours,
            List<JsonNode> bare,
            String field,
            String name,
            String unit,
            Report.@Nullable Goal goal) {
        double own = Jvm.median(ours, field);
        double other = Jvm.median(bare, field);
        report.add(name + " for a refresh, cpv", own, unit);
        report.add(name + " for a refresh, bare", other, unit);
        report.add(name + ": times the bare wire's", own / other, "×", goal);
        plot.add(name + ", " + unit, own, other);
    }
}
