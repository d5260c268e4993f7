package dev.cpv.examples.postgres;

import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What runs in another JVM: a user of a journal, who tells on standard output what it has done. */
final class JournalProcess {
    static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    static final TenantId TENANT = new TenantId(new UUID(7, 7));
    private static final int MAX_ASKED = 100_000;

    private JournalProcess() {}

    /** Starts this class in a JVM of its own. */
    static Process start(String what, String url, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                JournalProcess.class.getName(),
                what,
                url));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static TenantRecord record(int number) {
        return new TenantRecord(
                TENANT,
                NOW.plusNanos(number),
                RefreshOutcome.UPDATED,
                Integer.toString(number),
                Optional.of("x".repeat(number * 37 % 5000)),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
    }

    /** The first argument says what to do, the second is the database's URL. */
    public static void main(String[] arguments) throws IOException {
        RefreshJournal journal = JdbcRefreshJournal.open(TestDatabase.source(arguments[1]));
        switch (arguments[0]) {
            case "contend" -> contend(journal, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "write" -> write(journal);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Takes the lease again and again; while it is held a file exists that can be made once only. */
    private static void contend(RefreshJournal journal, Path witness, int rounds) throws IOException {
        int held = 0;
        for (int asked = 0; held < rounds; asked++) {
            if (asked == MAX_ASKED) {
                throw new IllegalStateException("No lease for too long; " + held + " so far");
            }
            Optional<Lease> lease = journal.acquire(TENANT, "process", NOW, Duration.ofHours(1));
            if (lease.isPresent()) {
                Files.createFile(witness);
                System.out.println(lease.get().fencing());
                Files.delete(witness);
                journal.release(lease.get());
                held++;
                asked = 0;
            }
        }
    }

    /** Saves one record after the other, until it is killed or nobody listens any more. */
    private static void write(RefreshJournal journal) {
        Lease lease =
                journal.acquire(TENANT, "process", NOW, Duration.ofMinutes(1)).orElseThrow();
        for (int number = 1; !System.out.checkError(); number++) {
            if (!journal.save(record(number), lease)) {
                throw new IllegalStateException("Refused: " + number);
            }
            System.out.println(number);
        }
    }
}
