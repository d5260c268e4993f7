package dev.cpv.fleet;

import static dev.cpv.fleet.Fleet.failure;
import static dev.cpv.fleet.Fleet.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.RefreshListener;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantCatalog;
import dev.cpv.spi.TenantCatalogException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantRule;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FleetRefreshTest {
    private final Fleet fleet = new Fleet();

    // Who works

    @Test
    void everyTenantGetsOneResultOnTheCallingThread() {
        fleet.with(30);

        FleetReport report = fleet.run();

        assertThat(fleet.order()).hasSize(30).doesNotHaveDuplicates();
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 30));
        assertThat(report.run().state()).isEqualTo(RunRecord.State.DONE);
        assertThat(report.requests()).isEqualTo(fleet.directory.calls().size());
        assertThat(fleet.store.lastRun()).contains(report.run());
    }

    @Test
    void aPoolSharesTheTenants() throws Exception {
        fleet.with(200);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            FleetRun run = fleet.builder().concurrency(5).build().start(pool);
            FleetReport report = run.report().get();

            assertThat(fleet.order()).hasSize(200).doesNotHaveDuplicates();
            assertThat(report.count(RefreshOutcome.UPDATED)).isEqualTo(200);
            assertThat(run.progress()).isEqualTo(new FleetProgress(200, 200, Map.of(RefreshOutcome.UPDATED, 200)));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void noMoreTenantsAreWorkedOnAtATimeThanAllowed() throws Exception {
        fleet.with(60);
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CpvClient client = CpvClient.builder(fleet.directory, Fleet.REQUIRED)
                .addListener(new RefreshListener() {
                    @Override
                    public void started(RefreshContext context) {
                        most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                    }

                    @Override
                    public void finished(RefreshContext context, CpvResult result) {
                        atWork.decrementAndGet();
                    }
                })
                .build();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            fleet.builder(client).concurrency(3).build().run(pool);
        } finally {
            pool.shutdownNow();
        }

        assertThat(fleet.results).hasSize(60);
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void aRunEndsOnExecutorsThatHaveNoThreadFree() throws Exception {
        fleet.with(20);
        Executor forgets = task -> {};
        Executor refuses = task -> {
            throw new RejectedExecutionException("full");
        };
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            assertThat(fleet.builder().concurrency(4).build().run(forgets).isHealthy())
                    .isTrue();
            assertThat(fleet.builder().concurrency(4).build().run(refuses).isHealthy())
                    .isTrue();
            FleetRefresh within = fleet.builder().concurrency(4).build();
            assertThat(single.submit(() -> within.run(single)).get().isHealthy())
                    .isTrue();
        } finally {
            single.shutdownNow();
        }
        assertThat(fleet.results).hasSize(60);
    }

    @Test
    void lateWorkersFindNothingToDo() {
        fleet.with(5);
        List<Runnable> late = new ArrayList<>();
        FleetReport report = fleet.builder().concurrency(3).build().run(late::add);
        late.forEach(Runnable::run);

        assertThat(late).hasSize(2);
        assertThat(report.isHealthy()).isTrue();
        assertThat(fleet.results).hasSize(5);
    }

    @Test
    void aFaultOfAListenerOrOfTheHostChangesNothingElse() {
        fleet.with(6);
        CpvClient client = CpvClient.builder(fleet.directory, tenant -> {
                    if (tenant.equals(id(3))) {
                        throw new IllegalStateException("secret");
                    }
                    return Fleet.REQUIRED;
                })
                .build();
        FleetReport report = fleet.builder(client)
                .onResult(result -> {
                    throw new IllegalStateException("On purpose");
                })
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 5, RefreshOutcome.FAILED, 1));
        assertThat(fleet.result(3).failure().orElseThrow().message())
                .contains("IllegalStateException")
                .doesNotContain("secret");
    }

    @Test
    void thoseWhoWaitComeFirstThenNewThenFailedThenTheRest() {
        fleet.withWell(6);
        fleet.with(2);
        fleet.tenant(2).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
        fleet.client().refresh(id(2));
        List<Priority> priorities = new ArrayList<>();
        CpvClient client = CpvClient.builder(fleet.directory, Fleet.REQUIRED)
                .journal(fleet.journal)
                .addListener(new RefreshListener() {
                    @Override
                    public void started(RefreshContext context) {
                        priorities.add(context.options().priority());
                    }
                })
                .build();

        fleet.builder(client).first(List.of(id(4), id(99))).build().run(Fleet.SAME_THREAD);

        List<TenantId> order = fleet.order();
        assertThat(order.get(0)).isEqualTo(id(4));
        assertThat(order.subList(1, 3)).containsExactlyInAnyOrder(id(6), id(7));
        assertThat(order.get(3)).isEqualTo(id(2));
        assertThat(order).hasSize(8);
        assertThat(priorities).startsWith(Priority.MANUAL, Priority.NIGHTLY).containsOnlyOnce(Priority.MANUAL);
    }

    // R6, R34, retries

    @Test
    void R6_aConsentThatIsNotVisibleComesAgainWhileOthersAreDone() {
        fleet.with(10);
        for (int i = 0; i < 5; i++) {
            fleet.tenant(i).consentVisibleAfter(3);
        }

        FleetReport report = fleet.run();

        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 10));
        assertThat(fleet.order().subList(0, 5)).doesNotContain(id(0), id(1), id(2), id(3), id(4));
        // Five tenants wait at once, not one after the other: 1, 2 and perhaps 4 s.
        assertThat(Duration.between(Fleet.START, fleet.clock.instant()))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(8));
    }

    @Test
    void R6_afterTheBoundTheTenantEndsRetryable() {
        fleet.with(2);
        fleet.tenant(0).consentVisibleAfter(1_000);

        FleetReport report = fleet.run();

        assertThat(fleet.result(0).failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_NOT_VISIBLE_YET);
        assertThat(Duration.between(Fleet.START, fleet.clock.instant())).isEqualTo(Duration.ofMinutes(3));
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 1, RefreshOutcome.FAILED, 1));
        assertThat(fleet.directory.calls(id(0)).stream()
                        .filter(call -> !call.steps().isEmpty())
                        .count())
                .as("the consent is not given again")
                .isEqualTo(1);
    }

    @Test
    void R34_aBusyTenantIsTriedAgainAtTheEnd() {
        fleet.with(3);
        Lease other = fleet.journal
                .acquire(id(1), "somebody", fleet.clock.instant(), Duration.ofSeconds(40))
                .orElseThrow();

        FleetReport report = fleet.run();

        assertThat(other.until()).isBeforeOrEqualTo(fleet.clock.instant());
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 3));
        assertThat(fleet.order().get(2)).isEqualTo(id(1));
    }

    @Test
    void R26_whatCanPassIsTriedOnceMoreAtTheEndAfterItsRest() {
        fleet.with(3);
        CpvFailure throttled = CpvFailure.builder(FailureCode.THROTTLED, "On purpose")
                .retryAfter(Duration.ofSeconds(90))
                .build();
        fleet.tenant(1).failNext(throttled);
        fleet.tenant(2).failNext(throttled).failNext(throttled).failNext(throttled);

        FleetReport report = fleet.run();

        assertThat(fleet.outcome(1)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fleet.result(2).failure().orElseThrow().code()).isEqualTo(FailureCode.THROTTLED);
        assertThat(fleet.calls(2)).isEqualTo(2);
        assertThat(report.run().ended()).contains(Fleet.START.plusSeconds(90));
    }

    @Test
    void R26_aRestLongerThanARunIsLeftToTheNextOne() {
        fleet.with(1);
        fleet.tenant(0)
                .failNext(CpvFailure.builder(FailureCode.THROTTLED, "On purpose")
                        .retryAfter(Duration.ofHours(2))
                        .build());

        fleet.run();

        assertThat(fleet.outcome(0)).isEqualTo(RefreshOutcome.FAILED);
        assertThat(fleet.clock.sleeps()).isEmpty();
    }

    // R28

    @Test
    void R28_partnerWideFailureStopsTheRunWithOneAlarm() {
        fleet.withWell(30);
        CpvFailure revoked = failure(FailureCode.REFRESH_TOKEN_REVOKED);
        Map<TenantId, Optional<TenantRecord>> before = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            before.put(id(i), fleet.journal.find(id(i)));
            if (i % 3 == 0) {
                fleet.tenant(i).failNext(revoked);
            }
        }

        FleetReport report = fleet.run();

        assertThat(report.alarm()).contains(revoked);
        assertThat(report.run().state()).isEqualTo(RunRecord.State.STOPPED);
        assertThat(report.outcomes()).containsOnlyKeys(RefreshOutcome.UP_TO_DATE, RefreshOutcome.NOT_ATTEMPTED);
        assertThat(fleet.results).hasSize(30);
        assertThat(report.attention()).isEmpty();
        fleet.results.stream()
                .filter(result -> result.outcome() == RefreshOutcome.NOT_ATTEMPTED)
                .forEach(result -> assertThat(
                                fleet.journal.find(result.tenantId().orElseThrow()))
                        .as("nobody is marked as failed")
                        .isEqualTo(before.get(result.tenantId().orElseThrow())));
    }

    @Test
    void R28_whoWaitsForATenantIsToldWhatItMet() {
        fleet.withWell(3);
        Optional<TenantRecord> before = fleet.journal.find(id(2));
        CpvFailure revoked = failure(FailureCode.REFRESH_TOKEN_REVOKED);
        fleet.tenant(2).failNext(revoked);

        FleetReport report =
                fleet.builder().first(List.of(id(2), id(0))).build().run(Fleet.SAME_THREAD);

        assertThat(report.alarm()).contains(revoked);
        assertThat(fleet.result(2).failure()).contains(revoked);
        assertThat(fleet.journal.find(id(2))).isEqualTo(before);
        assertThat(fleet.outcome(0)).isEqualTo(RefreshOutcome.NOT_ATTEMPTED);
        assertThat(fleet.outcome(1)).isEqualTo(RefreshOutcome.NOT_ATTEMPTED);
    }

    @Test
    void R29_thoseThatSomebodyWaitsForComeFirstInTheirOrder() {
        fleet.withWell(9);
        List<TenantId> named = List.of(id(7), id(2), id(5), id(0), id(8));

        fleet.builder().first(named).build().run(Fleet.SAME_THREAD);

        assertThat(fleet.order()).hasSize(9).startsWith(named.toArray(TenantId[]::new));
    }

    @Test
    void R28_aCatalogThatFailsIsAnAlarmAndNothingIsBegun() {
        CpvFailure revoked = failure(FailureCode.REFRESH_TOKEN_REVOKED);
        for (CpvFailure failure : List.of(revoked, failure(FailureCode.SERVICE_UNAVAILABLE))) {
            TenantCatalog catalog = cancellation -> {
                throw new TenantCatalogException(failure, null);
            };
            FleetReport report =
                    FleetRefresh.builder(fleet.client(), catalog).build().run(Fleet.SAME_THREAD);

            assertThat(report.total()).isZero();
            assertThat(report.isHealthy()).isFalse();
            assertThat(report.alarm().orElseThrow().code())
                    .isEqualTo(
                            failure.equals(revoked) ? FailureCode.REFRESH_TOKEN_REVOKED : FailureCode.CATALOG_FAILED);
        }
        assertThat(fleet.directory.calls()).isEmpty();
    }

    // R30

    @Test
    void R30_exclusionIsCheckedWhenTheTenantsTurnComes() {
        fleet.with(3);
        fleet.store.save(TenantRule.exclude(id(0), "They asked for it", "ann", Fleet.START));
        FleetReport report = fleet.builder()
                .onResult(result -> {
                    for (int i = 1; i < 3; i++) {
                        if (fleet.calls(i) == 0) {
                            fleet.store.save(TenantRule.exclude(id(i), "Just now", "bob", Fleet.START));
                        }
                    }
                })
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(fleet.outcome(0)).isEqualTo(RefreshOutcome.SKIPPED);
        assertThat(fleet.calls(0)).isZero();
        assertThat(fleet.result(0).failure().orElseThrow().message())
                .contains("ann")
                .contains("They asked for it");
        assertThat(report.failures()).containsOnlyKeys(FailureCode.EXCLUDED);
        assertThat(report.count(RefreshOutcome.SKIPPED)).isGreaterThanOrEqualTo(2);
        assertThat(report.isHealthy()).isTrue();
    }

    @Test
    void R30_exclusionEndsByItself() {
        fleet.with(1);
        fleet.store.save(TenantRule.exclude(id(0), "Moving house", "ann", Fleet.START)
                .until(Fleet.START.plus(Duration.ofHours(30))));

        assertThat(fleet.run().count(RefreshOutcome.SKIPPED)).isEqualTo(1);
        assertThat(fleet.nextNight().count(RefreshOutcome.SKIPPED)).isEqualTo(1);
        assertThat(fleet.nextNight().count(RefreshOutcome.UPDATED)).isEqualTo(1);
    }

    @Test
    void R30_whoIsNotManageableIsListedWithTheReasonUnlessIncluded() {
        CpvFailure none = failure(FailureCode.DELEGATED_ADMIN_MISSING);
        for (int i = 0; i < 2; i++) {
            fleet.listed.add(notManageable(i, none));
        }
        fleet.store.save(TenantRule.include(id(1), "Direct tenant", "ann", Fleet.START));
        fleet.store.save(TenantRule.include(id(7), "Our own", "ann", Fleet.START));

        FleetReport report = fleet.run();

        assertThat(fleet.result(0).failure()).contains(none);
        assertThat(fleet.outcome(1)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fleet.outcome(7)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(report.total()).isEqualTo(3);
        assertThat(report.failures()).isEqualTo(Map.of(FailureCode.DELEGATED_ADMIN_MISSING, 1));
    }

    private static CatalogTenant notManageable(int number, CpvFailure why) {
        return new CatalogTenant(
                id(number),
                "Reseller " + number,
                new TreeSet<>(),
                Optional.of(why),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void R30_fiveFailuresInARowAreQuarantineUntilOneSuccess() {
        fleet.with(1);
        CpvFailure blocked = failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED);
        List<RefreshOutcome> nights = new ArrayList<>();
        for (int night = 0; night < 20; night++) {
            if (night < 5 || night == 6) {
                fleet.tenant(0).failNext(blocked);
            }
            fleet.nextNight();
            nights.add(fleet.outcome(0));
        }

        // Five failures, a night's rest, the sixth, three nights' rest, then it is mended and taken every night.
        RefreshOutcome failed = RefreshOutcome.FAILED;
        RefreshOutcome skipped = RefreshOutcome.SKIPPED;
        assertThat(nights.subList(0, 11))
                .containsExactly(
                        failed,
                        failed,
                        failed,
                        failed,
                        failed,
                        skipped,
                        failed,
                        skipped,
                        skipped,
                        skipped,
                        RefreshOutcome.UPDATED);
        assertThat(nights.subList(11, 20)).containsOnly(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R30_quarantineIsListedAndAManualRefreshIgnoresIt() {
        fleet.with(1);
        for (int night = 0; night < 5; night++) {
            fleet.tenant(0).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
            fleet.nextNight();
        }
        FleetReport report = fleet.nextNight();
        assertThat(report.attention()).hasSize(1);
        assertThat(report.attention().get(0).failure().orElseThrow().code()).isEqualTo(FailureCode.QUARANTINED);
        assertThat(fleet.result(0).failure().orElseThrow().message())
                .contains("5 times")
                .contains("CONDITIONAL_ACCESS_BLOCKED");

        fleet.results.clear();
        fleet.builder().first(List.of(id(0))).build().run(Fleet.SAME_THREAD);
        assertThat(fleet.outcome(0)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fleet.nextNight().count(RefreshOutcome.UP_TO_DATE)).isEqualTo(1);
    }

    @Test
    void R30_whatIsNotTheTenantsFaultIsNoQuarantine() {
        fleet.with(1);
        fleet.tenant(0).consentVisibleAfter(1_000_000);
        for (int night = 0; night < 7; night++) {
            fleet.nextNight();
            assertThat(fleet.result(0).failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_NOT_VISIBLE_YET);
        }
    }

    @Test
    void R30_whatIsAResourcesFaultIsNoQuarantine() {
        fleet.with(1);
        for (int night = 0; night < 7; night++) {
            fleet.tenant(0).failNext(failure(FailureCode.RESOURCE_DISABLED));
            fleet.nextNight();
            assertThat(fleet.result(0).failure().orElseThrow().code()).isEqualTo(FailureCode.RESOURCE_DISABLED);
        }
    }

    @Test
    void R30_anOffboardedTenantIsLeftAloneUntilSomebodyWantsItBack() {
        fleet.with(2);
        fleet.run();
        fleet.client().offboard(id(0));
        FleetReport night = fleet.nextNight();

        assertThat(night.failures()).isEqualTo(Map.of(FailureCode.OFFBOARDED, 1));
        assertThat(fleet.tenant(0).hasServicePrincipal()).isFalse();

        fleet.results.clear();
        fleet.builder().first(List.of(id(0))).build().run(Fleet.SAME_THREAD);
        assertThat(fleet.outcome(0)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fleet.nextNight().failures()).isEmpty();
    }

    // R31

    @Test
    void R30_aSchedulerOfItsOwnIsToldWhoIsThereAndWhoIsLeftOutAsARunWould() {
        fleet.withWell(6);
        CpvFailure ended = failure(FailureCode.DELEGATED_ADMIN_ENDED);
        fleet.listed.set(1, notManageable(1, ended));
        fleet.listed.set(2, notManageable(2, ended));
        fleet.store.save(TenantRule.exclude(id(0), "Why", "ann", Fleet.START));
        fleet.store.save(TenantRule.include(id(2), "Why", "ann", Fleet.START));
        fleet.store.save(TenantRule.include(id(9), "Why", "ann", Fleet.START));
        fleet.client().offboard(id(3));
        for (int i = 0; i < 5; i++) {
            fleet.tenant(4).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
            fleet.client().refresh(id(4));
        }
        FleetRefresh all = fleet.builder().build();
        FleetRefresh some = fleet.builder()
                .due(DuePolicy.every(Duration.ofDays(7)))
                .first(List.of(id(0), id(1), id(3), id(4)))
                .build();

        for (FleetRefresh refresh : List.of(all, some)) {
            Map<TenantId, FailureCode> told = new HashMap<>();
            refresh.tenants(new Cancellation())
                    .forEach(tenant -> told.put(
                            tenant.id(),
                            refresh.leftOut(tenant).map(CpvFailure::code).orElse(FailureCode.UNKNOWN)));
            fleet.results.clear();
            refresh.run(Fleet.SAME_THREAD);
            Map<TenantId, FailureCode> met = new HashMap<>();
            fleet.results.forEach(result -> met.put(
                    TenantId.of(result.tenant()),
                    result.outcome() == RefreshOutcome.SKIPPED
                            ? result.failure().orElseThrow().code()
                            : FailureCode.UNKNOWN));

            assertThat(told).isEqualTo(met).hasSize(7);
            assertThat(told.values())
                    .contains(FailureCode.EXCLUDED, FailureCode.DELEGATED_ADMIN_ENDED, FailureCode.UNKNOWN)
                    .contains(refresh == all ? FailureCode.QUARANTINED : FailureCode.NOT_DUE);
        }
    }

    @Test
    void R31_aListThatShrankStopsTheRunUnlessAllowed() {
        fleet.with(30);
        fleet.run();
        fleet.listed.subList(0, 4).clear();
        int calls = fleet.directory.calls().size();

        FleetReport stopped = fleet.nextNight();

        assertThat(stopped.alarm().orElseThrow().code()).isEqualTo(FailureCode.CATALOG_SHRANK);
        assertThat(stopped.alarm().orElseThrow().message()).contains("4 of the 30");
        assertThat(stopped.outcomes()).isEqualTo(Map.of(RefreshOutcome.NOT_ATTEMPTED, 26));
        assertThat(fleet.directory.calls()).hasSize(calls);
        assertThat(fleet.nextNight().alarm()).as("it stays so").isPresent();

        assertThat(fleet.builder()
                        .allowShrinking()
                        .build()
                        .run(Fleet.SAME_THREAD)
                        .isHealthy())
                .isTrue();
        assertThat(fleet.nextNight().isHealthy()).as("allowed once").isTrue();
    }

    @Test
    void R31_someCustomersMayLeaveAndAForgottenOneDoesNotCount() {
        fleet.with(30);
        fleet.run();
        fleet.listed.subList(0, 3).clear();
        assertThat(fleet.nextNight().isHealthy())
                .as("3 of 30 are no more than a tenth")
                .isTrue();
        FleetRefresh refresh = fleet.builder().build();
        for (int i = 0; i < 20; i++) {
            refresh.forget(TenantId.of(fleet.listed.remove(0).id().toString()));
        }

        assertThat(fleet.nextNight().isHealthy()).isTrue();
    }

    @Test
    void R20_R34_aTenantAtWorkOrWithAnOpenResetIsNotForgottenAndOneThatIsLeavesNothing() {
        fleet.withWell(3);
        fleet.run();
        TenantRule excluded = TenantRule.exclude(id(1), "Moves", "ann", Fleet.START);
        fleet.store.save(excluded);
        FleetRefresh refresh = fleet.builder().build();
        Instant now = fleet.clock.instant();
        Lease lease = fleet.journal
                .acquire(id(1), "another process", now, Duration.ofMinutes(1))
                .orElseThrow();
        TenantSnapshot snapshot = new TenantSnapshot(id(1), new TreeSet<>(), List.of(), List.of(), List.of());
        ResetRecord open = new ResetRecord(snapshot, ExtraGrants.KEEP, now, ResetRecord.Phase.DELETED);
        fleet.journal.saveReset(open, lease);
        Optional<TenantRecord> record = fleet.journal.find(id(1));

        assertThat(refresh.forget(id(1))).as("at work").isFalse();
        fleet.journal.release(lease);
        assertThat(refresh.forget(id(1))).as("its reset is open").isFalse();
        assertThat(fleet.journal.find(id(1))).isPresent().isEqualTo(record);
        assertThat(fleet.journal.findReset(id(1))).contains(open);
        assertThat(fleet.store.findRule(id(1))).contains(excluded);
        assertThat(fleet.store.acceptedList().orElseThrow().tenants()).hasSize(3);

        fleet.journal.saveReset(open.in(ResetRecord.Phase.DONE), lease);
        assertThat(refresh.forget(id(1))).isTrue();
        assertThat(fleet.journal.find(id(1))).isEmpty();
        assertThat(fleet.journal.findReset(id(1))).isEmpty();
        assertThat(fleet.store.rules()).isEmpty();
        assertThat(fleet.store.acceptedList().orElseThrow().tenants()).containsExactly(id(0), id(2));
    }

    @Test
    void R31_losingAllRightsAtOnceIsALossAsWell() {
        fleet.with(2);
        fleet.run();
        fleet.listed.replaceAll(tenant -> new CatalogTenant(
                tenant.id(),
                tenant.displayName(),
                tenant.aliases(),
                Optional.of(failure(FailureCode.DELEGATED_ADMIN_MISSING)),
                Optional.empty(),
                Optional.empty()));

        assertThat(fleet.nextNight().alarm().orElseThrow().code()).isEqualTo(FailureCode.CATALOG_SHRANK);
    }

    // R32

    @Test
    void R32_startsAreSpreadTheSameEveryNight() {
        fleet.withWell(50);
        Map<TenantId, Duration> first = startsOfANight();
        fleet.clock.advance(Duration.ofHours(20));
        Map<TenantId, Duration> second = startsOfANight();

        assertThat(second).isEqualTo(first);
        assertThat(new HashSet<>(first.values())).hasSizeGreaterThan(40);
        assertThat(first.values()).allMatch(start -> start.compareTo(Duration.ofHours(1)) < 0);
        assertThat(first.values().stream()
                        .filter(start -> start.toMinutes() < 30)
                        .count())
                .isBetween(10L, 40L);
    }

    private Map<TenantId, Duration> startsOfANight() {
        Map<TenantId, Duration> starts = new HashMap<>();
        Instant start = fleet.clock.instant();
        fleet.builder()
                .spread(Duration.ofHours(1))
                .addListener(new FleetListener() {
                    @Override
                    public void tenantDone(CatalogTenant tenant, CpvResult result) {
                        starts.put(tenant.id(), Duration.between(start, fleet.clock.instant()));
                    }
                })
                .build()
                .run(Fleet.SAME_THREAD);
        return starts;
    }

    @Test
    void R32_aSecondRunBesideOneThatIsUnderWayBeginsNothing() {
        fleet.with(3);
        List<FleetReport> beside = new ArrayList<>();
        List<CpvResult> told = new ArrayList<>();
        FleetListener starter = new FleetListener() {
            @Override
            public void tenantDone(CatalogTenant tenant, CpvResult result) {
                if (beside.isEmpty()) {
                    FleetRefresh second = FleetRefresh.builder(
                                    fleet.client(), cancellation -> fail("The list is not asked for"))
                            .store(fleet.store)
                            .onResult(told::add)
                            .build();
                    beside.add(second.run(Fleet.SAME_THREAD));
                    beside.add(second.resume(Fleet.SAME_THREAD));
                    assertThat(fleet.store.lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.RUNNING);
                    beside.add(fleet.builder().planOnly().build().run(Fleet.SAME_THREAD));
                }
            }
        };
        FleetReport first = fleet.builder().addListener(starter).build().run(Fleet.SAME_THREAD);

        assertThat(first.isHealthy()).isTrue();
        assertThat(fleet.store.lastRun()).contains(first.run());
        assertThat(told).isEmpty();
        assertThat(beside).hasSize(3);
        for (FleetReport refused : beside.subList(0, 2)) {
            assertThat(refused.alarm().orElseThrow().code()).isEqualTo(FailureCode.FLEET_BUSY);
            assertThat(refused.run().state()).isEqualTo(RunRecord.State.STOPPED);
            assertThat(refused.total()).isZero();
        }
        assertThat(beside.get(2).isHealthy()).as("one that only looks").isTrue();
        assertThat(fleet.nextNight().isHealthy()).as("the claim was given back").isTrue();
    }

    @Test
    void R32_aRunThatStoppedOrMetAFaultIsInNobodysWay() {
        fleet.with(2);
        FleetReport stopped = FleetRefresh.builder(fleet.client(), cancellation -> {
                    throw new IllegalStateException("On purpose");
                })
                .store(fleet.store)
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(stopped.alarm()).isPresent();
        assertThat(fleet.run().isHealthy()).isTrue();
    }

    @Test
    void listenersAreCalledOnceAtBeginAndEndWhateverFails() {
        fleet.with(2);
        FleetStore broken = (FleetStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {FleetStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("acceptedList")) {
                        throw new RefreshJournalException("On purpose", null);
                    }
                    return method.invoke(fleet.store, args);
                });
        TenantCatalog faulty = cancellation -> {
            throw new IllegalStateException("On purpose");
        };

        assertThat(callsOf(fleet.builder().store(broken))).containsExactly("started 0", "ended JOURNAL_FAILED");
        assertThat(callsOf(FleetRefresh.builder(fleet.client(), faulty))).containsExactly("started 0", "ended UNKNOWN");
    }

    private static List<String> callsOf(FleetRefresh.Builder builder) {
        List<String> calls = new ArrayList<>();
        builder.addListener(new FleetListener() {
                    @Override
                    public void started(RunRecord run, int total) {
                        calls.add("started " + total);
                    }

                    @Override
                    public void ended(FleetReport report) {
                        calls.add("ended " + report.alarm().orElseThrow().code());
                    }
                })
                .build()
                .run(Fleet.SAME_THREAD);
        return calls;
    }

    @Test
    void R32_aPolicyMayLeaveAloneWhatIsInSync() {
        fleet.withWell(3).with(1);
        FleetRefresh weekly =
                fleet.builder().due(DuePolicy.every(Duration.ofDays(7))).build();

        weekly.run(Fleet.SAME_THREAD);
        assertThat(fleet.outcome(3)).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fleet.result(0).failure().orElseThrow().code()).isEqualTo(FailureCode.NOT_DUE);

        fleet.clock.advance(Duration.ofDays(6));
        fleet.results.clear();
        FleetReport report = weekly.run(Fleet.SAME_THREAD);
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UP_TO_DATE, 3, RefreshOutcome.SKIPPED, 1));
    }

    // R35

    @Test
    void R35_aRunThatWouldConsentManyAgainStopsBeforeItDoes() {
        fleet.withWell(100);
        for (int i = 0; i < 30; i++) {
            fleet.loseConsent(i);
        }

        FleetReport report = fleet.run();

        assertThat(report.alarm().orElseThrow().code()).isEqualTo(FailureCode.RUN_CHANGES_TOO_MUCH);
        long consented = fleet.results.stream()
                .filter(result -> result.outcome() == RefreshOutcome.UPDATED)
                .count();
        assertThat(consented)
                .as("held back until it was known how many they are")
                .isLessThanOrEqualTo(4);
        assertThat(report.count(RefreshOutcome.FAILED)).isZero();
        assertThat(report.count(RefreshOutcome.PARTIAL)).isZero();
        assertThat(fleet.results).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(fleet.journal.find(id(i)).orElseThrow().lastOutcome().isInSync())
                    .isTrue();
        }

        fleet.results.clear();
        FleetReport allowed = fleet.builder().allowMassChange().build().run(Fleet.SAME_THREAD);
        assertThat(allowed.isHealthy()).isTrue();
        assertThat(allowed.count(RefreshOutcome.UPDATED) + consented).isEqualTo(30);
    }

    @Test
    void R35_someChangesAreNoMassChangeAndCostNoRequestInSync() {
        fleet.withWell(100);
        for (int i = 0; i < 10; i++) {
            fleet.loseConsent(i);
        }
        int before = fleet.directory.calls().size();

        FleetReport report = fleet.run();

        assertThat(report.alarm()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 10, RefreshOutcome.UP_TO_DATE, 90));
        fleet.results.stream()
                .filter(result -> result.outcome() == RefreshOutcome.UP_TO_DATE)
                .forEach(result -> assertThat(result.requests()).isEqualTo(1));
        assertThat(report.requests()).isEqualTo(fleet.directory.calls().size() - before);
    }

    @Test
    void R35_takingPermissionsAwayFromManyIsMassChangeToo() {
        fleet.withWell(40);
        for (int i = 0; i < 40; i++) {
            fleet.tenant(i).grantAppRole(Fleet.GRAPH, new UUID(7, 7));
        }
        RefreshOptions revoke = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);

        FleetReport report = fleet.builder().options(revoke).build().run(Fleet.SAME_THREAD);

        assertThat(report.alarm().orElseThrow().message()).contains("20 of the first 20");
        assertThat(fleet.tenant(0).appRoles()).hasSize(2);
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.NOT_ATTEMPTED, 40));
    }

    @Test
    void R35_aRunWhoseStartsAreSpreadHoldsBackTooUntilItHasSeenEnough() {
        fleet.withWell(40);
        for (int i = 0; i < 40; i++) {
            fleet.tenant(i).grantAppRole(Fleet.GRAPH, new UUID(7, 7));
        }

        FleetReport report = fleet.builder()
                .options(RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE))
                .spread(Duration.ofHours(1))
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(report.alarm().orElseThrow().code()).isEqualTo(FailureCode.RUN_CHANGES_TOO_MUCH);
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.NOT_ATTEMPTED, 40));
        assertThat(revoked(40)).isZero();
    }

    @Test
    void R35_aRetryIsNoReasonToLetAChangeThroughBeforeOthersAreSeen() {
        fleet.withWell(30);
        for (int i = 0; i < 30; i++) {
            fleet.tenant(i).grantAppRole(Fleet.GRAPH, new UUID(7, 7));
        }
        fleet.tenant(0).failNext(failure(FailureCode.SERVICE_UNAVAILABLE));

        FleetReport report = fleet.builder()
                .options(RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE))
                .first(List.of(id(0)))
                .spread(Duration.ofHours(1))
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(report.alarm().orElseThrow().code()).isEqualTo(FailureCode.RUN_CHANGES_TOO_MUCH);
        assertThat(revoked(30)).isZero();
    }

    @Test
    void R35_whatIsHeldBackGoesAsSoonAsChangesAreKnownToBeRare() {
        fleet.withWell(60);
        TenantId changed = firstOfTheSpread();
        fleet.directory.tenant(changed).grantAppRole(Fleet.GRAPH, new UUID(7, 7));

        FleetReport report = fleet.builder()
                .options(RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE))
                .spread(Duration.ofHours(1))
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 1, RefreshOutcome.UP_TO_DATE, 59));
        assertThat(fleet.order().indexOf(changed)).isEqualTo(Brake.SAMPLE - 1);
    }

    private TenantId firstOfTheSpread() {
        return fleet.listed.stream()
                .map(CatalogTenant::id)
                .min((a, b) -> Long.compareUnsigned(Preparation.hash(a), Preparation.hash(b)))
                .orElseThrow();
    }

    @Test
    void R35_aWorkerWithoutWorkWaitsUntilOthersHaveSeenWhatTheyHaveInHand() throws Exception {
        fleet.withWell(22);
        for (int i = 0; i < 22; i++) {
            fleet.tenant(i).grantAppRole(Fleet.GRAPH, new UUID(7, 7));
        }
        ThreeAreSlow slow = new ThreeAreSlow();
        CpvClient client = CpvClient.builder(fleet.directory, Fleet.REQUIRED)
                .journal(fleet.journal)
                .clock(fleet.clock)
                .sleeper(fleet.clock)
                .addListener(slow)
                .build();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        FleetReport report;
        try {
            report = fleet.builder(client)
                    .options(RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE))
                    .concurrency(4)
                    .build()
                    .start(pool)
                    .report()
                    .get();
        } finally {
            pool.shutdownNow();
        }

        assertThat(report.alarm().orElseThrow().code()).isEqualTo(FailureCode.RUN_CHANGES_TOO_MUCH);
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.NOT_ATTEMPTED, 22));
        assertThat(revoked(22)).isZero();
    }

    /** Three workers stay in their first refresh until the fourth has done what it could: all others, and then it waits. */
    private static final class ThreeAreSlow implements RefreshListener {
        private final AtomicInteger starts = new AtomicInteger();
        private final AtomicReference<Thread> fourth = new AtomicReference<>();

        @Override
        public void started(RefreshContext context) {
            int start = starts.incrementAndGet();
            if (start > 3) {
                fourth.set(Thread.currentThread());
                return;
            }
            while (starts.get() < 22 || (starts.get() == 22 && !isWaiting(fourth.get()))) {
                Thread.onSpinWait();
            }
        }

        private static boolean isWaiting(Thread thread) {
            return thread != null && thread.getState() == Thread.State.WAITING;
        }
    }

    private long revoked(int tenants) {
        return IntStream.range(0, tenants)
                .filter(i -> fleet.tenant(i).appRoles().size() < 2)
                .count();
    }

    @Test
    void R35_tenantsThatCannotBeReadDoNotReleaseTheBrake() {
        fleet.withWell(40);
        failToRead(25);
        for (int i = 25; i < 40; i++) {
            fleet.loseConsent(i);
        }

        FleetReport report = fleet.run();

        CpvFailure alarm = report.alarm().orElseThrow();
        assertThat(alarm.code()).isEqualTo(FailureCode.RUN_CHANGES_TOO_MUCH);
        assertThat(alarm.message()).contains("15 of 40").contains("only 15");
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.FAILED, 25, RefreshOutcome.NOT_ATTEMPTED, 15));
    }

    @Test
    void R35_fewChangesAmongThoseInSyncAreMadeWhenTheOthersCannotBeRead() {
        fleet.withWell(40);
        failToRead(32);
        for (int i = 32; i < 40; i++) {
            fleet.loseConsent(i);
        }

        FleetReport report = fleet.run();

        assertThat(report.alarm()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.FAILED, 32, RefreshOutcome.UPDATED, 8));
    }

    @Test
    void R35_aPreviewSaysSoTooWhenManyTenantsCannotBeRead() {
        fleet.withWell(40);
        failToRead(25);
        for (int i = 25; i < 40; i++) {
            fleet.loseConsent(i);
        }

        FleetReport report = fleet.builder().planOnly().build().run(Fleet.SAME_THREAD);

        assertThat(report.remarks())
                .anyMatch(remark -> remark.contains("a run stops because of that unless mass change is allowed"));
    }

    /** Two codes, so that the first ten tenants do not fail with one. */
    private void failToRead(int tenants) {
        for (int i = 0; i < tenants; i++) {
            fleet.tenant(i)
                    .failNext(failure(
                            i % 2 == 0 ? FailureCode.CONDITIONAL_ACCESS_BLOCKED : FailureCode.GUEST_ACCOUNT_CONFLICT));
        }
    }

    @Test
    void R35_aSmallFleetHasNoBrake() {
        fleet.withWell(Brake.SAMPLE - 1);
        for (int i = 0; i < Brake.SAMPLE - 1; i++) {
            fleet.loseConsent(i);
        }

        assertThat(fleet.run().count(RefreshOutcome.UPDATED)).isEqualTo(Brake.SAMPLE - 1);
    }

    @Test
    void R35_theFirstTenFailingWithOneCodeStopTheRun() {
        fleet.with(40);
        for (int i = 0; i < 40; i++) {
            fleet.tenant(i).failNext(failure(FailureCode.PARTNER_CENTER_ACCESS_DENIED));
        }

        FleetReport report = fleet.run();

        assertThat(report.alarm().orElseThrow().message())
                .contains("first 10")
                .contains("PARTNER_CENTER_ACCESS_DENIED");
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.FAILED, 10, RefreshOutcome.NOT_ATTEMPTED, 30));
    }

    @Test
    void R35_whoFailedAlreadyBeforeSaysNothingOfTheRun() {
        fleet.with(12).withWell(12);
        for (int i = 0; i < 12; i++) {
            fleet.tenant(i).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
            fleet.client().refresh(id(i));
            fleet.tenant(i).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
        }

        FleetReport report = fleet.run();

        assertThat(report.alarm()).isEmpty();
        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.FAILED, 12, RefreshOutcome.UP_TO_DATE, 12));
    }

    // Cancel and resume

    @Test
    void R18_cancelInTheMiddleAndResumeIsOneWholeRun() {
        fleet.with(40);
        AtomicReference<FleetRun> run = new AtomicReference<>();
        List<CpvResult> all = new CopyOnWriteArrayList<>();
        FleetRefresh refresh = fleet.builder()
                .onResult(result -> {
                    all.add(result);
                    if (all.size() == 15) {
                        run.get().cancel();
                    }
                })
                .build();
        List<Runnable> tasks = new ArrayList<>();
        run.set(refresh.start(tasks::add));
        tasks.remove(0).run();

        assertThat(fleet.store.lastRun().orElseThrow().state()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(all).hasSize(40);
        assertThat(all.stream().filter(r -> r.outcome() == RefreshOutcome.NOT_ATTEMPTED))
                .hasSize(25);
        fleet.results.clear();
        fleet.clock.advance(Duration.ofMinutes(5));

        FleetReport whole = refresh.resume(Fleet.SAME_THREAD);

        assertThat(fleet.results).hasSize(25);
        assertThat(whole.run().id()).isEqualTo(run.get().id());
        assertThat(whole.run().state()).isEqualTo(RunRecord.State.DONE);
        assertThat(whole.doneBefore()).isEqualTo(15);
        assertThat(whole.outcomes()).isEqualTo(Map.of(RefreshOutcome.UPDATED, 40));
        assertThat(whole.duration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(refresh.unfinished()).isEmpty();
        assertThat(refresh.resume(Fleet.SAME_THREAD).run().id())
                .as("nothing to go on with")
                .isNotEqualTo(whole.run().id());
    }

    @Test
    void R18_anInterruptCancelsTheRunAndStays() {
        fleet.with(10);
        FleetReport report = fleet.builder()
                .onResult(result -> Thread.currentThread().interrupt())
                .build()
                .run(Fleet.SAME_THREAD);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.run().state()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(report.count(RefreshOutcome.UPDATED)).isEqualTo(1);
        assertThat(fleet.results).hasSize(10);
    }

    @Test
    void aRunThatWasKilledGoesOn() {
        fleet.with(10);
        fleet.clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 4; i++) {
            fleet.client().refresh(id(i));
        }
        RunRecord killed = RunRecord.begun(new UUID(1, 1), Fleet.START);
        fleet.store.save(killed);

        FleetReport report = fleet.builder().build().resume(Fleet.SAME_THREAD);

        assertThat(report.run().id()).isEqualTo(killed.id());
        assertThat(report.doneBefore()).isEqualTo(4);
        assertThat(fleet.results).hasSize(6);
    }

    @Test
    void aTenantThatTheEarlierPartDidForOtherPermissionsIsDoneAgain() {
        fleet.with(3);
        fleet.client().refresh(id(1));
        fleet.store.save(RunRecord.begun(new UUID(1, 1), Fleet.START));
        RequiredPermissionSet more = Fleet.REQUIRED.plus(RequiredPermissionSet.builder("more")
                .delegated(Fleet.GRAPH, "Application.ReadWrite.All")
                .build());
        CpvClient client = CpvClient.builder(fleet.directory, more)
                .journal(fleet.journal)
                .clock(fleet.clock)
                .sleeper(fleet.clock)
                .build();

        FleetReport report = fleet.builder(client).build().resume(Fleet.SAME_THREAD);

        assertThat(report.doneBefore()).isZero();
        assertThat(fleet.results).hasSize(3);
    }

    // Plan only, report

    @Test
    void planOnlyWritesNothingAnywhere() {
        fleet.withWell(25).with(5);
        for (int i = 0; i < 10; i++) {
            fleet.loseConsent(i);
        }
        Optional<TenantRecord> before = fleet.journal.find(id(0));

        FleetReport report = fleet.builder().planOnly().build().run(Fleet.SAME_THREAD);

        assertThat(report.outcomes()).isEqualTo(Map.of(RefreshOutcome.DRIFTED, 15, RefreshOutcome.UP_TO_DATE, 15));
        assertThat(report.remarks())
                .singleElement()
                .asString()
                .contains("10 of 25")
                .contains("stops");
        assertThat(fleet.results).allMatch(result -> result.findPlan().isPresent());
        assertThat(fleet.directory.calls()).allMatch(call -> call.steps().isEmpty());
        assertThat(fleet.journal.find(id(0))).isEqualTo(before);
        assertThat(fleet.store.lastRun()).isEmpty();
        assertThat(fleet.store.acceptedList()).isEmpty();
    }

    @Test
    void reportTellsWhatChangedSinceTheLastRun() {
        fleet.with(4);
        assertThat(fleet.run().changes()).isEqualTo(Map.of(TenantTransition.NEW, 4));
        fleet.tenant(1).failNext(failure(FailureCode.CONDITIONAL_ACCESS_BLOCKED));
        fleet.loseConsent(0);
        FleetReport second = fleet.nextNight();
        fleet.loseConsent(0);
        FleetReport third = fleet.nextNight();

        assertThat(second.changes())
                .isEqualTo(Map.of(TenantTransition.NEWLY_FAILING, 1, TenantTransition.DRIFTED_AGAIN, 1));
        assertThat(third.changes()).isEqualTo(Map.of(TenantTransition.RECOVERED, 1, TenantTransition.DRIFTED_AGAIN, 1));
        assertThat(second.attention()).extracting(AttentionItem::tenant).containsExactlyInAnyOrder(id(0), id(1));
        assertThat(fleet.nextNight().changes()).isEmpty();
    }

    @Test
    void R33_attentionIsBoundedAndTheRestIsCounted() {
        fleet.withWell(20);
        for (int i = 0; i < 20; i++) {
            fleet.tenant(i)
                    .failNext(failure(i % 2 == 0 ? FailureCode.CONDITIONAL_ACCESS_BLOCKED : FailureCode.TENANT_GONE));
        }
        FleetReport report = fleet.builder().maxAttention(3).build().run(Fleet.SAME_THREAD);

        assertThat(report.attention()).hasSize(3);
        assertThat(report.attentionOmitted()).isEqualTo(17);
        assertThat(report.failures())
                .isEqualTo(Map.of(FailureCode.CONDITIONAL_ACCESS_BLOCKED, 10, FailureCode.TENANT_GONE, 10));
        assertThat(report.toJson())
                .contains("\"FAILED\":20")
                .contains("\"attentionOmitted\":17")
                .contains("\"label\":\"Customer");
    }

    @Test
    void accessThatEndsWithinThirtyDaysIsToldSoonestFirstAndIsNoFailure() {
        Instant now = fleet.clock.instant();
        Duration month = Duration.ofDays(30);
        for (Duration left : List.of(month.minusMillis(1), Duration.ofDays(3), month, Duration.ofDays(2))) {
            listEnding(now.plus(left), Optional.empty());
        }
        fleet.with(1);
        listEnding(now.plusSeconds(1), Optional.of(failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING)));
        listEnding(now.plusSeconds(2), Optional.empty());
        listEnding(now.plusSeconds(3), Optional.empty());
        fleet.store.save(TenantRule.exclude(id(6), "Moves to another partner", "ann", now));
        fleet.client().refresh(id(7));
        fleet.client().offboard(id(7));

        FleetReport report = fleet.run();

        assertThat(report.accessEnding())
                .containsExactly(
                        new ExpiringAccess(id(3), "Customer 3", now.plus(Duration.ofDays(2))),
                        new ExpiringAccess(id(1), "Customer 1", now.plus(Duration.ofDays(3))),
                        new ExpiringAccess(id(0), "Customer 0", now.plus(month).minusMillis(1)));
        assertThat(report.accessEndingOmitted()).isZero();
        assertThat(report.isHealthy()).isTrue();
        assertThat(report.attention()).isEmpty();
        assertThat(report.toJson())
                .contains("\"accessEnding\":[{\"tenantId\":\"" + id(3) + "\",\"label\":\"Customer 3\",\"ends\":\""
                        + now.plus(Duration.ofDays(2)) + "\"}")
                .contains("\"accessEndingOmitted\":0");
    }

    @Test
    void R33_accessThatEndsIsBoundedAndTheRestIsCounted() {
        Instant now = fleet.clock.instant();
        for (int i = 0; i < 20; i++) {
            listEnding(now.plusSeconds(20 - i), Optional.empty());
        }

        FleetReport report = fleet.builder().maxAttention(3).build().run(Fleet.SAME_THREAD);

        assertThat(report.accessEnding())
                .extracting(ExpiringAccess::tenant)
                .as("the soonest")
                .containsExactly(id(19), id(18), id(17));
        assertThat(report.accessEndingOmitted()).isEqualTo(17);
    }

    private void listEnding(Instant ends, Optional<CpvFailure> notManageable) {
        int number = fleet.listed.size();
        fleet.listed.add(new CatalogTenant(
                id(number), "Customer " + number, new TreeSet<>(), notManageable, Optional.empty(), Optional.of(ends)));
    }

    @Test
    void builderRefusesWhatMakesNoSense() {
        FleetRefresh.Builder builder = fleet.builder();
        assertThatThrownBy(() -> builder.concurrency(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxLoss(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.spread(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxAttention(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DuePolicy.every(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Quarantine(0, Duration.ofDays(1), Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
