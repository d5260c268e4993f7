package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.FleetJournal;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link FleetJournal}, as tests. Extend it in your own tests and hand in a journal. The names of the tests begin with
 * the number of the rule, as do their complaints.
 */
public abstract class FleetJournalConformance {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final int MANY = 10_000;

    private FleetJournal journal;

    /** Creates the suite; JUnit does so before each test. */
    protected FleetJournalConformance() {}

    /**
     * Returns what is tested; called once before each test.
     *
     * @return an empty journal
     */
    protected abstract FleetJournal journal();

    /**
     * Opens the journal that is tested anew, as a process that starts later does. Override it for a durable one.
     *
     * @return another object over the same store; the same object if it is not durable
     */
    protected FleetJournal reopened() {
        return journal;
    }

    /** Takes the journal. */
    @BeforeEach
    public final void prepare() {
        journal = journal();
    }

    /** Rule 1: at first there is nothing. */
    @Test
    public final void rule1_nothingIsFoundAtFirst() {
        assertEquals(Optional.empty(), journal.roster(), "Rule 1: the roster before the first time");
        assertEquals(Optional.empty(), journal.lastRun(), "Rule 1: the run before the first time");
    }

    /** Rule 1: a large list is found whole, and the next one takes its place whole. */
    @Test
    public final void rule1_rosterIsSwappedWhole() {
        AcceptedTenantList large = roster(MANY);
        AcceptedTenantList small = roster(3);
        journal.save(large);
        assertEquals(Optional.of(large), journal.roster(), "Rule 1: a large roster");
        journal.save(small);

        assertEquals(Optional.of(small), journal.roster(), "Rule 1: the roster that was saved last");
    }

    /** Rule 1: the run that was saved last is found. */
    @Test
    public final void rule1_lastRunIsFound() {
        RunRecord begun = RunRecord.begun(UUID.randomUUID(), START);
        RunRecord done = begun.ended(RunRecord.State.DONE, START.plusSeconds(7));
        journal.save(begun);
        assertEquals(Optional.of(begun), journal.lastRun(), "Rule 1: a run that began");
        journal.save(done);

        assertEquals(Optional.of(done), journal.lastRun(), "Rule 1: the run that was saved last");
    }

    /** Rule 2: roster and run are apart. */
    @Test
    public final void rule2_rosterAndRunDoNotTouchEachOther() {
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START);
        AcceptedTenantList roster = roster(2);
        journal.save(run);
        journal.save(roster);
        assertEquals(Optional.of(run), journal.lastRun(), "Rule 2: the run after saving a roster");
        journal.save(run.ended(RunRecord.State.DONE, START));

        assertEquals(Optional.of(roster), journal.roster(), "Rule 2: the roster after saving a run");
    }

    /**
     * Rule 3: of many who save at once, one wins whole.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule3_manyThreadsSaveAtOnce() throws Exception {
        List<AcceptedTenantList> rosters =
                Stream.generate(() -> roster(100)).limit(16).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            rosters.forEach(roster -> work.add(() -> {
                journal.save(roster);
                return true;
            }));
            for (Future<Boolean> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertTrue(journal.roster().filter(rosters::contains).isPresent(), "Rule 3: one of the rosters, whole");
    }

    /** Rule 4: a durable journal remembers. */
    @Test
    public final void rule4_rosterAndRunOutliveTheJournal() {
        AcceptedTenantList roster = roster(2);
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START).ended(RunRecord.State.CANCELLED, START);
        journal.save(roster);
        journal.save(run);
        FleetJournal reopened = reopened();

        assertEquals(Optional.of(roster), reopened.roster(), "Rule 4: the roster after opening anew");
        assertEquals(Optional.of(run), reopened.lastRun(), "Rule 4: the run after opening anew");
    }

    /** Rule 5: one run at a time, whoever asks. */
    @Test
    public final void rule5_claimIsHeldByOne() {
        RunLock first = claimed();
        assertEquals(Optional.empty(), journal.claim(), "Rule 5: a second claim while the first is held");
        assertEquals(Optional.empty(), reopened().claim(), "Rule 5: a claim of another process while one is held");
        first.close();
        RunLock second = claimed();
        first.close();
        assertEquals(Optional.empty(), journal.claim(), "Rule 5: a claim after another one was given back twice");

        second.close();
        claimed().close();
    }

    /** Rule 5: claims and what is saved do not touch each other. */
    @Test
    public final void rule5_claimTouchesNothingElse() {
        AcceptedTenantList roster = roster(2);
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START);
        try (RunLock claim = claimed()) {
            journal.save(roster);
            journal.save(run);
            assertEquals(Optional.empty(), journal.claim(), "Rule 5: a claim beside " + claim);
        }

        assertEquals(Optional.of(roster), journal.roster(), "Rule 5: the roster after a claim was given back");
        assertEquals(Optional.of(run), journal.lastRun(), "Rule 5: the run after a claim was given back");
    }

    /**
     * Rule 5: of many who claim at once, one gets it.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule5_oneOfManyWhoClaimAtOnceGetsIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<RunLock> given = new ArrayList<>();
        try {
            List<Callable<Optional<RunLock>>> work = Collections.nCopies(16, journal::claim);
            for (Future<Optional<RunLock>> done : threads.invokeAll(work)) {
                done.get().ifPresent(given::add);
            }
        } finally {
            threads.shutdownNow();
        }
        given.forEach(RunLock::close);

        assertEquals(1, given.size(), "Rule 5: claims given at once");
    }

    private RunLock claimed() {
        return journal.claim().orElseGet(() -> fail("Rule 5: a claim while nobody has one"));
    }

    private static AcceptedTenantList roster(int size) {
        return AcceptedTenantList.of(
                START,
                Stream.generate(() -> new TenantId(UUID.randomUUID()))
                        .limit(size)
                        .toList());
    }
}
