package dev.cpv.examples.postgres;

import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import dev.cpv.testkit.OtherJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A user of a journal in another JVM; it reports its actions on standard output. */
final class JdbcJournalProcess {
    static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    static final TenantId TENANT = new TenantId(new UUID(7, 7));

    private JdbcJournalProcess() {}

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

    /** The first argument is the action, the second the database's URL. */
    public static void main(String[] arguments) throws IOException {
        RefreshJournal journal = JdbcRefreshJournal.open(TestDatabase.source(arguments[1]));
        switch (arguments[0]) {
            case "contend" ->
                OtherJvm.contend(journal, TENANT, NOW, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "write" -> write(journal);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Saves one record after the other until it is killed or its output is closed. */
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
