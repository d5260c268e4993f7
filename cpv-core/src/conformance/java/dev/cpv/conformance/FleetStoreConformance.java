package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link FleetStore} as tests. Extend this class in your own tests and return a store. The names of the tests and their
 * messages begin with the number of the rule.
 */
public abstract class FleetStoreConformance {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final int MANY = 10_000;
    private static final int THREADS = 8;

    private FleetStore store;

    /** Creates the suite; JUnit does so before each test. */
    protected FleetStoreConformance() {}

    /**
     * Returns an empty store to test; called once before each test.
     */
    protected abstract FleetStore store();

    /**
     * Reopens the tested store, as a process that starts later does, and returns another object over the same state. Override it for a
     * durable store; by default it returns the same object.
     */
    protected FleetStore reopened() {
        return store;
    }

    /** Gets the store. */
    @BeforeEach
    public final void prepare() {
        store = store();
    }

    /** Rule 1: before anything was saved, nothing is found. */
    @Test
    public final void rule1_nothingIsFoundAtFirst() {
        assertEquals(Optional.empty(), store.acceptedList(), "Rule 1: the tenant list before the first time");
        assertEquals(Optional.empty(), store.lastRun(), "Rule 1: the run before the first time");
        assertEquals(List.of(), store.rules(), "Rule 1: the rules before the first time");
    }

    /** Rule 1: a large list is found completely, and the next one replaces it completely. */
    @Test
    public final void rule1_tenantListIsSwappedWhole() {
        AcceptedTenantList large = list(MANY);
        AcceptedTenantList small = list(3);
        store.save(large);
        assertEquals(Optional.of(large), store.acceptedList(), "Rule 1: a large tenant list");
        store.save(small);

        assertEquals(Optional.of(small), store.acceptedList(), "Rule 1: the tenant list that was saved last");
    }

    /** Rule 1: the run that was saved last is found. */
    @Test
    public final void rule1_lastRunIsFound() {
        RunRecord begun = RunRecord.begun(UUID.randomUUID(), START);
        RunRecord done = begun.ended(RunRecord.State.DONE, START.plusSeconds(7));
        store.save(begun);
        assertEquals(Optional.of(begun), store.lastRun(), "Rule 1: a run that began");
        store.save(done);

        assertEquals(Optional.of(done), store.lastRun(), "Rule 1: the run that was saved last");
    }

    /** Rule 2: tenant list and run do not change each other. */
    @Test
    public final void rule2_tenantListAndRunDoNotTouchEachOther() {
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START);
        AcceptedTenantList list = list(2);
        store.save(run);
        store.save(list);
        assertEquals(Optional.of(run), store.lastRun(), "Rule 2: the run after saving a tenant list");
        store.save(run.ended(RunRecord.State.DONE, START));

        assertEquals(Optional.of(list), store.acceptedList(), "Rule 2: the tenant list after saving a run");
    }

    /** Rule 2: rules, tenant list and run do not change one another. */
    @Test
    public final void rule2_rulesTouchNothingElseAndNothingTouchesThem() {
        AcceptedTenantList list = list(2);
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START);
        TenantRule rule = rule(list.tenants().first());
        store.save(list);
        store.save(run);
        store.save(rule);
        assertEquals(Optional.of(list), store.acceptedList(), "Rule 2: the tenant list after saving a rule");
        assertEquals(Optional.of(run), store.lastRun(), "Rule 2: the run after saving a rule");
        store.save(list(3));
        store.save(run.ended(RunRecord.State.DONE, START));

        assertEquals(List.of(rule), store.rules(), "Rule 2: the rules after saving a tenant list and a run");
    }

    /**
     * Rule 3: of many simultaneous saves, one is stored completely.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule3_manyThreadsSaveAtOnce() throws Exception {
        List<AcceptedTenantList> lists =
                Stream.generate(() -> list(100)).limit(16).toList();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            lists.forEach(list -> work.add(() -> {
                store.save(list);
                return true;
            }));
            for (Future<Boolean> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertTrue(
                store.acceptedList().filter(lists::contains).isPresent(), "Rule 3: one of the tenant lists, complete");
    }

    /** Rule 4: a durable store finds everything again. */
    @Test
    public final void rule4_tenantListAndRunOutliveTheStore() {
        AcceptedTenantList list = list(2);
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START).ended(RunRecord.State.CANCELLED, START);
        store.save(list);
        store.save(run);
        FleetStore reopened = reopened();

        assertEquals(Optional.of(list), reopened.acceptedList(), "Rule 4: the tenant list after reopening");
        assertEquals(Optional.of(run), reopened.lastRun(), "Rule 4: the run after reopening");
    }

    /** Rule 5: one run at a time, in all processes. */
    @Test
    public final void rule5_lockIsHeldByOne() {
        RunLock first = locked();
        assertEquals(Optional.empty(), store.tryLock(), "Rule 5: a second lock while the first is held");
        assertEquals(Optional.empty(), reopened().tryLock(), "Rule 5: a lock of another process while one is held");
        first.close();
        RunLock second = locked();
        first.close();
        assertEquals(Optional.empty(), store.tryLock(), "Rule 5: a lock after an earlier one was closed twice");

        second.close();
        locked().close();
    }

    /** Rule 5: locks and saved state do not affect each other. */
    @Test
    public final void rule5_lockTouchesNothingElse() {
        AcceptedTenantList list = list(2);
        RunRecord run = RunRecord.begun(UUID.randomUUID(), START);
        try (RunLock lock = locked()) {
            store.save(list);
            store.save(run);
            assertEquals(Optional.empty(), store.tryLock(), "Rule 5: a lock beside " + lock);
        }

        assertEquals(Optional.of(list), store.acceptedList(), "Rule 5: the tenant list after a lock was closed");
        assertEquals(Optional.of(run), store.lastRun(), "Rule 5: the run after a lock was closed");
    }

    /**
     * Rule 5: of many simultaneous callers, one gets the lock.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule5_oneOfManyWhoLockAtOnceGetsIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<RunLock> given = new ArrayList<>();
        try {
            List<Callable<Optional<RunLock>>> work = Collections.nCopies(16, store::tryLock);
            for (Future<Optional<RunLock>> done : threads.invokeAll(work)) {
                done.get().ifPresent(given::add);
            }
        } finally {
            threads.shutdownNow();
        }
        given.forEach(RunLock::close);

        assertEquals(1, given.size(), "Rule 5: locks granted to simultaneous callers");
    }

    /** Rule 6: a saved rule is found and listed with all its values. */
    @Test
    public final void rule6_ruleIsFoundAndListed() {
        TenantRule rule = new TenantRule(
                id(),
                TenantRule.Kind.INCLUDE,
                "Say \"please\" \\ äß€ 中 & <b>",
                "ann",
                START.plusNanos(1_000),
                Optional.of(START.plusSeconds(60)));
        store.save(rule);

        assertEquals(Optional.of(rule), store.findRule(rule.tenant()), "Rule 6: the rule that was saved");
        assertEquals(List.of(rule), store.rules(), "Rule 6: all rules");
        assertEquals(Optional.empty(), store.findRule(id()), "Rule 6: a tenant without a rule");
    }

    /** Rule 6: a removed rule is gone; removing one that does not exist does nothing. */
    @Test
    public final void rule6_removedRuleIsGone() {
        TenantRule rule = rule(id());
        store.save(rule);
        store.removeRule(id());
        assertEquals(List.of(rule), store.rules(), "Rule 6: after removing another tenant's rule");
        store.removeRule(rule.tenant());

        assertEquals(List.of(), store.rules(), "Rule 6: after removing the rule");
        assertEquals(Optional.empty(), store.findRule(rule.tenant()), "Rule 6: the rule that was removed");
    }

    /** Rule 7: the rule that was saved last applies, and those of other tenants stay. */
    @Test
    public final void rule7_tenantHasOneRule() {
        TenantRule other = rule(id());
        TenantRule first = rule(id());
        TenantRule second = TenantRule.include(first.tenant(), "Changed my mind", "bob", START.plusSeconds(1));
        store.save(other);
        store.save(first);
        store.save(second);

        assertEquals(Optional.of(second), store.findRule(first.tenant()), "Rule 7: the rule that was saved last");
        assertEquals(Optional.of(other), store.findRule(other.tenant()), "Rule 7: the rule of another tenant");
        assertEquals(2, store.rules().size(), "Rule 7: the number of rules");
    }

    /**
     * Rule 3: of many rules that are saved simultaneously, none is lost.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule3_noneOfManyRulesIsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Set<TenantId> all = new TreeSet<>();
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < THREADS * 4; i++) {
                TenantRule rule = rule(id());
                all.add(rule.tenant());
                work.add(() -> {
                    store.save(rule);
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertEquals(
                all,
                store.rules().stream().map(TenantRule::tenant).collect(Collectors.toCollection(TreeSet::new)),
                "Rule 3: the tenants whose rules were saved simultaneously");
    }

    /** Rule 4: a durable store finds everything again. */
    @Test
    public final void rule4_rulesOutliveTheStore() {
        TenantRule rule = rule(id()).until(START.plusSeconds(5));
        store.save(rule);

        assertEquals(List.of(rule), reopened().rules(), "Rule 4: the rules after reopening");
    }

    private RunLock locked() {
        return store.tryLock().orElseGet(() -> fail("Rule 5: a lock while nobody holds one"));
    }

    private static AcceptedTenantList list(int size) {
        return AcceptedTenantList.of(
                START,
                Stream.generate(() -> new TenantId(UUID.randomUUID()))
                        .limit(size)
                        .toList());
    }

    private static TenantRule rule(TenantId tenant) {
        return TenantRule.exclude(tenant, "They asked for it", "ann", START);
    }

    private static TenantId id() {
        return new TenantId(UUID.randomUUID());
    }
}
