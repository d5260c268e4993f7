package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RunRecord;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM during a night, with a real process; the next process completes the night. */
class InterruptedNightIT {
    private static final int TENANTS = 16;

    @TempDir
    Path home = Path.of("");

    /** Only for the second start: it must be in the night of the first one, even if midnight has passed since. */
    private final ManualClock sameNight = new ManualClock(Instant.EPOCH);

    private SimulatedPartner partner;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner(home, Clock.systemUTC(), sameNight, sameNight);
        partner.environment.put("CPV_STATE_DIR", home.resolve(".cpv").toString());
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @ParameterizedTest
    @CsvSource({"INT, 2, 130", "TERM, 15, 143"})
    void R18_aNightThatIsInterruptedEndsInOrderAndGoesOn(String signal, int number, int expectedStatus)
            throws Exception {
        assumeThat(isIgnored(number))
                .as("a signal that this process ignores, its children ignore")
                .isFalse();
        List<SimulatedTenant> tenants = tenants();
        CountDownLatch inTheMiddle = new CountDownLatch(14);
        // Responses are slow, so that the signal arrives while tenants are left.
        partner.microsoft
                .faults()
                .onAny(Endpoint.BATCH)
                .when(request -> {
                    inTheMiddle.countDown();
                    return true;
                })
                .always()
                .delay(Duration.ofMillis(150));

        Process process = nightly();
        assertThat(inTheMiddle.await(60, TimeUnit.SECONDS)).as(this::err).isTrue();
        new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        partner.microsoft.faults().clear();

        assertThat(ended).as("it ends by itself").isTrue();
        assertThat(process.exitValue()).as(this::err).isEqualTo(expectedStatus);
        Outcome stopped = new Outcome(process.exitValue(), Files.readString(home.resolve("out.txt")), err());
        Map<String, List<String>> outcomes = stopped.byOutcome();
        assertThat(stopped.json()).as("a line a tenant").hasSize(TENANTS);
        assertThat(outcomes.keySet())
                .isSubsetOf("UPDATED", "CANCELLED", "NOT_ATTEMPTED")
                .contains("NOT_ATTEMPTED");
        assertThat(report(stopped).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(partner.state().lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.CANCELLED);
        List<String> updated = outcomes.getOrDefault("UPDATED", List.of());
        assertThat(updated).isNotEmpty();
        assertThat(recorded(tenants)).as("tenants that the journal has").containsExactlyInAnyOrderElementsOf(updated);

        Instant begun = partner.state().lastRun().orElseThrow().started();
        partner.later(Duration.between(sameNight.instant(), begun));
        Outcome again = partner.cpv("nightly", "--once", "--json");

        assertThat(again.status()).as(again.toString()).isZero();
        assertThat(report(again).path("runId")).isEqualTo(report(stopped).path("runId"));
        assertThat(report(again).path("doneBefore").asInt()).isEqualTo(updated.size());
        Set<String> whole = new TreeSet<>(updated);
        again.json()
                .forEach(line -> assertThat(whole.add(line.path("tenantId").asText()))
                        .as("none twice")
                        .isTrue());
        assertThat(whole).hasSize(TENANTS);
        Set<String> required = partner.holdings(partner.inSync("As it should be"));
        assertThat(tenants)
                .allSatisfy(tenant -> assertThat(partner.holdings(tenant)).isEqualTo(required));
        System.out.println("SIG" + signal + ": " + updated.size() + " updated, then "
                + again.json().size() + " more");
    }

    private List<SimulatedTenant> tenants() {
        Instant before = Instant.now().minus(Duration.ofHours(1));
        List<SimulatedTenant> tenants = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            SimulatedTenant tenant =
                    partner.inSync("Customer " + i).removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
            tenant.relationships()
                    .forEach(relationship -> tenant.updateRelationship(
                            relationship.id(), old -> old.withStatus(GdapRelationship.Status.ACTIVE, before)));
            tenants.add(tenant);
        }
        return tenants;
    }

    private Process nightly() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target", "cpv-examples.jar").toString(),
                "nightly",
                "--once",
                "--json",
                "--concurrency",
                "2");
        builder.environment().putAll(partner.environment);
        return builder.redirectOutput(home.resolve("out.txt").toFile())
                .redirectError(home.resolve("err.txt").toFile())
                .start();
    }

    private String err() {
        try {
            return Files.readString(home.resolve("err.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A shell without job control makes its background processes ignore Ctrl-C, and child processes inherit that. */
    private static boolean isIgnored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(ignored -> (ignored >> (signal - 1) & 1) == 1);
    }

    private List<String> recorded(List<SimulatedTenant> tenants) {
        FileRefreshJournal journal =
                FileRefreshJournal.open(home.resolve(".cpv").resolve("journal"));
        return tenants.stream()
                .map(SimulatedTenant::id)
                .filter(tenant -> journal.find(TenantId.of(tenant)).isPresent())
                .toList();
    }

    private static JsonNode report(Outcome run) throws IOException {
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("{")).toList();
        assertThat(lines).as(run.toString()).hasSize(1);
        return new ObjectMapper().readTree(lines.get(0));
    }
}
