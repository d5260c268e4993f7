package dev.cpv;

import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import dev.cpv.testkit.OtherJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** One journal's directory and several JVMs, some of which are killed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class TwoProcessesTest {
    private static final int ROUNDS = 100;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;

    @Test
    void R34_noTwoProcessesHoldALeaseAtOneTime(@TempDir Path elsewhere) throws Exception {
        Path witness = elsewhere.resolve("witness");
        List<Process> processes = new ArrayList<>();
        List<List<Long>> numbers = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                processes.add(OtherJvm.start(JournalProcess.class, "contend", directory, witness, ROUNDS));
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
        List<Long> all = numbers.stream().flatMap(List::stream).toList();
        assertThat(all).doesNotHaveDuplicates();
        assertThat(numbers.get(0).get(ROUNDS - 1) > numbers.get(1).get(0)
                        && numbers.get(1).get(ROUNDS - 1) > numbers.get(0).get(0))
                .as("they did meet")
                .isTrue();
    }

    @Test
    void R34_refreshOfAnotherProcessIsBusyUntilItsLeaseEndsThoughItIsKilled() throws Exception {
        Fixture fixture = new Fixture().consented();
        CpvClient client = CpvClient.builder(fixture.directory, Fixture.REQUIRED)
                .journal(FileRefreshJournal.open(directory))
                .clock(fixture.clock)
                .sleeper(fixture.clock)
                .build();
        Process other = OtherJvm.start(JournalProcess.class, "refresh", directory);
        try (BufferedReader output = OtherJvm.output(other)) {
            assertThat(output.readLine()).isEqualTo(JournalProcess.HELD);
            assertBusy(client);
        } finally {
            kill(other);
        }
        assertBusy(client);
        assertThat(fixture.calls()).isEmpty();

        fixture.clock.advance(Duration.ofMinutes(11));
        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    private static void assertBusy(CpvClient client) {
        assertThat(client.refresh(TENANT).failure()).hasValueSatisfying(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.TENANT_BUSY);
            assertThat(failure.message()).contains("daemon");
            assertThat(failure.retryAfter()).contains(Duration.ofMinutes(11));
        });
    }

    @Test
    void R15_killedInTheMiddleOfManyWritesEveryRecordIsReadable() throws Exception {
        int last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            last = writeAndKill(last + 1, 40 + 17 * kill);
            RefreshJournal journal = FileRefreshJournal.open(directory);
            assertThat(names()).as("nothing garbled, nothing left over").noneMatch(TwoProcessesTest::isTrouble);
            for (int i = 0; i < JournalProcess.TENANTS; i++) {
                assertWhole(journal, i, last);
            }
        }
    }

    /** Returns the last number that the process said it had saved. */
    private int writeAndKill(int first, int lines) throws Exception {
        Process process = OtherJvm.start(JournalProcess.class, "write", directory, first);
        int last = 0;
        try (BufferedReader output = OtherJvm.output(process)) {
            for (int i = 0; i < lines; i++) {
                last = Integer.parseInt(String.valueOf(output.readLine()));
            }
            kill(process);
            for (String rest = output.readLine(); rest != null; rest = output.readLine()) {
                last = Integer.parseInt(rest);
            }
        } finally {
            kill(process);
        }
        return last;
    }

    /** The number of the tenant's newest record is the last that was told, or the one after it. */
    private static void assertWhole(RefreshJournal journal, int tenant, int last) {
        TenantRecord record = journal.find(JournalProcess.tenant(tenant)).orElseThrow();
        int number = Integer.parseInt(record.requiredFingerprint());
        assertThat(record).isEqualTo(JournalProcess.record(JournalProcess.tenant(tenant), number));
        assertThat(number).isBetween(last - JournalProcess.TENANTS + 1, last + 1);
        Lease lease = journal.lease(record.tenant()).orElseThrow();
        assertThat(lease.owner()).isEqualTo("process");
    }

    private static void kill(Process process) throws InterruptedException {
        // By its handle: the process itself would close its output, of which there is more to read.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    private static boolean isTrouble(String name) {
        return name.endsWith(".corrupt") || name.endsWith(".tmp");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
