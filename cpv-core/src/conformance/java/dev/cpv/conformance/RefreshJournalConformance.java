package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cpv.model.AppId;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.TenantRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link RefreshJournal}, as tests. Extend it in your own tests and hand in a journal. The names of the tests
 * begin with the number of the rule, as do their complaints.
 */
public abstract class RefreshJournalConformance {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final int THREADS = 8;
    private static final int ROUNDS = 25;

    private RefreshJournal journal;

    /** Creates the suite; JUnit does so before each test. */
    protected RefreshJournalConformance() {}

    /**
     * Returns what is tested; called once before each test.
     *
     * @return a journal; the tests use new tenants and need not have it empty
     */
    protected abstract RefreshJournal journal();

    /** Takes the journal. */
    @BeforeEach
    public final void prepare() {
        journal = journal();
    }

    /** Rule 1: a record that was saved is found, with all that it says; what was never saved is not found. */
    @Test
    public final void rule1_savedRecordIsFound() {
        TenantRecord record = record(tenant(), 1);
        journal.save(record);

        assertEquals(Optional.of(record), journal.find(record.tenant()), "Rule 1: the record that was saved");
        assertEquals(Optional.empty(), journal.find(tenant()), "Rule 1: a tenant of which nothing was saved");
    }

    /** Rule 1: the record that was saved last is found. */
    @Test
    public final void rule1_laterRecordReplacesTheEarlier() {
        TenantId tenant = tenant();
        TenantRecord later = new TenantRecord(
                tenant, START, RefreshOutcome.FAILED, "other", Optional.empty(), Optional.empty(), Map.of());
        journal.save(record(tenant, 1));
        journal.save(later);

        assertEquals(Optional.of(later), journal.find(tenant), "Rule 1: the record that was saved last");
    }

    /** Rule 2: a record leaves those of other tenants alone. */
    @Test
    public final void rule2_tenantsDoNotTouchEachOther() {
        TenantRecord first = record(tenant(), 1);
        TenantRecord second = record(tenant(), 2);
        journal.save(first);
        journal.save(second);

        assertEquals(Optional.of(first), journal.find(first.tenant()), "Rule 2: the record of the first tenant");
        assertEquals(Optional.of(second), journal.find(second.tenant()), "Rule 2: the record of the second tenant");
    }

    /**
     * Rule 3: many threads save and find at once, and nothing is lost.
     *
     * @throws Exception if a thread fails otherwise than by a rule
     */
    @Test
    public final void rule3_manyThreadsSaveAndFind() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        List<Future<List<TenantRecord>>> running = new ArrayList<>();
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(executor.submit(() -> {
                    start.await();
                    return saveAndFind();
                }));
            }
            for (Future<List<TenantRecord>> saved : running) {
                for (TenantRecord record : saved.get()) {
                    assertEquals(
                            Optional.of(record), journal.find(record.tenant()), "Rule 3: a record among many threads'");
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private List<TenantRecord> saveAndFind() {
        List<TenantRecord> saved = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            TenantRecord record = record(tenant(), i);
            journal.save(record);
            assertEquals(
                    Optional.of(record), journal.find(record.tenant()), "Rule 3: a record just saved by this thread");
            saved.add(record);
        }
        return saved;
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    private static TenantRecord record(TenantId tenant, int number) {
        return new TenantRecord(
                tenant,
                START.plusSeconds(number),
                RefreshOutcome.UPDATED,
                "fingerprint " + number,
                Optional.of("actor " + number),
                Optional.of("reason " + number),
                Map.of(AppId.MICROSOFT_GRAPH, START.minusSeconds(number)));
    }
}
