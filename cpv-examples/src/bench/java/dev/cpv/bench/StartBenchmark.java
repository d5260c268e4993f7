package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The time from the start of a JVM to the end of its first refresh, compared with a JVM that only sends the same requests. */
final class StartBenchmark {
    private static final double MIB = 1024 * 1024;
    /** Nothing is logged on either side; SLF4J must not warn of that 23 times. */
    private static final List<String> OPTIONS = List.of("-Xshare:auto", "-Dslf4j.internal.verbosity=ERROR");

    private final int rounds;
    private final List<Path> jars;

    /** Takes the build directory of the adapter. */
    StartBenchmark(boolean quick, String target) {
        rounds = quick ? 2 : 9;
        jars = new ArrayList<>(jars(Path.of(target, "runtime"), "\\.jar"));
        jars.addAll(jars(Path.of(target), "-[0-9.]+(-SNAPSHOT)?\\.jar"));
    }

    /** The jars whose names have this ending. */
    private static List<Path> jars(Path directory, String end) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[a-zA-Z0-9._-]*" + end))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run(Report report) {
        report.section("Start");
        List<JsonNode> ours = new ArrayList<>();
        List<JsonNode> bare = new ArrayList<>();
        try (Simulator simulator = Simulator.start(Duration.ZERO, false, 100)) {
            Path service = simulator.service().write();
            String tenant = simulator.add(Simulator.State.STEADY, 1).get(0);
            Path requests = Files.createTempFile("cpv-bench", ".json");
            simulator.counts();
            run(StartMain.class, service, tenant);
            Files.writeString(requests, simulator.sent().toString());
            for (int round = 0; round < rounds; round++) {
                ours.add(run(StartMain.class, service, tenant));
                bare.add(run(BareStartMain.class, service, requests.toString()));
            }
            Files.delete(requests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        double own = Jvm.median(ours, "millis");
        double other = Jvm.median(bare, "millis");
        report.add("start to the end of the first refresh, cpv", own, "ms");
        report.add("start to the end of the same requests, bare", other, "ms");
        report.add("times the bare JVM", own / other, "×", Report.Goal.atMost(1.3));
        report.add("CPU until then, cpv", Jvm.median(ours, "cpuMillis"), "ms");
        report.add("CPU until then, bare", Jvm.median(bare, "cpuMillis"), "ms");
        report.add("classes loaded, cpv", Jvm.median(ours, "classes"), "");
        report.add("classes loaded, bare", Jvm.median(bare, "classes"), "");
        report.add("jars that a user pulls in", jars.size(), "");
        report.add("their size", size(""), "MiB");
        report.add("of that the Graph SDK's models", size("microsoft-graph-6"), "MiB");
        report.add("of that cpv", size("cpv-"), "MiB");
        Plot plot =
                new Plot("From the start of a JVM to the end of its first refresh", "cpv", "the same requests, bare");
        plot.add("wall, ms", own, other);
        plot.add("CPU, ms", Jvm.median(ours, "cpuMillis"), Jvm.median(bare, "cpuMillis"));
        plot.add("classes loaded", Jvm.median(ours, "classes"), Jvm.median(bare, "classes"));
        report.plot("start.svg", plot);
    }

    private double size(String name) {
        return jars.stream()
                        .filter(jar -> jar.getFileName().toString().startsWith(name))
                        .mapToLong(jar -> jar.toFile().length())
                        .sum()
                / MIB;
    }

    /** The class path: the benchmarks, and the runtime class path of an application that depends on the adapter. */
    private String classpath() {
        String own = Path.of(StartBenchmark.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        return own
                + File.pathSeparator
                + jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private JsonNode run(Class<?> main, Path service, String argument) throws IOException {
        long start = System.nanoTime();
        JsonNode result = Fixture.JSON.readTree(Jvm.run(OPTIONS, classpath(), main, service.toString(), argument));
        double millis = (System.nanoTime() - start) / 1e6;
        return ((ObjectNode) result).put("millis", millis);
    }
}
