package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link RefreshJournal} as tests. Extend this class in your own tests and return a journal. The names of the tests and
 * their messages begin with the number of the rule.
 */
public abstract class RefreshJournalConformance {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int THREADS = 8;
    private static final int ROUNDS = 25;

    private RefreshJournal journal;

    /** Creates the suite; JUnit does so before each test. */
    protected RefreshJournalConformance() {}

    /**
     * Returns the journal to test; called once before each test. The tests use new tenants, so it need not be empty.
     */
    protected abstract RefreshJournal journal();

    /**
     * Reopens the tested journal, as a process that starts later does, and returns another journal over the same store. Called only for
     * a durable journal, which has to override this.
     */
    protected RefreshJournal reopened() {
        return fail("Rule 10: a durable journal has to be reopened; override reopened()");
    }

    /** Gets the journal. */
    @BeforeEach
    public final void prepare() {
        journal = journal();
    }

    /** Rule 1: a saved record is found with all its values; one that was never saved is not found. */
    @Test
    public final void rule1_savedRecordIsFound() {
        TenantRecord record = record(tenant(), 1);
        save(record);

        assertEquals(Optional.of(record), journal.find(record.tenant()), "Rule 1: the saved record");
        assertEquals(Optional.empty(), journal.find(tenant()), "Rule 1: a tenant without a saved record");
    }

    /** Rule 1: the record that was saved last is found. */
    @Test
    public final void rule1_laterRecordReplacesTheEarlier() {
        TenantId tenant = tenant();
        TenantRecord later = bare(tenant);
        save(record(tenant, 1));
        save(later);

        assertEquals(Optional.of(later), journal.find(tenant), "Rule 1: the record that was saved last");
    }

    /** Rule 2: a record does not affect those of other tenants. */
    @Test
    public final void rule2_tenantsDoNotTouchEachOther() {
        TenantRecord first = record(tenant(), 1);
        TenantRecord second = record(tenant(), 2);
        save(first);
        save(second);

        assertEquals(Optional.of(first), journal.find(first.tenant()), "Rule 2: the record of the first tenant");
        assertEquals(Optional.of(second), journal.find(second.tenant()), "Rule 2: the record of the second tenant");
    }

    /** Rule 2: a lease does not affect those of other tenants. */
    @Test
    public final void rule2_leaseOfOneTenantIsNoneOfAnother() {
        Lease first = acquired(tenant(), "first", START);
        TenantId other = tenant();

        assertEquals(Optional.empty(), journal.lease(other), "Rule 2: the lease of another tenant");
        Lease second = journal.acquire(other, "second", START, MINUTE)
                .orElseGet(() -> fail("Rule 2: a lease was refused because of another tenant's"));
        journal.release(second);
        assertEquals(Optional.of(first), journal.lease(first.tenant()), "Rule 2: the lease after another's release");
    }

    /**
     * Rule 3: many threads save and find at once, and nothing is lost.
     *
     * @throws Exception if a thread fails for a reason other than a rule
     */
    @Test
    public final void rule3_manyThreadsSaveAndFind() throws Exception {
        for (List<TenantRecord> saved : atOnce("Rule 3: a call on one of many threads", this::saveAndFind)) {
            for (TenantRecord record : saved) {
                assertEquals(
                        Optional.of(record),
                        journal.find(record.tenant()),
                        "Rule 3: a record saved by one of many threads");
            }
        }
    }

    /** Rule 4: while a lease is held, nobody gets another one, not even its owner. */
    @Test
    public final void rule4_heldTenantIsGivenToNobody() {
        TenantId tenant = tenant();
        Lease lease = acquired(tenant, "first", START);

        assertEquals("first", lease.owner(), "Rule 4: the owner of the lease");
        assertEquals(START.plus(MINUTE), lease.until(), "Rule 4: the end of the lease");
        for (String owner : List.of("second", "first")) {
            assertEquals(
                    Optional.empty(),
                    journal.acquire(tenant, owner, lease.until().minusNanos(1), MINUTE),
                    "Rule 4: a second lease while the first is held");
        }
        assertEquals(Optional.of(lease), journal.lease(tenant), "Rule 4: the lease that is held");
    }

    /**
     * Rule 4: of many simultaneous callers, one gets the lease.
     *
     * @throws Exception if a thread fails for a reason other than a rule
     */
    @Test
    public final void rule4_oneOfManyWhoAskAtOnceGetsTheLease() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TenantId tenant = tenant();
            List<Optional<Lease>> given = atOnce(
                    "Rule 4: a call on one of many threads",
                    () -> journal.acquire(
                            tenant, "thread " + Thread.currentThread().getName(), START, MINUTE));
            assertEquals(
                    1,
                    given.stream().flatMap(Optional::stream).count(),
                    "Rule 4: leases granted to simultaneous callers");
        }
    }

    /** Rule 5: the number grows after a release and a takeover, and where one clock is behind another. */
    @Test
    public final void rule5_fencingNumberGrows() {
        TenantId tenant = tenant();
        Lease first = acquired(tenant, "first", START);
        journal.release(first);
        Lease afterRelease = acquired(tenant, "second", START);
        Lease afterTakeover = acquired(tenant, "third", afterRelease.until());
        journal.release(afterTakeover);
        Lease clockBehind = acquired(tenant, "fourth", START.minus(MINUTE));

        assertTrue(afterRelease.fencing() > first.fencing(), "Rule 5: the number after a release");
        assertTrue(afterTakeover.fencing() > afterRelease.fencing(), "Rule 5: the number after a takeover");
        assertTrue(clockBehind.fencing() > afterTakeover.fencing(), "Rule 5: the number by a clock that is behind");
    }

    /** Rule 6: from the end of a lease on, any caller can acquire one. */
    @Test
    public final void rule6_endedLeaseIsTakenOver() {
        TenantId tenant = tenant();
        Lease dead = acquired(tenant, "first", START);

        Optional<Lease> taken = journal.acquire(tenant, "second", dead.until(), MINUTE);

        assertEquals(
                Optional.of("second"),
                taken.map(Lease::owner),
                "Rule 6: the owner of the lease after the first one's end");
        assertEquals(taken, journal.lease(tenant), "Rule 6: the lease after the first one's end");
    }

    /** Rule 7: the holder extends its lease, even after the lease's end if nobody took it over. */
    @Test
    public final void rule7_holderRenews() {
        Lease lease = acquired(tenant(), "first", START);
        for (Instant now : List.of(START.plusSeconds(30), START.plus(Duration.ofHours(1)))) {
            Optional<Lease> renewed = journal.renew(lease, now, MINUTE);

            Lease expected = new Lease(lease.tenant(), "first", now.plus(MINUTE), lease.fencing());
            assertEquals(Optional.of(expected), renewed, "Rule 7: the lease with its new end");
            assertEquals(
                    Optional.empty(),
                    journal.acquire(lease.tenant(), "second", now.plusSeconds(59), MINUTE),
                    "Rule 7: a lease for another within the new time");
        }
    }

    /** Rule 7: a lease that was taken over or released cannot be renewed. */
    @Test
    public final void rule7_loserCannotRenew() {
        Lease lost = acquired(tenant(), "first", START);
        Lease taken = acquired(lost.tenant(), "second", lost.until());
        assertEquals(
                Optional.empty(), journal.renew(lost, lost.until(), MINUTE), "Rule 7: a lease that was taken over");
        assertEquals(Optional.of(taken), journal.lease(lost.tenant()), "Rule 7: the lease after the takeover");

        Lease returned = acquired(tenant(), "first", START);
        journal.release(returned);
        assertEquals(Optional.empty(), journal.renew(returned, START, MINUTE), "Rule 7: a lease that was released");
    }

    /** Rule 8: a released tenant is free at once, and a second release changes nothing. */
    @Test
    public final void rule8_releaseFreesAtOnce() {
        Lease lease = acquired(tenant(), "first", START);
        journal.release(lease);
        journal.release(lease);

        assertEquals(Optional.empty(), journal.lease(lease.tenant()), "Rule 8: the lease after its release");
        assertTrue(
                journal.acquire(lease.tenant(), "second", START, MINUTE).isPresent(),
                "Rule 8: a lease after the release");
    }

    /** Rule 8: an owner that lost its lease cannot free the tenant. */
    @Test
    public final void rule8_loserReleasesNothing() {
        Lease lost = acquired(tenant(), "first", START);
        Lease taken = acquired(lost.tenant(), "second", lost.until());
        journal.release(lost);

        assertEquals(Optional.of(taken), journal.lease(lost.tenant()), "Rule 8: the lease after the loser's release");
    }

    /** Rule 9: an owner that lost its lease cannot save, even after the new owner released its own. */
    @Test
    public final void rule9_loserCannotSave() {
        Lease lost = acquired(tenant(), "first", START);
        Lease taken = acquired(lost.tenant(), "second", lost.until());
        TenantRecord kept = record(lost.tenant(), 1);

        assertFalse(journal.save(bare(lost.tenant()), lost), "Rule 9: a record under a lost lease");
        assertEquals(Optional.empty(), journal.find(lost.tenant()), "Rule 9: the record that was refused");
        assertTrue(journal.save(kept, taken), "Rule 9: a record under the new lease");
        journal.release(taken);
        assertFalse(journal.save(bare(lost.tenant()), lost), "Rule 9: a record under a lost lease, later");
        assertEquals(Optional.of(kept), journal.find(lost.tenant()), "Rule 9: the record of the new owner");
    }

    /** Rule 9: a late holder can save if nobody took its lease over. */
    @Test
    public final void rule9_lateHolderSavesIfNobodyCame() {
        Lease lease = acquired(tenant(), "first", START);
        TenantRecord record = record(lease.tenant(), 1);
        journal.renew(lease, START, MINUTE);

        assertTrue(journal.save(record, lease), "Rule 9: a record under a lease that was renewed since");
        assertEquals(Optional.of(record), journal.find(lease.tenant()), "Rule 9: the record of a late holder");
    }

    /** Rule 10: what was saved in a durable journal is there when it is reopened. */
    @Test
    public final void rule10_durableJournalRemembers() {
        assumeTrue(journal.isDurable(), "the journal says that it is not durable");
        TenantRecord record = record(tenant(), 1);
        Lease lease = acquired(record.tenant(), "first", START);
        journal.save(record, lease);
        ResetRecord reset = reset(record.tenant(), "a", Phase.REMOVING);
        journal.saveReset(reset, lease);
        TenantId free = tenant();
        Lease returned = acquired(free, "first", START);
        journal.release(returned);
        TenantRecord forgotten = record(tenant(), 2);
        save(forgotten);
        journal.forget(forgotten.tenant(), START);

        RefreshJournal later = reopened();

        assertEquals(Optional.of(record), later.find(record.tenant()), "Rule 10: the record");
        assertEquals(Optional.of(reset), later.findReset(record.tenant()), "Rule 10: the reset");
        assertEquals(Optional.of(lease), later.lease(record.tenant()), "Rule 10: the lease");
        assertEquals(Optional.empty(), later.find(forgotten.tenant()), "Rule 10: a tenant that was forgotten");
        assertEquals(
                Optional.empty(),
                later.acquire(record.tenant(), "second", START, MINUTE),
                "Rule 10: a second lease while the first is held");
        assertTrue(
                later.acquire(free, "second", START, MINUTE).orElseThrow().fencing() > returned.fencing(),
                "Rule 10: the number after an earlier lease");
    }

    /** Rule 11: an interrupted thread can do everything that an operation does at its end, and stays interrupted. */
    @Test
    public final void rule11_interruptedThreadIsServed() {
        TenantRecord record = record(tenant(), 1);
        Thread.currentThread().interrupt();
        try {
            Lease lease =
                    journal.acquire(record.tenant(), "first", START, MINUTE).orElseThrow();
            journal.renew(lease, START, MINUTE);
            journal.save(record, lease);
            journal.release(lease);
        } catch (RuntimeException e) {
            fail("Rule 11: a call on an interrupted thread", e);
        }

        assertTrue(Thread.interrupted(), "Rule 11: the interrupt after the calls");
        assertEquals(Optional.of(record), journal.find(record.tenant()), "Rule 11: the record");
        assertEquals(Optional.empty(), journal.lease(record.tenant()), "Rule 11: the lease after its release");
    }

    /** Rule 12: an open reset keeps its first snapshot until it has ended. */
    @Test
    public final void rule12_firstSnapshotIsKeptWhileTheResetIsOpen() {
        TenantId tenant = tenant();
        Lease lease = acquired(tenant, "first", START);
        ResetRecord begun = reset(tenant, "a", Phase.SNAPSHOT);
        assertEquals(Optional.empty(), journal.findReset(tenant), "Rule 12: a reset that was never begun");

        assertTrue(journal.saveReset(begun, lease), "Rule 12: a reset that begins");
        assertTrue(journal.saveReset(reset(tenant, "b", Phase.REMOVING), lease), "Rule 12: a reset that continues");
        assertEquals(
                Optional.of(begun.in(Phase.REMOVING)), journal.findReset(tenant), "Rule 12: the reset that is open");
        assertTrue(journal.saveReset(begun.in(Phase.DONE), lease), "Rule 12: a reset that ends");
        assertEquals(Optional.of(begun.in(Phase.DONE)), journal.findReset(tenant), "Rule 12: the reset that ended");

        ResetRecord next = reset(tenant, "b", Phase.SNAPSHOT);
        journal.saveReset(next, lease);
        assertEquals(Optional.of(next), journal.findReset(tenant), "Rule 12: the next reset");
    }

    /** Rule 12: resets and records do not affect each other, and a lost lease saves neither. */
    @Test
    public final void rule12_resetAndRecordAreApart() {
        TenantRecord record = record(tenant(), 1);
        TenantId tenant = record.tenant();
        Lease lost = acquired(tenant, "first", START);
        ResetRecord reset = reset(tenant, "a", Phase.DELETED);
        journal.saveReset(reset, lost);
        Lease taken = acquired(tenant, "second", lost.until());

        assertFalse(journal.saveReset(reset.in(Phase.DONE), lost), "Rule 12: a reset under a lost lease");
        journal.save(record, taken);
        assertEquals(Optional.of(reset), journal.findReset(tenant), "Rule 12: the reset after a record was saved");
        journal.saveReset(reset.in(Phase.DONE), taken);
        assertEquals(Optional.of(record), journal.find(tenant), "Rule 12: the record after a reset was saved");
        assertEquals(Optional.empty(), journal.findReset(tenant()), "Rule 12: the reset of another tenant");
    }

    /** Rule 13: a forgotten tenant is not found and can be leased again; others stay. */
    @Test
    public final void rule13_forgottenTenantIsNotFound() {
        TenantRecord other = record(tenant(), 1);
        TenantRecord record = record(tenant(), 2);
        TenantId tenant = record.tenant();
        save(other);
        Lease lease = acquired(tenant, "first", START);
        journal.save(record, lease);
        journal.saveReset(reset(tenant, "a", Phase.DONE), lease);
        journal.release(lease);
        Instant later = START.plus(MINUTE);

        assertTrue(journal.forget(tenant, later), "Rule 13: to forget a tenant");
        assertEquals(Optional.empty(), journal.find(tenant), "Rule 13: the record of a tenant that was forgotten");
        assertEquals(Optional.empty(), journal.findReset(tenant), "Rule 13: the reset of a tenant that was forgotten");
        assertEquals(Optional.empty(), journal.lease(tenant), "Rule 13: the lease of a tenant that was forgotten");
        assertTrue(journal.forget(tenant, later), "Rule 13: to forget a tenant that is forgotten");
        assertTrue(journal.forget(tenant(), later), "Rule 13: to forget a tenant that was never there");
        assertEquals(Optional.of(other), journal.find(other.tenant()), "Rule 13: the record of another tenant");
        assertTrue(
                acquired(tenant, "second", later).fencing() > lease.fencing(),
                "Rule 13: the number after a lease from before the tenant was forgotten");
    }

    /** Rule 13: a held lease keeps a tenant from being forgotten; one that has ended does not. */
    @Test
    public final void rule13_leasedTenantIsNotForgotten() {
        TenantRecord record = record(tenant(), 1);
        TenantId tenant = record.tenant();
        Lease lease = acquired(tenant, "first", START);
        journal.save(record, lease);

        assertFalse(journal.forget(tenant, lease.until().minusNanos(1)), "Rule 13: to forget while a lease is held");
        assertEquals(Optional.of(record), journal.find(tenant), "Rule 13: the record while a lease is held");
        assertEquals(Optional.of(lease), journal.lease(tenant), "Rule 13: the lease that is held");
        assertTrue(journal.forget(tenant, lease.until()), "Rule 13: to forget after the lease has ended");
        assertEquals(Optional.empty(), journal.find(tenant), "Rule 13: the record after the lease has ended");
        assertEquals(Optional.empty(), journal.lease(tenant), "Rule 13: the lease that has ended");
    }

    /** Rule 13: what a reset removed cannot be restored without its record. */
    @Test
    public final void rule13_openResetIsNeverForgotten() {
        for (Phase phase : Phase.values()) {
            TenantId tenant = tenant();
            Lease lease = acquired(tenant, "first", START);
            ResetRecord reset = reset(tenant, "a", phase);
            journal.saveReset(reset, lease);
            journal.release(lease);

            assertEquals(
                    !phase.isOpen(),
                    journal.forget(tenant, START.plus(MINUTE)),
                    "Rule 13: to forget with a reset that is " + phase);
            assertEquals(
                    phase.isOpen() ? Optional.of(reset) : Optional.empty(),
                    journal.findReset(tenant),
                    "Rule 13: a reset that is " + phase);
        }
    }

    private static ResetRecord reset(TenantId tenant, String user, Phase phase) {
        TenantSnapshot snapshot = new TenantSnapshot(
                tenant,
                new TreeSet<>(Set.of(new AssignedAppRole(AppId.MICROSOFT_GRAPH, new UUID(1, 2)))),
                List.of(new TenantWideGrant(AppId.MICROSOFT_GRAPH, List.of("User.Read", "Mail.Read"))),
                List.of(
                        new PrincipalAssignment.UserGrant(user, AppId.MICROSOFT_GRAPH, List.of("User.Read")),
                        new PrincipalAssignment.AppAssignment(user, new UUID(0, 0), "A \"user\""),
                        new PrincipalAssignment.DirectoryRole(new UUID(3, 4), "Readers"),
                        new PrincipalAssignment.GroupMembership("group", "")),
                List.of(new UnrestorableItem("a dynamic group", "its members follow a rule")));
        return new ResetRecord(snapshot, ExtraGrants.KEEP, START, phase);
    }

    private List<TenantRecord> saveAndFind() {
        List<TenantRecord> saved = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            TenantRecord record = record(tenant(), i);
            save(record);
            assertEquals(
                    Optional.of(record), journal.find(record.tenant()), "Rule 3: a record just saved by this thread");
            saved.add(record);
        }
        return saved;
    }

    private static <T> List<T> atOnce(String message, Callable<T> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        List<Future<T>> running = new ArrayList<>();
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(executor.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> each : running) {
                done.add(each.get());
            }
            return done;
        } catch (ExecutionException e) {
            return fail(message, e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private void save(TenantRecord record) {
        Lease lease = acquired(record.tenant(), "suite", START);
        journal.save(record, lease);
        journal.release(lease);
    }

    private Lease acquired(TenantId tenant, String owner, Instant now) {
        return journal.acquire(tenant, owner, now, MINUTE).orElseThrow();
    }

    private static TenantId tenant() {
        return new TenantId(UUID.randomUUID());
    }

    private static TenantRecord bare(TenantId tenant) {
        return new TenantRecord(
                tenant,
                START,
                RefreshOutcome.FAILED,
                "other",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0);
    }

    private static TenantRecord record(TenantId tenant, int number) {
        return new TenantRecord(
                tenant,
                START.plusSeconds(number),
                RefreshOutcome.UPDATED,
                "fingerprint " + number,
                Optional.of("actor " + number),
                Optional.of("reason " + number),
                Map.of(AppId.MICROSOFT_GRAPH, START.minusSeconds(number)),
                Optional.of(FailureCode.WRITE_CONFLICT),
                number);
    }
}
