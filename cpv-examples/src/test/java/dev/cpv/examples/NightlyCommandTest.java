package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.spi.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NightlyCommandTest {
    @TempDir
    Path home = Path.of("");

    private SimulatedPartner partner;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner(home);
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Test
    void onceRefreshesAllNowAndReports() throws IOException {
        partner.fleet(3);
        partner.neverConsented("Newcomer").relationshipStatus(GdapRelationship.Status.TERMINATED);
        Instant begun = partner.clock.instant();
        Path page = home.resolve("night.html");

        Outcome run = partner.cpv("nightly", "--once", "--json", "--report", page.toString());

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).hasSize(4);
        assertThat(partner.clock.instant()).as("no spread").isEqualTo(begun);
        JsonNode report = report(run);
        assertThat(report.path("state").asText()).isEqualTo("DONE");
        assertThat(report.path("tenants").asInt()).isEqualTo(4);
        assertThat(report.path("outcomes").path("UP_TO_DATE").asInt()).isEqualTo(3);
        assertThat(report.path("outcomes").path("SKIPPED").asInt()).isEqualTo(1);
        assertThat(run.err()).contains("4 tenants: 3 UP_TO_DATE, 1 SKIPPED");
        assertThat(page).content().contains("Customer 2", "Newcomer");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing is left beside the page")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
        assertThat(partner.state().lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.DONE);
    }

    @Test
    void onceTellsByItsExitStatusThatATenantIsNotWell() {
        List<SimulatedTenant> tenants = partner.fleet(2);
        tenants.get(0).enableServicePrincipal(partner.credentials.clientId(), false);

        Outcome run = partner.cpv("nightly", "--once");

        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).contains("2 tenants: 1 UP_TO_DATE, 1 FAILED");
        JsonNode attention = report(run).path("attention");
        assertThat(attention).hasSize(1);
        assertThat(attention.get(0).path("label").asText()).isEqualTo("Customer 0");
    }

    @Test
    void onceGoesOnWithTheRunThatWasInterruptedInThisNight() {
        List<SimulatedTenant> tenants = partner.fleet(6);
        partner.microsoft.faults().onAny(Endpoint.BATCH).nth(3).hold(partner::stopCommand);

        Outcome stopped = partner.cpv("nightly", "--once", "--json", "--concurrency", "1");
        Outcome again = partner.cpv("nightly", "--once", "--json");

        assertThat(stopped.status()).isEqualTo(1);
        assertThat(report(stopped).path("state").asText()).isEqualTo("CANCELLED");
        int done = stopped.byOutcome().getOrDefault("UP_TO_DATE", List.of()).size();
        assertThat(again.status()).as(again.toString()).isZero();
        assertThat(again.json()).hasSize(tenants.size() - done);
        assertThat(report(again).path("runId")).isEqualTo(report(stopped).path("runId"));
        assertThat(report(again).path("doneBefore").asInt()).isEqualTo(done);
    }

    @Test
    void R32_noSecondNightBeginsBesideOneThatIsUnderWay() {
        partner.fleet(3);
        Deque<Outcome> beside = new ArrayDeque<>();
        partner.microsoft.faults().onAny(Endpoint.BATCH).nth(2).hold(() -> {
            int requests = partner.requests();
            beside.add(partner.cpv("nightly", "--once", "--json"));
            beside.add(partner.cpv("refresh", "--all", "--json"));
            assertThat(partner.requests()).as("requests of the second ones").isEqualTo(requests);
        });

        Outcome run = partner.cpv("nightly", "--once", "--json", "--concurrency", "1");

        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.json()).hasSize(3);
        assertThat(beside).hasSize(2);
        assertThat(beside).allSatisfy(second -> {
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.json()).isEmpty();
            assertThat(second.err()).contains("FLEET_BUSY", "Wait until the other run has ended");
        });
        assertThat(report(run).path("state").asText()).isEqualTo("DONE");
        assertThat(partner.state().lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.DONE);
        assertThat(partner.cpv("nightly", "--once").status()).isZero();
    }

    @Test
    void onceBeginsAnewAfterAnotherNightBegan() {
        partner.fleet(2);
        UUID yesterday = new UUID(1, 1);
        partner.state().save(RunRecord.begun(yesterday, partner.clock.instant()));
        partner.later(Duration.ofDays(1));

        Outcome run = partner.cpv("nightly", "--once", "--json");

        assertThat(report(run).path("runId").asText()).isNotEqualTo(yesterday.toString());
        assertThat(run.json()).hasSize(2);
    }

    @Test
    void R32_aMissedNightIsCaughtUpAtStartAndASignalEndsItInOrder() {
        partner.fleet(5);
        partner.state()
                .save(RunRecord.begun(new UUID(1, 1), partner.clock.instant())
                        .ended(RunRecord.State.DONE, partner.clock.instant()));
        partner.later(Duration.ofDays(3));
        partner.microsoft.faults().onAny(Endpoint.BATCH).nth(3).hold(partner::stopCommand);

        Outcome run = partner.cpv("nightly", "--json", "--concurrency", "1");

        assertThat(run.json()).hasSize(5);
        assertThat(run.byOutcome().keySet()).contains("UP_TO_DATE", "NOT_ATTEMPTED");
        assertThat(run.err().lines().filter(line -> line.startsWith("{"))).hasSize(1);
        assertThat(report(run).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(partner.state().lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.CANCELLED);
    }

    @Test
    void R32_withoutAMissedNightItWaitsAndASignalEndsTheWaiting() {
        partner.fleet(2);

        CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(() -> partner.cpv("nightly"));
        partner.stopCommand();

        assertThat(run.join().status()).isZero();
        assertThat(run.join().out()).isEmpty();
        assertThat(run.join().err()).contains("00:00 UTC");
        assertThat(partner.requests()).isZero();
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeAnythingIsSent() {
        partner.fleet(1);

        Outcome missing = partner.cpv(
                "nightly",
                "--once",
                "--report",
                home.resolve("no/such/night.html").toString());
        Outcome directory = partner.cpv("nightly", "--once", "--report", home.toString());

        for (Outcome run : List.of(missing, directory)) {
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err().lines()).singleElement().asString().startsWith("cpv: --report ");
        }
        assertThat(partner.requests()).isZero();
    }

    @Test
    void whatIsAllowedIsAllowedForOneRun() {
        Outcome run = partner.cpv("nightly", "--allow-shrinking");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--allow-shrinking", "--once");
        assertThat(partner.cpv("nightly", "--help").out()).contains("CPV_STATE_DIR", "--report", "00:00 UTC");
    }

    /** The report is the only line of JSON on standard error. */
    private static JsonNode report(Outcome run) {
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("{")).toList();
        assertThat(lines).as(run.toString()).hasSize(1);
        try {
            return new ObjectMapper().readTree(lines.get(0));
        } catch (IOException e) {
            throw new AssertionError(lines.get(0), e);
        }
    }
}
