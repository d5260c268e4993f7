package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.examples.SimulatedPartner.Outcome;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.TenantId;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.Sleeper;
import dev.cpv.testkit.Chance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R20 with a real process that is killed (SIGKILL) while the services hold one of its requests, for each of its requests. */
class KilledResetIT {
    private static final String EXTRA_SCOPES = "Extra.Read";
    private static final String READERS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b";
    private static final String GROUP = "5e000000-0000-4000-8000-00000000000a";
    private static final String USER = "5e000000-0000-4000-8000-00000000000b";

    /** Each build kills it at every fifth of its requests, the nightly build at each. */
    private static final int EACH_BUILD = 5;

    @TempDir
    Path home = Path.of("");

    private SimulatedPartner partner;
    private int killed;

    @BeforeEach
    void start() {
        Clock now = Clock.systemUTC();
        // The commands of this process run after the lease of the killed process has ended.
        partner = new SimulatedPartner(home, now, Clock.offset(now, Duration.ofMinutes(30)), Sleeper.system());
        partner.environment.put("CPV_CONSENT_WAIT", "20");
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R20_resetThatIsKilledAtAnyRequestIsFinishedByTheNextRefresh(boolean afterEffect) throws Exception {
        int step = Chance.isNightly() ? 1 : EACH_BUILD;
        int request = step;
        while (killedAt(request, afterEffect)) {
            request += step;
        }
        assertThat(killed).as("requests of a reset at which it was killed").isGreaterThanOrEqualTo(10 / step);
    }

    /** Returns false if the process ended before that request. */
    private boolean killedAt(int request, boolean afterEffect) throws Exception {
        SimulatedTenant tenant = tenant(request);
        Path state = home.resolve("state-" + request);
        partner.environment.put("CPV_STATE_DIR", state.toString());
        Set<String> before = all(tenant);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        FaultPlan.Step fault = partner.microsoft.faults().onAnyRequest().nth(request);
        (afterEffect ? fault.afterEffect() : fault).hold(() -> {
            held.countDown();
            await(released);
        });

        Process process = reset(tenant);
        while (process.isAlive() && held.getCount() > 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        boolean wasHeld = held.getCount() == 0;
        process.destroyForcibly().waitFor();
        released.countDown();
        partner.microsoft.faults().clear();
        Optional<Phase> left = reset(state, tenant);
        killed += wasHeld ? 1 : 0;
        Outcome refresh = partner.cpv("refresh", tenant.id(), "--json");

        String what = "request " + request + (afterEffect ? ", after" : ", before") + " its effect";
        System.out.println("killed at " + what + ", phase "
                + left.map(Phase::name).orElse("none") + ": refresh " + refresh.outcome(tenant));
        assertThat(refresh.outcome(tenant)).as("%s: %s", what, refresh).isIn("UPDATED", "UP_TO_DATE");
        assertThat(all(tenant)).as(what).isEqualTo(before);
        assertThat(reset(state, tenant).filter(Phase::isOpen)).as(what).isEmpty();
        return wasHeld;
    }

    private SimulatedTenant tenant(int number) {
        return partner.inSync("Tenant " + number)
                .grantScopes(ResourceCatalog.GRAPH, Set.of(EXTRA_SCOPES, "RoleManagement.ReadWrite.Directory"))
                .userGrant(USER, ResourceCatalog.GRAPH, Set.of("Mail.Read"))
                .assignToApp("User", USER, "00000000-0000-0000-0000-000000000000")
                .assignDirectoryRole(READERS)
                .addToGroup(GROUP);
    }

    /** Everything that the tenant has of the application, without object ids. */
    private Set<String> all(SimulatedTenant tenant) {
        String app = partner.credentials.clientId();
        Set<String> all = new TreeSet<>(partner.holdings(tenant));
        tenant.grants(app)
                .forEach(grant -> all.add("grant of " + grant.principalId() + ": "
                        + new TreeSet<>(Set.of(grant.scope().split(" ")))));
        tenant.directoryRoles(app).forEach(role -> all.add("role " + role));
        tenant.groups(app).forEach(group -> all.add("group " + group));
        tenant.assignedTo(app).forEach(assigned -> all.add("assigned " + assigned.principalId()));
        return all;
    }

    private Process reset(SimulatedTenant tenant) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target", "cpv-examples.jar").toString(),
                "reset",
                tenant.id(),
                "--yes",
                "--json");
        builder.environment().putAll(partner.environment);
        return builder.redirectOutput(home.resolve("out.txt").toFile())
                .redirectError(home.resolve("err.txt").toFile())
                .start();
    }

    private static Optional<Phase> reset(Path state, SimulatedTenant tenant) {
        Path journal = state.resolve("journal");
        return Files.isDirectory(journal)
                ? FileRefreshJournal.open(journal)
                        .findReset(TenantId.of(tenant.id()))
                        .map(ResetRecord::phase)
                : Optional.empty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
