package dev.cpv.fleet;

import static dev.cpv.fleet.Fleet.failure;
import static dev.cpv.fleet.Fleet.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import dev.cpv.testing.FakeTenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run comes to the same on whatever threads it works. */
@Timeout(60)
class FleetThreadsTest {
    private static final int TENANTS = 500;

    @Test
    void aRunComesToTheSameOnOneThreadAndOnAPool() {
        Outcome alone = run(Runnable::run);
        ExecutorService pool = Executors.newFixedThreadPool(64);
        try {
            assertThat(run(pool)).isEqualTo(alone);
        } finally {
            pool.shutdownNow();
        }
        assertThat(alone.counts())
                .as("tenants of every kind")
                .containsOnlyKeys(
                        RefreshOutcome.UPDATED,
                        RefreshOutcome.UP_TO_DATE,
                        RefreshOutcome.PARTIAL,
                        RefreshOutcome.FAILED,
                        RefreshOutcome.SKIPPED);
    }

    @Test
    void aRunComesToTheSameOnVirtualThreads() throws ReflectiveOperationException {
        Optional<ExecutorService> virtual = virtualThreads();
        assumeThat(virtual).as("virtual threads of this JVM").isPresent();
        Set<Boolean> kinds = ConcurrentHashMap.newKeySet();
        ExecutorService executor = virtual.orElseThrow();
        try {
            assertThat(run(task -> executor.execute(() -> {
                        kinds.add(isVirtual(Thread.currentThread()));
                        task.run();
                    })))
                    .isEqualTo(run(Runnable::run));
        } finally {
            executor.shutdownNow();
        }
        assertThat(kinds).containsExactly(true);
    }

    /** A night over tenants of all kinds, mixed. */
    private static Outcome run(Executor executor) {
        Fleet fleet = new Fleet().with(TENANTS);
        for (int i = 0; i < TENANTS; i++) {
            FakeTenant tenant = fleet.tenant(i);
            switch (i % 10) {
                case 0 ->
                    tenant.consent()
                            .grantScopes(
                                    Fleet.GRAPH,
                                    RequiredPermissionSet.bootstrapScopes().stream()
                                            .map(PublishedScope::value)
                                            .toArray(String[]::new));
                case 1 -> tenant.failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
                case 2 -> tenant.failNext(failure(FailureCode.SERVICE_UNAVAILABLE));
                case 3 -> fleet.store.save(TenantRule.exclude(id(i), "Why", "ann", Fleet.START));
                case 4 ->
                    tenant.publish(
                            Fleet.GRAPH,
                            ResourceDefinition.ofTenant(List.of(), RequiredPermissionSet.bootstrapScopes()));
                case 5 -> tenant.consentVisibleAfter(3);
                case 6, 7 -> fleet.inSync(id(i));
                default -> {}
            }
        }
        // Each worker moves the clock on while it waits, so there has to be time for all of them.
        RefreshOptions patient =
                RefreshOptions.defaults().withConsentWait(Duration.ofHours(9)).withTimeout(Duration.ofHours(10));
        FleetReport report =
                fleet.builder().options(patient).concurrency(64).build().run(executor);
        assertThat(report.run().state()).isEqualTo(RunRecord.State.DONE);
        assertThat(fleet.results).extracting(CpvResult::tenant).hasSize(TENANTS).doesNotHaveDuplicates();
        return Outcome.of(fleet, report);
    }

    /** What a run came to, whatever the order in which it came to it. */
    private record Outcome(
            Map<RefreshOutcome, Integer> counts,
            Map<FailureCode, Integer> failures,
            Map<TenantTransition, Integer> changes,
            Set<TenantId> attention,
            long requests,
            Map<String, String> results,
            Map<TenantId, Set<String>> holdings) {
        static Outcome of(Fleet fleet, FleetReport report) {
            Map<String, String> results = new TreeMap<>();
            fleet.results.forEach(result -> results.put(
                    result.tenant(),
                    result.outcome() + " "
                            + result.failure().map(CpvFailure::code) + " "
                            + result.permissions().stream()
                                    .map(PermissionOutcome::status)
                                    .toList()));
            Map<TenantId, Set<String>> holdings = new TreeMap<>();
            fleet.listed.forEach(tenant -> {
                FakeTenant held = fleet.directory.tenant(tenant.id());
                Set<String> all = new TreeSet<>(held.isConsented() ? held.scopes(Fleet.GRAPH) : Set.of());
                held.appRoles().forEach(role -> all.add(role.toString()));
                holdings.put(tenant.id(), all);
            });
            return new Outcome(
                    report.outcomes(),
                    report.failures(),
                    report.changes(),
                    report.attention().stream().map(AttentionItem::tenant).collect(Collectors.toSet()),
                    report.requests(),
                    results,
                    holdings);
        }
    }

    /** They are there from JDK 21 on. */
    private static Optional<ExecutorService> virtualThreads() throws ReflectiveOperationException {
        try {
            return Optional.of((ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
