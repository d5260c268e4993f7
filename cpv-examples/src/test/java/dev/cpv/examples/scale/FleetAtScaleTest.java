package dev.cpv.examples.scale;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.examples.scale.ScaleProcess.Figures;
import dev.cpv.examples.scale.SimulatedFleet.Kind;
import dev.cpv.model.RefreshOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Nights over 10,000 tenants, each in a JVM with 192 MiB of heap, with the simulator in another: -Pscale test. */
@Tag("scale")
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FleetAtScaleTest {
    private static final int TENANTS = Integer.getInteger("cpv.scale.tenants", 10_000);
    private static final double MIB = 1024 * 1024;

    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void R33_nightsOverTenThousandTenantsAreTrueAndTakeNoMoreMemory() throws Exception {
        Microsoft few = new Microsoft("few", TENANTS / 10);
        Figures small = allInSync(few, TENANTS / 10);
        few.end();
        Microsoft many = new Microsoft("many", TENANTS);
        Figures large = allInSync(many, TENANTS);
        assertThat((double) large.heap() / small.heap())
                .as("heap of ten times the tenants")
                .isLessThan(2);

        many.ask("change");
        mixed(many);
        many.ask("change again");
        inTwoParts(many);
        many.end();
    }

    private static Figures allInSync(Microsoft microsoft, int tenants) throws Exception {
        Figures figures = microsoft.night("all in sync", 0, tenants);
        assertThat(outcomes(microsoft.report("all in sync"))).isEqualTo(Map.of(RefreshOutcome.UP_TO_DATE, tenants));
        microsoft.judge().night(microsoft.file("all in sync"));
        assertThat(figures.requests())
                .as("a token and a batch for each tenant, and the partner's own requests once")
                .isBetween(2L * tenants, 2L * tenants + 5);
        return figures;
    }

    private static void mixed(Microsoft microsoft) throws Exception {
        microsoft.night("mixed", 0, TENANTS + TENANTS / 20);
        JsonNode report = microsoft.report("mixed");
        Judge judge = microsoft.judge();
        judge.night(microsoft.file("mixed"));
        assertThat(judge.kinds()).containsOnlyKeys(Kind.values());
        assertThat(report.path("alarm").isNull()).isTrue();
        assertThat(outcomes(report)).isEqualTo(judge.outcomes());
    }

    private static void inTwoParts(Microsoft microsoft) throws Exception {
        int all = TENANTS + TENANTS / 20;
        microsoft.night("cancelled", all / 2, all);
        microsoft.night("resumed", 0, all);
        JsonNode before = microsoft.report("cancelled");
        JsonNode after = microsoft.report("resumed");
        microsoft.judge().parts(microsoft.file("cancelled"), microsoft.file("resumed"));
        assertThat(before.path("state").asText()).isEqualTo("CANCELLED");
        assertThat(after.path("state").asText()).isEqualTo("DONE");
        assertThat(after.path("runId")).isEqualTo(before.path("runId"));
        assertThat(after.path("tenants").asInt()).isEqualTo(all);
        Map<RefreshOutcome, Integer> ofFirst = outcomes(before);
        int left = ofFirst.getOrDefault(RefreshOutcome.NOT_ATTEMPTED, 0)
                + ofFirst.getOrDefault(RefreshOutcome.CANCELLED, 0);
        assertThat(left).isPositive();
        assertThat(after.path("doneBefore").asInt()).isEqualTo(all - left);
    }

    private static Map<RefreshOutcome, Integer> outcomes(JsonNode report) {
        Map<RefreshOutcome, Integer> outcomes = new HashMap<>();
        report.path("outcomes")
                .properties()
                .forEach(entry -> outcomes.put(
                        RefreshOutcome.valueOf(entry.getKey()), entry.getValue().asInt()));
        return outcomes;
    }

    /** A simulator in its own JVM, and the folder of its partner's tool. */
    private final class Microsoft {
        private final Path home;
        private final Process process;
        private final BufferedReader output;

        Microsoft(String name, int tenants) throws IOException {
            home = Files.createDirectories(folder.resolve(name));
            process = ScaleProcess.start(log(), List.of("-Xmx6g", "-XX:+UseSerialGC"), "microsoft", home, tenants);
            processes.add(process);
            output = output(process);
            ready();
        }

        void ask(String command) throws IOException {
            process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            ready();
        }

        private void ready() throws IOException {
            String line = output.readLine();
            assertThat(line).as("%s", Files.readString(log())).isEqualTo("ready");
        }

        Figures night(String name, int cancelAfter, int tenants) throws Exception {
            Process night = ScaleProcess.start(
                    log(),
                    List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=2"),
                    "night",
                    home,
                    name,
                    cancelAfter);
            processes.add(night);
            String line = output(night).readLine();
            assertThat(night.waitFor()).as("%s", Files.readString(log())).isZero();
            Figures figures = Figures.of(line);
            System.out.printf(
                    "%d tenants, %s: %.1f s, %.1f s of CPU, %.2f requests per tenant, at most %.1f MiB of heap after a collection, %s%n",
                    tenants,
                    name,
                    figures.seconds(),
                    figures.cpuSeconds(),
                    (double) figures.requests() / tenants,
                    figures.heap() / MIB,
                    outcomes(report(name)));
            return figures;
        }

        Path file(String name) {
            return home.resolve(name);
        }

        JsonNode report(String name) throws IOException {
            return new ObjectMapper().readTree(file(name + ".json").toFile());
        }

        Judge judge() throws IOException {
            ask("truth");
            return new Judge(
                    Files.readAllLines(file("truths")).stream().map(Truth::of).toList());
        }

        void end() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        private Path log() {
            return folder.resolve("log");
        }

        private static BufferedReader output(Process process) {
            return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
