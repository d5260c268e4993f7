package dev.cpv.examples.postgres;

import static dev.cpv.examples.postgres.JdbcJournalProcess.NOW;
import static dev.cpv.examples.postgres.JdbcJournalProcess.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.cpv.CpvClient;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testkit.OtherJvm;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JdbcRefreshJournalTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int ROUNDS = 100;

    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @BeforeEach
    void begin() throws SQLException {
        JdbcRefreshJournal.open(DATABASE.source());
        execute("truncate cpv_journal");
    }

    private static RefreshJournal journal() {
        return JdbcRefreshJournal.open(DATABASE.source());
    }

    @Test
    void R34_noTwoProcessesHoldALeaseAtOneTime(@TempDir Path elsewhere) throws Exception {
        Path witness = elsewhere.resolve("witness");
        List<Process> processes = new ArrayList<>();
        List<List<Long>> numbers = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                processes.add(OtherJvm.start(JdbcJournalProcess.class, "contend", DATABASE.url(), witness, ROUNDS));
            }
            for (Process process : processes) {
                assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(process.exitValue())
                        .as("it failed if the other one was inside")
                        .isZero();
                try (BufferedReader output = OtherJvm.output(process)) {
                    numbers.add(output.lines().map(Long::valueOf).toList());
                }
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }

        assertThat(numbers).allSatisfy(each -> assertThat(each).hasSize(ROUNDS).isSorted());
        assertThat(numbers.stream().flatMap(List::stream)).doesNotHaveDuplicates();
    }

    @Test
    void killedInTheMiddleOfManyWritesEverythingToldIsThereAndTheLeaseIsHeldUntilItsEnd() throws Exception {
        int last = 0;
        Process process = OtherJvm.start(JdbcJournalProcess.class, "write", DATABASE.url());
        try (BufferedReader output = OtherJvm.output(process)) {
            while (last < 100) {
                last = Integer.parseInt(String.valueOf(output.readLine()));
            }
            // By its handle: destroying the process itself would close its output, which still has to be read.
            process.toHandle().destroyForcibly();
            for (String rest = output.readLine(); rest != null; rest = output.readLine()) {
                last = Integer.parseInt(rest);
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        RefreshJournal journal = journal();
        int kept = Integer.parseInt(journal.find(TENANT).orElseThrow().requiredFingerprint());

        assertThat(kept)
                .as("the last one that was reported, or the one after it")
                .isBetween(last, last + 1);
        assertThat(journal.find(TENANT)).contains(JdbcJournalProcess.record(kept));
        assertThat(journal.acquire(TENANT, "next", NOW.plusSeconds(59), MINUTE)).isEmpty();
        assertThat(journal.acquire(TENANT, "next", NOW.plusSeconds(60), MINUTE)).isPresent();
    }

    @Test
    void R34_aClientWithAJournalInPostgresqlFindsTheTenantOfAnotherNodeBusy() {
        RequiredPermissionSet required = RequiredPermissionSet.builder("tool")
                .application(AppId.MICROSOFT_GRAPH, "User.Read.All")
                .build();
        FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
        DataSource source = DATABASE.source();
        // tag::postgresql
        RefreshJournal journal = JdbcRefreshJournal.open(source);
        CpvClient client = CpvClient.builder(directory, required)
                .journal(journal)
                .name("node 1")
                .build();
        // end::postgresql
        Lease another = journal()
                .acquire(tenant, "node 2", Clock.systemUTC().instant(), MINUTE)
                .orElseThrow();

        assertThat(client.refresh(tenant).failure()).map(CpvFailure::code).contains(FailureCode.TENANT_BUSY);

        journal().release(another);
        assertThat(client.refresh(tenant).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(journal().find(tenant)).map(TenantRecord::lastOutcome).contains(RefreshOutcome.UPDATED);
        assertThat(journal().lease(tenant)).isEmpty();
    }

    @Test
    void timesAreKeptToTheNanosecond() {
        RefreshJournal journal = journal();
        for (Instant now : List.of(
                Instant.parse("2026-11-20T00:00:00.123456789Z"), Instant.parse("1969-12-31T23:59:59.000000001Z"))) {
            Lease lease = journal.acquire(tenant, "first", now, MINUTE).orElseThrow();
            journal.save(record(now), lease);

            assertThat(journal.lease(tenant)).contains(lease);
            assertThat(journal.find(tenant)).contains(record(now));
            assertThat(journal.acquire(tenant, "second", lease.until().minusNanos(1), MINUTE))
                    .isEmpty();
            journal.release(lease);
        }
    }

    @Test
    void anInterruptWhileAPoolHasNoConnectionDoesNotEndTheCall() throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(DATABASE.url());
            pool.setMaximumPoolSize(1);
            RefreshJournal journal = JdbcRefreshJournal.open(pool);
            Connection busy = pool.getConnection();
            List<Object> seen = new ArrayList<>();
            Thread caller = new Thread(() -> {
                seen.add(journal.acquire(tenant, "first", NOW, MINUTE).isPresent());
                seen.add(Thread.currentThread().isInterrupted());
            });
            caller.start();
            while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 0) {
                Thread.onSpinWait();
            }
            caller.interrupt();
            while (caller.isInterrupted()) {
                Thread.onSpinWait(); // It has been noticed and is kept for later.
            }
            busy.close();
            caller.join();

            assertThat(seen).containsExactly(true, true);
        }
    }

    @Test
    void manyWhoOpenAtOnceMakeOneTable() throws Exception {
        execute("drop table cpv_journal");
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            Callable<RefreshJournal> open = JdbcRefreshJournalTest::journal;
            for (Future<RefreshJournal> opened : executor.invokeAll(Collections.nCopies(8, open))) {
                assertThat(opened.get().find(tenant)).isEmpty();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aRowOfANewerVersionIsRefusedAndLeftAlone() throws SQLException {
        RefreshJournal journal = journal();
        journal.save(record(NOW), journal.acquire(tenant, "first", NOW, MINUTE).orElseThrow());
        execute("update cpv_journal set last_outcome = 'REJUVENATED'");

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> journal.find(tenant))
                .withMessageContaining("newer cpv")
                .withMessageContaining("REJUVENATED");
        assertThat(journal.lease(tenant)).isPresent();
    }

    @Test
    void R23_aDatabaseThatCannotBeReachedIsToldWithoutThePassword() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/nowhere");
        nowhere.setUser("cpv");
        nowhere.setPassword("hunter2");

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> JdbcRefreshJournal.open(nowhere))
                .withMessageContaining("localhost:1")
                .satisfies(e -> assertThat(e).hasStackTraceContaining("refused"))
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("hunter2"));
    }

    private static String stackTrace(Throwable thrown) {
        return Throwables.getStackTrace(thrown);
    }

    private TenantRecord record(Instant time) {
        return new TenantRecord(
                tenant,
                time,
                RefreshOutcome.UP_TO_DATE,
                "fingerprint",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
