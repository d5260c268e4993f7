package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.cpv.examples.postgres.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A night of 2,000 tenants, each response delayed by 150 ms, on JVMs that share a PostgreSQL: -Pcluster test. */
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ClusterTest {
    private static final int TENANTS = 2000;
    private static final int DRIFTED = TENANTS * 13 / 100;
    private static final int SWITCHED_OFF = TENANTS * 2 / 100;
    private static final int LATENCY_MILLIS = 150;
    private static final int THREADS = 16;

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    private Instant due = Instant.EPOCH;

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void R32_theNightTakesLessTimeOnMoreMachines(int nodes) throws Exception {
        Process microsoft = begin();
        for (int i = 1; i <= nodes; i++) {
            node("node " + i);
        }
        Instant start = Instant.now();
        dispatch();
        awaitDone();
        Duration time = Duration.between(start, Instant.now());

        System.out.printf(
                "%d tenants, %d ms latency, %d node(s) of %d threads: %.1f s%n",
                TENANTS, LATENCY_MILLIS, nodes, THREADS, time.toMillis() / 1000.0);
        assertThat(report())
                .isEqualTo(Map.of(
                        "UP_TO_DATE", (long) TENANTS - DRIFTED - SWITCHED_OFF,
                        "UPDATED", (long) DRIFTED,
                        "FAILED", (long) SWITCHED_OFF));
        assertThat(begun(microsoft))
                .hasSize(TENANTS)
                .allSatisfy((tenant, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void R34_aNodeThatIsKilledCostsNothingButWhatItHadAtWork() throws Exception {
        Process microsoft = begin();
        node("node 1");
        Process victim = node("node 2");
        node("node 3");
        dispatch();
        while (done() < TENANTS / 3) {
            TimeUnit.MILLISECONDS.sleep(50); // leaves the processors to the other processes
        }
        victim.destroyForcibly().waitFor();
        Set<String> claimed = claimedBy("node 2");
        int doneAtKill = done();
        node("node 4");
        awaitDone();

        Map<String, Long> report = report();
        Map<String, Integer> begun = begun(microsoft);
        Set<String> twice = new HashSet<>();
        begun.forEach((tenant, times) -> {
            if (times > 1) {
                twice.add(tenant);
            }
        });
        System.out.printf(
                "killed after %d tenants with %d claimed, of which %d were being refreshed and were begun again; %s%n",
                doneAtKill, claimed.size(), twice.size(), report);
        assertThat(claimed).as("the node had something to lose").isNotEmpty();
        assertThat(begun).as("every tenant was refreshed").hasSize(TENANTS);
        assertThat(claimed).containsAll(twice);
        assertThat(twice).as("no more than it had threads").hasSizeLessThanOrEqualTo(THREADS);
        assertThat(begun.values()).allMatch(times -> times <= 2);
        assertThat(report).containsOnlyKeys("UP_TO_DATE", "UPDATED", "FAILED").containsEntry("FAILED", (long)
                SWITCHED_OFF);
        // Changes that the killed node made but did not record are found in sync later.
        assertThat(report.get("UPDATED")).isBetween((long) DRIFTED - twice.size(), (long) DRIFTED);
        assertThat(report.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(TENANTS);
        assertThat(nodes()).contains("node 1", "node 2", "node 3", "node 4");
    }

    // Processes

    private Process begin() throws Exception {
        Process microsoft =
                ready(ClusterProcess.start(folder.resolve("log"), "1g", "microsoft", folder, TENANTS, LATENCY_MILLIS));
        NightLog.open(database.source());
        return microsoft;
    }

    private Process node(String name) throws Exception {
        return ready(
                ClusterProcess.start(folder.resolve("log"), "192m", "node", folder, database.url(), name, THREADS));
    }

    private Process ready(Process process) throws IOException {
        processes.add(process);
        BufferedReader output = ClusterProcess.output(process);
        assertThat(output.readLine()).as("see %s", folder).isEqualTo(ClusterProcess.READY);
        return process;
    }

    /** Ends the simulator and returns how often the refresh of each tenant was begun. */
    private Map<String, Integer> begun(Process microsoft) throws Exception {
        Set<String> tenants = new HashSet<>(Files.readAllLines(folder.resolve("tenants")));
        microsoft.getOutputStream().close();
        assertThat(microsoft.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Map<String, Integer> begun = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("tokens"))) {
            String tenant = line.substring(0, line.indexOf(' '));
            if (tenants.contains(tenant)) {
                begun.put(tenant, Integer.valueOf(line.substring(line.indexOf(' ') + 1)));
            }
        }
        return begun;
    }

    // Database

    private void dispatch() {
        due = Instant.now();
        SchedulerClient.Builder.create(database.source())
                .build()
                .reschedule(ClusterNode.NIGHT.instanceId("recurring"), due);
    }

    private Map<String, Long> report() {
        return NightLog.open(database.source()).report(LocalDate.ofInstant(due, ZoneOffset.UTC));
    }

    private void awaitDone() throws Exception {
        while (done() < TENANTS || tasks() > 0) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private int done() throws SQLException {
        return Integer.parseInt(select("select count(*) from cpv_night where outcome is not null")
                .get(0));
    }

    private int tasks() throws SQLException {
        return Integer.parseInt(select("select count(*) from scheduled_tasks where task_name = 'cpv-tenant'")
                .get(0));
    }

    private Set<String> claimedBy(String node) throws SQLException {
        Set<String> tenants = new HashSet<>();
        for (String task : select("select task_instance from scheduled_tasks where picked_by = '" + node + "'")) {
            tenants.add(task.substring(task.indexOf(' ') + 1));
        }
        return tenants;
    }

    private List<String> nodes() throws SQLException {
        return select("select distinct node from cpv_night");
    }

    private List<String> select(String sql) throws SQLException {
        List<String> column = new ArrayList<>();
        try (Connection connection = database.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                column.add(row.getString(1));
            }
        }
        return column;
    }
}
