package dev.cpv.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.cpv.conformance.FleetStoreConformance;
import dev.cpv.conformance.TenantCatalogConformance;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.CatalogSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantCatalogException;
import dev.cpv.spi.TenantRule;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The suites of the fleet's ports themselves: what is broken on purpose must fail the rule that it breaks, and say so. */
class FleetConformanceSuiteTest {
    static Stream<Arguments> broken() {
        return Stream.of(
                // Catalogs
                Arguments.of(1, GivesTheFirstPage.class),
                Arguments.of(1, ThrowsForAnEmptyList.class),
                Arguments.of(1, GivesWhatItHasWhenItFails.class),
                Arguments.of(2, KnowsTenantsByName.class),
                Arguments.of(3, HidesWhatItCannotManage.class),
                Arguments.of(3, CallsAllManageable.class),
                Arguments.of(4, ListsOnceForEver.class),
                Arguments.of(4, ChangesWithoutAChange.class),
                Arguments.of(5, ThrowsItsOwnException.class),
                Arguments.of(6, ListsThoughCancelled.class),
                Arguments.of(6, CallsCancellingAFailure.class),
                Arguments.of(7, ListsForOneThreadOnly.class),
                // Fleet stores: rules
                Arguments.of(6, ForgetsTheEnd.class),
                Arguments.of(6, RoundsTimes.class),
                Arguments.of(6, RemovesNothing.class),
                Arguments.of(6, RemovesAll.class),
                Arguments.of(7, KeepsTheFirstRule.class),
                Arguments.of(7, KeepsOneRule.class),
                Arguments.of(2, ClearsTheRulesForARun.class),
                Arguments.of(2, ClearsTheRunForARule.class),
                Arguments.of(3, LosesRulesThatAreSavedAtOnce.class),
                Arguments.of(4, BeginsWithoutRules.class),
                // Fleet stores: tenant list, run and lock
                Arguments.of(1, KeepsTheFirstRun.class),
                Arguments.of(1, AddsToTheList.class),
                Arguments.of(1, CutsTheList.class),
                Arguments.of(1, BeginsWithARun.class),
                Arguments.of(2, ClearsTheListForARun.class),
                Arguments.of(2, ClearsTheRunForAList.class),
                Arguments.of(3, MixesLists.class),
                Arguments.of(4, BeginsAnew.class),
                Arguments.of(5, LetsEverybodyRun.class),
                Arguments.of(5, LetsNobodyRunAgain.class),
                Arguments.of(5, LooksBeforeItLocks.class),
                Arguments.of(5, GivesBackForOthers.class));
    }

    @ParameterizedTest(name = "rule {0}: {1}")
    @MethodSource("broken")
    void whatIsBrokenFailsTheRuleThatItBreaks(int rule, Class<?> broken) {
        List<Event> failures = run(broken).testEvents().failed().list();

        assertThat(failures)
                .filteredOn(event -> isOf(rule, event))
                .as("failures of rule %s for %s", rule, broken.getSimpleName())
                .isNotEmpty()
                .extracting(FleetConformanceSuiteTest::message)
                .allSatisfy(message -> assertThat(message).matches("(?s)Rules? .*\\b" + rule + "\\b.*"));
        if (!BREAKS_OTHER_RULES_TOO.contains(broken)) {
            assertThat(failures).allMatch(event -> isOf(rule, event));
        }
    }

    private static boolean isOf(int rule, Event event) {
        return method(event).contains("rule" + rule + "_");
    }

    @ParameterizedTest(name = "{0}: {1} rules")
    @MethodSource("suites")
    void everyRuleIsBrokenByAtLeastOneOfThem(Class<?> suite, int rules) {
        assertThat(broken().filter(arguments ->
                                arguments.get()[1] instanceof Class<?> each && suite.isAssignableFrom(each))
                        .map(arguments -> arguments.get()[0])
                        .distinct())
                .hasSize(rules);
    }

    static Stream<Arguments> suites() {
        return Stream.of(Arguments.of(TenantCatalogConformance.class, 7), Arguments.of(FleetStoreConformance.class, 7));
    }

    @ParameterizedTest
    @MethodSource("healthy")
    void whatIsHealthyPassesAndNothingIsSkipped(Class<?> suite, int tests) {
        EngineExecutionResults results = run(suite);

        results.testEvents()
                .assertStatistics(
                        statistics -> statistics.failed(0).aborted(0).skipped(0).succeeded(tests));
    }

    static Stream<Arguments> healthy() {
        return Stream.of(Arguments.of(HealthyCatalog.class, 9), Arguments.of(HealthyStore.class, 15));
    }

    @Test
    void whatACatalogCannotDoIsSkippedVisibly() {
        EngineExecutionResults results = run(AbleToDoNothing.class);

        assertThat(results.testEvents().failed().list()).isEmpty();
        assertThat(results.testEvents().aborted().list())
                .extracting(FleetConformanceSuiteTest::method)
                .containsExactlyInAnyOrder(
                        "rule1_rule5_failureHalfWayGivesNoList",
                        "rule3_whatCannotBeManagedIsListedWithTheReason",
                        "rule4_newTenantIsSeen");
    }

    private static EngineExecutionResults run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute();
    }

    private static String method(Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }

    private static String message(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage)
                .orElse("");
    }

    /** Other rules' tests stand on what these break. */
    private static final Set<Class<?>> BREAKS_OTHER_RULES_TOO = Set.of(
            ChangesWithoutAChange.class,
            ForgetsTheEnd.class,
            KeepsOneRule.class,
            AddsToTheList.class,
            ClearsTheListForARun.class,
            BeginsAnew.class);

    // Catalogs

    /** Hands in a catalog that its subclass has broken. */
    abstract static class BrokenCatalog extends TenantCatalogConformance {
        private final Supplier<PlainCatalog> broken;
        private PlainCatalog catalog = new PlainCatalog();

        BrokenCatalog(Supplier<PlainCatalog> broken) {
            this.broken = broken;
        }

        @Override
        protected TenantCatalog catalog(List<CatalogTenant> tenants) {
            catalog = broken.get();
            catalog.tenants.addAll(tenants);
            return catalog;
        }

        @Override
        protected boolean makeUnmanageable(TenantId tenant) {
            catalog.tenants.replaceAll(each -> each.id().equals(tenant) ? notManageable(each) : each);
            return true;
        }

        private static CatalogTenant notManageable(CatalogTenant tenant) {
            return new CatalogTenant(
                    tenant.id(),
                    tenant.displayName(),
                    Collections.emptySortedSet(),
                    Optional.of(CpvFailure.of(FailureCode.DELEGATED_ADMIN_ENDED, "Ended")),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        protected boolean failHalfWay() {
            catalog.failing.set(true);
            return true;
        }

        @Override
        protected boolean add(CatalogTenant tenant) {
            catalog.tenants.add(tenant);
            return true;
        }
    }

    static class HealthyCatalog extends BrokenCatalog {
        HealthyCatalog() {
            super(PlainCatalog::new);
        }
    }

    static class AbleToDoNothing extends TenantCatalogConformance {
        @Override
        protected TenantCatalog catalog(List<CatalogTenant> tenants) {
            return TenantCatalog.of(tenants.stream().map(CatalogTenant::id).toList());
        }
    }

    static class GivesTheFirstPage extends BrokenCatalog {
        GivesTheFirstPage() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> listed() {
                    return super.listed().stream().limit(1_000).toList();
                }
            });
        }
    }

    static class ThrowsForAnEmptyList extends BrokenCatalog {
        ThrowsForAnEmptyList() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> listed() {
                    if (tenants.isEmpty()) {
                        throw failed(FailureCode.CATALOG_FAILED);
                    }
                    return super.listed();
                }
            });
        }
    }

    static class GivesWhatItHasWhenItFails extends BrokenCatalog {
        GivesWhatItHasWhenItFails() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> failHalfWay() {
                    return tenants.subList(0, tenants.size() / 2);
                }
            });
        }
    }

    static class KnowsTenantsByName extends BrokenCatalog {
        KnowsTenantsByName() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> listed() {
                    Map<String, CatalogTenant> byName = new TreeMap<>();
                    super.listed().forEach(tenant -> byName.put(tenant.displayName(), tenant));
                    return List.copyOf(byName.values());
                }
            });
        }
    }

    static class HidesWhatItCannotManage extends BrokenCatalog {
        HidesWhatItCannotManage() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> listed() {
                    return super.listed().stream()
                            .filter(CatalogTenant::isManageable)
                            .toList();
                }
            });
        }
    }

    static class CallsAllManageable extends BrokenCatalog {
        CallsAllManageable() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> listed() {
                    return super.listed().stream()
                            .map(tenant -> CatalogTenant.of(tenant.id(), tenant.displayName()))
                            .toList();
                }
            });
        }
    }

    static class ListsOnceForEver extends BrokenCatalog {
        ListsOnceForEver() {
            super(() -> new PlainCatalog() {
                private final AtomicReference<List<CatalogTenant>> first = new AtomicReference<>(List.of());

                @Override
                List<CatalogTenant> listed() {
                    first.compareAndSet(List.of(), super.listed());
                    return first.get();
                }
            });
        }
    }

    static class ChangesWithoutAChange extends BrokenCatalog {
        ChangesWithoutAChange() {
            super(() -> new PlainCatalog() {
                private final AtomicInteger calls = new AtomicInteger();

                @Override
                List<CatalogTenant> listed() {
                    int call = calls.incrementAndGet();
                    return super.listed().stream()
                            .map(tenant -> tenant.isManageable()
                                    ? CatalogTenant.of(tenant.id(), tenant.displayName() + call)
                                    : tenant)
                            .toList();
                }
            });
        }
    }

    static class ThrowsItsOwnException extends BrokenCatalog {
        ThrowsItsOwnException() {
            super(() -> new PlainCatalog() {
                @Override
                List<CatalogTenant> failHalfWay() {
                    throw new IllegalStateException("The second page is missing");
                }
            });
        }
    }

    static class ListsThoughCancelled extends BrokenCatalog {
        ListsThoughCancelled() {
            super(() -> new PlainCatalog() {
                @Override
                void cancelled() {}
            });
        }
    }

    static class CallsCancellingAFailure extends BrokenCatalog {
        CallsCancellingAFailure() {
            super(() -> new PlainCatalog() {
                @Override
                void cancelled() {
                    throw failed(FailureCode.CATALOG_FAILED);
                }
            });
        }
    }

    static class ListsForOneThreadOnly extends BrokenCatalog {
        ListsForOneThreadOnly() {
            super(() -> new PlainCatalog() {
                private final Meeting meeting = new Meeting();

                @Override
                List<CatalogTenant> listed() {
                    if (meeting.takesPlace()) {
                        throw failed(FailureCode.CATALOG_FAILED);
                    }
                    return super.listed();
                }
            });
        }
    }

    /** A catalog that obeys every rule, in parts that can be broken. */
    private static class PlainCatalog implements TenantCatalog {
        final List<CatalogTenant> tenants = new CopyOnWriteArrayList<>();
        final AtomicBoolean failing = new AtomicBoolean();

        static TenantCatalogException failed(FailureCode code) {
            return new TenantCatalogException(CpvFailure.of(code, "Broken on purpose"), null);
        }

        List<CatalogTenant> listed() {
            return List.copyOf(tenants);
        }

        List<CatalogTenant> failHalfWay() {
            throw failed(FailureCode.CATALOG_FAILED);
        }

        void cancelled() {
            throw failed(FailureCode.CANCELLED);
        }

        @Override
        public CatalogSnapshot list(Cancellation cancellation) {
            if (cancellation.isCancelled()) {
                cancelled();
            }
            return CatalogSnapshot.of(failing.getAndSet(false) ? failHalfWay() : listed());
        }
    }

    // Fleet stores: rules

    /** Hands in a store that its subclass has broken. */
    abstract static class BrokenStore extends FleetStoreConformance {
        private final Supplier<PlainStore> broken;
        PlainStore store = new PlainStore();

        BrokenStore(Supplier<PlainStore> broken) {
            this.broken = broken;
        }

        @Override
        protected FleetStore store() {
            store = broken.get();
            return store;
        }
    }

    static class HealthyStore extends BrokenStore {
        HealthyStore() {
            super(PlainStore::new);
        }
    }

    static class ForgetsTheEnd extends BrokenStore {
        ForgetsTheEnd() {
            super(() -> new PlainStore() {
                @Override
                void keep(TenantRule rule) {
                    super.keep(new TenantRule(
                            rule.tenant(), rule.kind(), rule.reason(), rule.author(), rule.since(), Optional.empty()));
                }
            });
        }
    }

    static class RoundsTimes extends BrokenStore {
        RoundsTimes() {
            super(() -> new PlainStore() {
                @Override
                void keep(TenantRule rule) {
                    super.keep(new TenantRule(
                            rule.tenant(),
                            rule.kind(),
                            rule.reason(),
                            rule.author(),
                            rule.since().truncatedTo(ChronoUnit.MILLIS),
                            rule.until()));
                }
            });
        }
    }

    static class RemovesNothing extends BrokenStore {
        RemovesNothing() {
            super(() -> new PlainStore() {
                @Override
                public void removeRule(TenantId tenant) {}
            });
        }
    }

    static class RemovesAll extends BrokenStore {
        RemovesAll() {
            super(() -> new PlainStore() {
                @Override
                public void removeRule(TenantId tenant) {
                    rules.clear();
                }
            });
        }
    }

    static class KeepsTheFirstRule extends BrokenStore {
        KeepsTheFirstRule() {
            super(() -> new PlainStore() {
                @Override
                void keep(TenantRule rule) {
                    rules.putIfAbsent(rule.tenant(), rule);
                }
            });
        }
    }

    static class KeepsOneRule extends BrokenStore {
        KeepsOneRule() {
            super(() -> new PlainStore() {
                @Override
                void keep(TenantRule rule) {
                    rules.clear();
                    super.keep(rule);
                }
            });
        }
    }

    static class LosesRulesThatAreSavedAtOnce extends BrokenStore {
        LosesRulesThatAreSavedAtOnce() {
            super(() -> new PlainStore() {
                private final Meeting meeting = new Meeting();

                @Override
                void keep(TenantRule rule) {
                    if (!meeting.takesPlace()) {
                        super.keep(rule);
                    }
                }
            });
        }
    }

    static class BeginsWithoutRules extends BrokenStore {
        BeginsWithoutRules() {
            super(PlainStore::new);
        }

        @Override
        protected FleetStore reopened() {
            store.rules.clear();
            return store;
        }
    }

    static class ClearsTheRulesForARun extends BrokenStore {
        ClearsTheRulesForARun() {
            super(() -> new PlainStore() {
                @Override
                public void save(RunRecord saved) {
                    rules.clear();
                    super.save(saved);
                }
            });
        }
    }

    static class ClearsTheRunForARule extends BrokenStore {
        ClearsTheRunForARule() {
            super(() -> new PlainStore() {
                @Override
                void keep(TenantRule rule) {
                    run.set(null);
                    super.keep(rule);
                }
            });
        }
    }

    // Fleet stores: tenant list, run and lock

    static class KeepsTheFirstRun extends BrokenStore {
        KeepsTheFirstRun() {
            super(() -> new PlainStore() {
                @Override
                public void save(RunRecord saved) {
                    run.compareAndSet(null, saved);
                }
            });
        }
    }

    static class AddsToTheList extends BrokenStore {
        AddsToTheList() {
            super(() -> new PlainStore() {
                @Override
                public void save(AcceptedTenantList saved) {
                    Set<TenantId> all = new HashSet<>(saved.tenants());
                    acceptedList().map(AcceptedTenantList::tenants).ifPresent(all::addAll);
                    super.save(AcceptedTenantList.of(saved.accepted(), all));
                }
            });
        }
    }

    static class CutsTheList extends BrokenStore {
        CutsTheList() {
            super(() -> new PlainStore() {
                @Override
                public void save(AcceptedTenantList saved) {
                    Collection<TenantId> some =
                            saved.tenants().stream().limit(5_000).toList();
                    super.save(AcceptedTenantList.of(saved.accepted(), some));
                }
            });
        }
    }

    static class BeginsWithARun extends BrokenStore {
        BeginsWithARun() {
            super(() -> {
                PlainStore journal = new PlainStore();
                journal.save(RunRecord.begun(new UUID(1, 1), Instant.EPOCH));
                return journal;
            });
        }
    }

    static class ClearsTheListForARun extends BrokenStore {
        ClearsTheListForARun() {
            super(() -> new PlainStore() {
                @Override
                public void save(RunRecord saved) {
                    accepted.set(null);
                    super.save(saved);
                }
            });
        }
    }

    static class ClearsTheRunForAList extends BrokenStore {
        ClearsTheRunForAList() {
            super(() -> new PlainStore() {
                @Override
                public void save(AcceptedTenantList saved) {
                    run.set(null);
                    super.save(saved);
                }
            });
        }
    }

    static class MixesLists extends BrokenStore {
        MixesLists() {
            super(() -> new PlainStore() {
                private final Meeting meeting = new Meeting();
                private final AtomicBoolean mixed = new AtomicBoolean();

                @Override
                public void save(AcceptedTenantList saved) {
                    if (meeting.takesPlace()) {
                        mixed.set(true);
                    }
                    super.save(mixed.get() ? AcceptedTenantList.of(saved.accepted(), List.of()) : saved);
                }
            });
        }
    }

    static class BeginsAnew extends BrokenStore {
        BeginsAnew() {
            super(PlainStore::new);
        }

        @Override
        protected FleetStore reopened() {
            return new PlainStore();
        }
    }

    static class LetsEverybodyRun extends BrokenStore {
        LetsEverybodyRun() {
            super(() -> new PlainStore() {
                @Override
                public Optional<RunLock> tryLock() {
                    return Optional.of(() -> {});
                }
            });
        }
    }

    static class LetsNobodyRunAgain extends BrokenStore {
        LetsNobodyRunAgain() {
            super(() -> new PlainStore() {
                @Override
                void release(int lock) {}
            });
        }
    }

    static class LooksBeforeItLocks extends BrokenStore {
        LooksBeforeItLocks() {
            super(() -> new PlainStore() {
                private final Meeting meeting = new Meeting();

                @Override
                public Optional<RunLock> tryLock() {
                    int held = holder.get();
                    boolean met = meeting.takesPlace();
                    return met && held == 0 ? Optional.of(() -> {}) : super.tryLock();
                }
            });
        }
    }

    static class GivesBackForOthers extends BrokenStore {
        GivesBackForOthers() {
            super(() -> new PlainStore() {
                @Override
                void release(int lock) {
                    holder.set(0);
                }
            });
        }
    }

    /** A store that obeys every rule, in parts that can be broken. */
    private static class PlainStore implements FleetStore {
        final Map<TenantId, TenantRule> rules = new ConcurrentSkipListMap<>();
        final AtomicReference<@Nullable AcceptedTenantList> accepted = new AtomicReference<>();
        final AtomicReference<@Nullable RunRecord> run = new AtomicReference<>();
        final AtomicInteger locks = new AtomicInteger();
        final AtomicInteger holder = new AtomicInteger();

        @Override
        public Optional<AcceptedTenantList> acceptedList() {
            return Optional.ofNullable(accepted.get());
        }

        @Override
        public void save(AcceptedTenantList saved) {
            accepted.set(saved);
        }

        @Override
        public Optional<RunRecord> lastRun() {
            return Optional.ofNullable(run.get());
        }

        @Override
        public void save(RunRecord saved) {
            run.set(saved);
        }

        @Override
        public Optional<RunLock> tryLock() {
            int lock = locks.incrementAndGet();
            return holder.compareAndSet(0, lock) ? Optional.of(() -> release(lock)) : Optional.empty();
        }

        void release(int lock) {
            holder.compareAndSet(lock, 0);
        }

        @Override
        public List<TenantRule> rules() {
            return List.copyOf(rules.values());
        }

        @Override
        public Optional<TenantRule> findRule(TenantId tenant) {
            return Optional.ofNullable(rules.get(tenant));
        }

        @Override
        public void save(TenantRule rule) {
            keep(rule);
        }

        void keep(TenantRule rule) {
            rules.put(rule.tenant(), rule);
        }

        @Override
        public void removeRule(TenantId tenant) {
            rules.remove(tenant);
        }
    }

    /** Gives another thread some time to come to the same place: a race that shows each time. */
    private static final class Meeting {
        private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);

        private final AtomicInteger inside = new AtomicInteger();

        boolean takesPlace() {
            inside.incrementAndGet();
            try {
                long begin = System.nanoTime();
                while (inside.get() == 1 && System.nanoTime() - begin < PATIENCE) {
                    Thread.onSpinWait();
                }
                return inside.get() > 1;
            } finally {
                inside.decrementAndGet();
            }
        }
    }
}
