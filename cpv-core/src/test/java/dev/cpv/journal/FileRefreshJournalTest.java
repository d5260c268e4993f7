package dev.cpv.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cpv.model.AppId;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal in files adds to the rules of every journal. */
class FileRefreshJournalTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String READABLE = """
            {"format":1,"tenantId":"0b7d5f4e-1111-4222-8333-444455556666","fencing":7,
             "lease":{"owner":"nightly","until":"2026-11-01T00:01:00Z"},
             "record":{"lastAttempt":"2026-11-01T00:00:00Z","lastOutcome":"UPDATED","requiredFingerprint":"f","notCreatable":[
               {"resourceAppId":"00000003-0000-0000-c000-000000000000","found":"2026-10-31T00:00:00Z"}]}}
            """;

    @TempDir
    private Path parent;

    private Path directory;
    private FileRefreshJournal journal;

    @BeforeEach
    void open() {
        directory = parent.resolve("not").resolve("yet");
        journal = FileRefreshJournal.open(directory);
    }

    @Test
    void R34_formatOneStaysReadable() throws IOException {
        Files.writeString(file(".json"), READABLE);

        assertThat(journal.find(TENANT))
                .contains(new TenantRecord(
                        TENANT,
                        NOW,
                        RefreshOutcome.UPDATED,
                        "f",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(AppId.MICROSOFT_GRAPH, NOW.minus(Duration.ofDays(1))),
                        Optional.empty(),
                        0));
    }

    @Test
    void formatFourKnowsTheseAlone() {
        assertThat(RefreshOutcome.values())
                .as("a new outcome is garbage to an older cpv: raise JournalFile.FORMAT with it")
                .hasSize(9);
        assertThat(ResetRecord.Phase.values()).hasSize(6);
        assertThat(PrincipalAssignment.class.getPermittedSubclasses()).hasSize(4);
        assertThat(JournalFile.FORMAT).isEqualTo(4);
    }

    @Test
    void R15_recordsOfAllKindsAreReadAsTheyWereSaved() {
        long seed = 20261101;
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            TenantRecord record = randomRecord(random);
            save(journal, record);
            assertThat(FileRefreshJournal.open(directory).find(record.tenant()))
                    .as("seed %d, record %d", seed, i)
                    .contains(record);
        }
    }

    @Test
    void filesAreTheirOwnersAlone() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        save(journal, record("f"));

        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(files()).containsExactlyInAnyOrder(TENANT + ".json", TENANT + ".lock");
        for (String name : files()) {
            assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
                    .as(name)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aForgottenTenantLeavesNothingButItsEmptyLock() throws IOException {
        save(journal, record("f"));
        Files.writeString(file(".tmp"), "half a record, of a process that was killed");

        assertThat(journal.forget(TENANT, NOW.plus(MINUTE))).isTrue();

        assertThat(files()).containsExactly(TENANT + ".lock");
        assertThat(file(".lock")).isEmptyFile();
    }

    @Test
    void R20_whatCannotBeReadIsKeptThoughTheTenantIsForgottenAndANewerFormatIsNotForgotten() throws IOException {
        Files.writeString(file(".json"), "an open reset, garbled");
        assertThat(journal.forget(TENANT, NOW)).isTrue();
        assertThat(file(".corrupt")).hasContent("an open reset, garbled");

        String newer = READABLE.replace("\"format\":1", "\"format\":99");
        Files.writeString(file(".json"), newer);
        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> journal.forget(TENANT, NOW.plus(Duration.ofDays(1))));
        assertThat(file(".json")).hasContent(newer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "{\"format\":1}",
                "{\"format\":0,\"tenantId\":\"0b7d5f4e-1111-4222-8333-444455556666\",\"fencing\":1}",
                "{\"format\":1,\"tenantId\":\"11111111-1111-4222-8333-444455556666\",\"fencing\":1}",
            })
    void garbageIsKeptAsideAndTheTenantBeginsAnew(String garbage) throws IOException {
        Files.writeString(file(".json"), garbage);

        assertThat(journal.find(TENANT)).isEmpty();
        assertThat(file(".json")).doesNotExist();
        assertThat(file(".corrupt")).hasContent(garbage);
        save(journal, record("new"));
        assertThat(journal.find(TENANT)).contains(record("new"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "null",
                "{\"format\":4}",
                "{\"format\":0,\"fencing\":1}",
                "{\"format\":4,\"fencing\":1.5}",
                "{\"format\":4,\"fencing\":7,\"owner\":\"a\"}",
                "{\"format\":4,\"fencing\":7,\"owner\":\" \",\"until\":\"2026-11-01T00:00:00Z\"}",
                "{\"format\":4,\"fencing\":7,\"owner\":\"a\",\"until\":\"yesterday\"}",
                "{\"format\":4,\"fencing\":7}{\"format\":4",
            })
    void R34_leaseThatIsGarbledIsNone(String garbage) throws IOException {
        save(journal, record("f"));
        Files.writeString(file(".lock"), garbage);

        assertThat(journal.lease(TENANT)).isEmpty();
        assertThat(journal.find(TENANT)).contains(record("f"));
        assertThat(journal.acquire(TENANT, "a", NOW, MINUTE)).isPresent();
    }

    @Test
    void R34_leaseThatIsTooLongToBeOneIsNone() throws IOException {
        Files.writeString(file(".lock"), " ".repeat(8_193));

        assertThat(journal.acquire(TENANT, "a", NOW, MINUTE)).isPresent();
        assertThat(journal.lease(TENANT)).isPresent();
    }

    @Test
    void R34_leaseOfANewerFormatIsRefusedAndLeftAlone() throws IOException {
        String newer = "{\"format\":" + (JournalFile.FORMAT + 1) + ",\"fencing\":7,\"sealed\":true}";
        Files.writeString(file(".lock"), newer);

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> journal.acquire(TENANT, "a", NOW, MINUTE))
                .withMessageContaining("format " + (JournalFile.FORMAT + 1));
        assertThat(file(".lock")).hasContent(newer);
    }

    @Test
    void everyTornFileIsKeptAside() throws IOException {
        save(journal, record("f"));
        byte[] whole = Files.readAllBytes(file(".json"));
        // The last byte is the line's end.
        for (int length = 0; length < whole.length - 1; length += 7) {
            byte[] torn = Arrays.copyOf(whole, length);
            Files.write(file(".json"), torn);
            assertThat(journal.find(TENANT)).as("torn after %d bytes", length).isEmpty();
            assertThat(file(".corrupt")).hasBinaryContent(torn);
        }
        Files.write(file(".json"), whole);
        assertThat(journal.find(TENANT)).as("whole").contains(record("f"));
    }

    @Test
    void whatIsNoTextOrTooLargeIsKeptAside() throws IOException {
        byte[] noText = {'{', (byte) 0xff, (byte) 0xfe, '}'};
        Files.write(file(".json"), noText);
        assertThat(journal.find(TENANT)).isEmpty();
        assertThat(file(".corrupt")).hasBinaryContent(noText);

        Files.writeString(file(".json"), READABLE + " ".repeat(4_300_000));
        assertThat(journal.find(TENANT)).isEmpty();
        assertThat(file(".corrupt")).hasSize(READABLE.getBytes(StandardCharsets.UTF_8).length + 4_300_000);
    }

    @Test
    void R34_fencingNumberGrowsBeyondALostFile() throws IOException {
        Lease lost = journal.acquire(TENANT, "first", NOW, MINUTE).orElseThrow();
        Files.delete(file(".lock"));

        Lease next =
                journal.acquire(TENANT, "second", NOW.plusSeconds(1), MINUTE).orElseThrow();

        assertThat(next.fencing()).isGreaterThan(lost.fencing());
        assertThat(journal.save(record("late"), lost)).isFalse();
    }

    @Test
    void recordIsTakenWhereTheFileWasLostAndNobodyTookOver() throws IOException {
        Lease lease = journal.acquire(TENANT, "first", NOW, MINUTE).orElseThrow();
        Files.delete(file(".lock"));

        assertThat(journal.save(record("f"), lease)).isTrue();
        assertThat(journal.find(TENANT)).contains(record("f"));
        assertThat(journal.acquire(TENANT, "second", NOW.minusSeconds(9), MINUTE)
                        .orElseThrow()
                        .fencing())
                .isGreaterThan(lease.fencing());
    }

    @Test
    void newerFormatIsRefusedAndLeftAlone() throws IOException {
        String newer = READABLE.replace("\"format\":1", "\"format\":" + (JournalFile.FORMAT + 1) + ",\"sealed\":true");
        Files.writeString(file(".json"), newer);

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> journal.acquire(TENANT, "a", NOW.plus(Duration.ofDays(1)), MINUTE))
                .withMessageContaining("format " + (JournalFile.FORMAT + 1))
                .withMessageContaining(TENANT.toString());
        assertThatExceptionOfType(RefreshJournalException.class).isThrownBy(() -> journal.find(TENANT));
        assertThat(file(".json")).hasContent(newer);
        assertThat(file(".corrupt")).doesNotExist();
    }

    @Test
    void recordThatIsTooLargeIsRefusedAndTheOldOneKept() {
        save(journal, record("f"));
        TenantRecord large = new TenantRecord(
                TENANT,
                NOW,
                RefreshOutcome.UPDATED,
                "f",
                Optional.empty(),
                Optional.of("x".repeat(4_300_000)),
                Map.of(),
                Optional.empty(),
                0);

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> save(journal, large))
                .withMessageContaining("shorten");
        assertThat(journal.find(TENANT)).contains(record("f"));
    }

    @Test
    void leftoversOfAKilledProcessAreRemoved() throws IOException {
        Files.writeString(file(".tmp"), "{\"for");
        Files.writeString(directory.resolve("notes.tmp"), "a person's");

        FileRefreshJournal.open(directory);
        assertThat(file(".tmp")).doesNotExist();
        assertThat(directory.resolve("notes.tmp"))
                .as("what is not the journal's")
                .exists();

        Files.writeString(file(".tmp"), "{\"for");
        save(journal, record("f"));
        assertThat(file(".tmp")).doesNotExist();
        assertThat(journal.find(TENANT)).contains(record("f"));
    }

    /** What a reader sees at any moment is what a process that is killed at that moment leaves. */
    @Test
    void atEveryMomentTheFileIsWhole() throws Exception {
        save(journal, record("f"));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        int seen = 0;
        try {
            Future<?> writing = executor.submit(() -> {
                for (int i = 0; i < 300; i++) {
                    save(journal, record("f".repeat(i * 50)));
                }
            });
            for (; !writing.isDone(); seen++) {
                assertThat(JournalFile.read(TENANT, Files.readString(file(".json")))
                                .record())
                        .isNotNull();
            }
            writing.get();
        } finally {
            executor.shutdownNow();
        }
        assertThat(seen).as("looks while it was written").isGreaterThan(100);
    }

    @Test
    void failedWriteIsToldAndLeavesNothingBehind() throws IOException {
        save(journal, record("f"));
        Files.delete(file(".json"));
        Files.createDirectories(file(".json").resolve("in the way"));

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> journal.acquire(TENANT, "a", NOW, MINUTE))
                .withMessageContaining(directory.toRealPath().toString());
        assertThat(file(".tmp")).doesNotExist();
    }

    @Test
    void placeThatIsNoDirectoryIsRefused() throws IOException {
        Path taken = Files.writeString(parent.resolve("file"), "");

        assertThatExceptionOfType(RefreshJournalException.class)
                .isThrownBy(() -> FileRefreshJournal.open(taken))
                .withMessageContaining(taken.toString());
    }

    @Test
    void R34_journalsOfOneProcessShareADirectory() throws Exception {
        Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
        List<FileRefreshJournal> journals = List.of(journal, FileRefreshJournal.open(link));
        AtomicInteger holders = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        Set<Long> numbers = new HashSet<>();
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                FileRefreshJournal mine = journals.get(i % 2);
                running.add(executor.submit(() -> holdOnce(mine, holders)));
            }
            for (Future<Long> each : running) {
                numbers.add(each.get());
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(numbers).as("a number for each lease").hasSize(80);
        assertThat(journal.find(TENANT)).contains(record("f"));
    }

    private static long holdOnce(RefreshJournal mine, AtomicInteger holders) {
        Optional<Lease> lease = Optional.empty();
        while (lease.isEmpty()) {
            lease = mine.acquire(TENANT, "a", NOW, MINUTE);
        }
        assertThat(holders.incrementAndGet()).as("holders at once").isEqualTo(1);
        assertThat(mine.save(record("f"), lease.get())).isTrue();
        holders.decrementAndGet();
        mine.release(lease.get());
        return lease.get().fencing();
    }

    /** A power cut cannot be had in a test; that a new name is forced to the disk can be seen. */
    @Test
    void R20_howFarAResetCameIsOnTheDiskAndNothingElseWaitsForIt() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        ResetRecord open = new ResetRecord(
                new TenantSnapshot(TENANT, new TreeSet<>(), List.of(), List.of(), List.of()),
                ExtraGrants.KEEP,
                NOW,
                ResetRecord.Phase.SNAPSHOT);

        Lease lease = journal.acquire(TENANT, "a", NOW, MINUTE).orElseThrow();
        assertThat(forced(() -> journal.renew(lease, NOW, MINUTE))).isZero();
        assertThat(forced(() -> journal.save(record("f"), lease))).isZero();
        assertThat(forced(() -> journal.saveReset(open, lease))).isOne();
        assertThat(forced(() -> journal.saveReset(open.in(ResetRecord.Phase.DONE), lease)))
                .isOne();
        assertThat(forced(() -> journal.release(lease))).isZero();
    }

    /** Returns how often the directory was forced to the disk. */
    private long forced(Runnable work) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            Path file = parent.resolve("recording.jfr");
            recording.dump(file);
            String mine = directory.toRealPath().toString();
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getString("path").startsWith(mine))
                    .count();
        }
    }

    @Test
    void noFileIsKeptOpen() throws IOException {
        Path open = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(open));
        save(journal, record("f"));
        journal.find(TENANT);

        try (Stream<Path> handles = Files.list(open)) {
            assertThat(handles.map(FileRefreshJournalTest::target)).noneMatch(path -> path.startsWith(directory));
        }
    }

    @Test
    void storeMustBeRightAboutWhatItIsGiven() {
        Lease lease = journal.acquire(TENANT, "a", NOW, MINUTE).orElseThrow();
        TenantId other = new TenantId(new UUID(1, 1));

        assertThatIllegalArgumentException().isThrownBy(() -> journal.save(randomRecord(new Random(1)), lease));
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> journal.acquire(other, "a", NOW, bad));
            assertThatIllegalArgumentException().isThrownBy(() -> journal.renew(lease, NOW, bad));
        }
        for (String bad : List.of("", " ", "x".repeat(201))) {
            assertThatIllegalArgumentException().isThrownBy(() -> journal.acquire(other, bad, NOW, MINUTE));
        }
        assertThat(lease.left(NOW)).isEqualTo(MINUTE);
        assertThat(lease.left(NOW.plusSeconds(60))).isEqualTo(Duration.ZERO);
        assertThat(journal.isDurable()).isTrue();
        assertThat(new InMemoryRefreshJournal().isDurable()).isFalse();
        assertThat(journal).asString().contains("yet");
    }

    private static Path target(Path handle) {
        try {
            return Files.readSymbolicLink(handle);
        } catch (IOException e) {
            return handle; // The handle of this very listing.
        }
    }

    private Path file(String ending) {
        return directory.resolve(TENANT + ending);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void save(RefreshJournal journal, TenantRecord record) {
        Lease lease = journal.acquire(record.tenant(), "a", NOW, MINUTE).orElseThrow();
        try {
            assertThat(journal.save(record, lease)).isTrue();
        } finally {
            journal.release(lease);
        }
    }

    private static TenantRecord record(String fingerprint) {
        return new TenantRecord(
                TENANT,
                NOW,
                RefreshOutcome.UPDATED,
                fingerprint,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
    }

    private static TenantRecord randomRecord(Random random) {
        Map<AppId, Instant> notCreatable = new HashMap<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            notCreatable.put(new AppId(new UUID(random.nextLong(), random.nextLong())), instant(random));
        }
        RefreshOutcome[] outcomes = RefreshOutcome.values();
        return new TenantRecord(
                new TenantId(new UUID(random.nextLong(), random.nextLong())),
                instant(random),
                outcomes[random.nextInt(outcomes.length)],
                text(random),
                random.nextBoolean() ? Optional.of(text(random)) : Optional.empty(),
                random.nextBoolean() ? Optional.of(text(random)) : Optional.empty(),
                notCreatable,
                Optional.empty(),
                0);
    }

    private static Instant instant(Random random) {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    /** Whole code points, as text in UTF-8 can hold. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(Character.MAX_CODE_POINT) : random.nextInt(128);
            text.appendCodePoint(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? '"' : point);
        }
        return text.toString();
    }
}
