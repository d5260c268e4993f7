package dev.cpv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantRule;
import dev.cpv.spi.TenantRuleStore;
import java.time.Instant;
import java.util.ArrayList;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link TenantRuleStore}, as tests. Extend it in your own tests and hand in a store. The names of the tests begin with
 * the number of the rule, as do their complaints.
 */
public abstract class TenantRuleStoreConformance {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final int THREADS = 8;

    private TenantRuleStore store;

    /** Creates the suite; JUnit does so before each test. */
    protected TenantRuleStoreConformance() {}

    /**
     * Returns what is tested; called once before each test.
     *
     * @return an empty store
     */
    protected abstract TenantRuleStore store();

    /**
     * Opens the store that is tested anew, as a process that starts later does. Override it for a durable one.
     *
     * @return another object over the same store; the same object if it is not durable
     */
    protected TenantRuleStore reopened() {
        return store;
    }

    /** Takes the store. */
    @BeforeEach
    public final void prepare() {
        store = store();
    }

    /** Rule 1: what was put is found and listed, with all that it says. */
    @Test
    public final void rule1_ruleIsFoundAndListed() {
        TenantRule rule = new TenantRule(
                id(),
                TenantRule.Kind.INCLUDE,
                "Say \"please\" \\ äß€ 中 & <b>",
                "ann",
                START.plusNanos(1_000),
                Optional.of(START.plusSeconds(60)));
        store.put(rule);

        assertEquals(Optional.of(rule), store.find(rule.tenant()), "Rule 1: the rule that was put");
        assertEquals(List.of(rule), store.list(), "Rule 1: all rules");
        assertEquals(Optional.empty(), store.find(id()), "Rule 1: a tenant without a rule");
    }

    /** Rule 1: a removed rule is gone; removing what is not there does nothing. */
    @Test
    public final void rule1_removedRuleIsGone() {
        TenantRule rule = rule(id());
        store.put(rule);
        store.remove(id());
        assertEquals(List.of(rule), store.list(), "Rule 1: after removing another tenant's rule");
        store.remove(rule.tenant());

        assertEquals(List.of(), store.list(), "Rule 1: after removing the rule");
        assertEquals(Optional.empty(), store.find(rule.tenant()), "Rule 1: the rule that was removed");
    }

    /** Rule 2: the rule that was put last counts, and others stay. */
    @Test
    public final void rule2_tenantHasOneRule() {
        TenantRule other = rule(id());
        TenantRule first = rule(id());
        TenantRule second = TenantRule.include(first.tenant(), "Changed my mind", "bob", START.plusSeconds(1));
        store.put(other);
        store.put(first);
        store.put(second);

        assertEquals(Optional.of(second), store.find(first.tenant()), "Rule 2: the rule that was put last");
        assertEquals(Optional.of(other), store.find(other.tenant()), "Rule 2: the rule of another tenant");
        assertEquals(2, store.list().size(), "Rule 2: the number of rules");
    }

    /**
     * Rule 3: of many who put at once, none is lost.
     *
     * @throws Exception if a thread fails
     */
    @Test
    public final void rule3_noneOfManyIsLost() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Set<TenantId> all = new TreeSet<>();
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < THREADS * 4; i++) {
                TenantRule rule = rule(id());
                all.add(rule.tenant());
                work.add(() -> {
                    store.put(rule);
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
                store.list().stream().map(TenantRule::tenant).collect(Collectors.toCollection(TreeSet::new)),
                "Rule 3: the tenants whose rules were put at once");
    }

    /** Rule 4: a durable store remembers. */
    @Test
    public final void rule4_rulesOutliveTheStore() {
        TenantRule rule = rule(id()).until(START.plusSeconds(5));
        store.put(rule);

        assertEquals(List.of(rule), reopened().list(), "Rule 4: the rules after opening anew");
    }

    private static TenantRule rule(TenantId tenant) {
        return TenantRule.exclude(tenant, "They asked for it", "ann", START);
    }

    private static TenantId id() {
        return new TenantId(UUID.randomUUID());
    }
}
