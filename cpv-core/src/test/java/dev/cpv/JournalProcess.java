package dev.cpv;

import static dev.cpv.Fixture.REQUIRED;
import static dev.cpv.Fixture.TENANT;

import dev.cpv.model.AppId;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FileRefreshJournal;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What runs in another JVM: a user of a journal, who tells on standard output what it has done. */
final class JournalProcess {
    static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    static final int TENANTS = 5;
    static final String HELD = "held";
    private static final int MAX_ASKED = 100_000;

    private JournalProcess() {}

    /** Starts this class in a JVM of its own. */
    static Process start(String what, Path directory, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                JournalProcess.class.getName(),
                what,
                directory.toString()));
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

    static TenantId tenant(int number) {
        return new TenantId(new UUID(7, number));
    }

    static TenantRecord record(TenantId tenant, int number) {
        return new TenantRecord(
                tenant,
                NOW.plusSeconds(number),
                RefreshOutcome.UPDATED,
                Integer.toString(number),
                Optional.of("x".repeat(number * 37 % 5000)),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
    }

    /** The first argument says what to do, the second is the journal's directory. */
    public static void main(String[] arguments) throws IOException {
        RefreshJournal journal = FileRefreshJournal.open(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "contend" -> contend(journal, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "write" -> write(journal, Integer.parseInt(arguments[2]));
            case "refresh" -> refresh(journal);
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
    private static void write(RefreshJournal journal, int first) {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            leases.add(journal.acquire(tenant(i), "process", NOW.plusSeconds(first), Duration.ofSeconds(1))
                    .orElseThrow());
        }
        for (int number = first; !System.out.checkError(); number++) {
            Lease lease = leases.get(number % TENANTS);
            if (!journal.save(record(lease.tenant(), number), lease)) {
                throw new IllegalStateException("Refused: " + number);
            }
            System.out.println(number);
        }
    }

    /** Begins a refresh, and does not come to its end. */
    private static void refresh(RefreshJournal journal) {
        ManualClock clock = new ManualClock(NOW);
        CpvClient.builder(new Stuck(), REQUIRED)
                .journal(journal)
                .name("daemon")
                .clock(clock)
                .sleeper(clock)
                .build()
                .refresh(TENANT);
    }

    private static final class Stuck extends PassingDirectory {
        Stuck() {
            super(FakeTenantDirectory.offering(REQUIRED));
        }

        @Override
        protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
            System.out.println(HELD);
            try {
                while (System.in.read() >= 0) {
                    // Until the parent goes.
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return super.observe(session, context, resources);
        }
    }
}
