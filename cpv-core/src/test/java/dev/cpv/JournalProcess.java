package dev.cpv;

import static dev.cpv.Fixture.REQUIRED;
import static dev.cpv.Fixture.TENANT;

import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import dev.cpv.testkit.OtherJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private JournalProcess() {}

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
            case "contend" ->
                OtherJvm.contend(journal, TENANT, NOW, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            case "write" -> write(journal, Integer.parseInt(arguments[2]));
            case "refresh" -> refresh(journal);
            default -> throw new IllegalArgumentException(arguments[0]);
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
