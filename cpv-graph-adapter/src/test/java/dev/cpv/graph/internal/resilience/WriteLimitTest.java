package dev.cpv.graph.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.model.Cancellation;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteLimitTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final int BATCH = 20;

    private final ManualClock clock = new ManualClock(START);
    private final Retries retries = new Retries(clock, clock);

    @Test
    void R29_writesOfAllTenantsTogetherWaitForTheApplicationsQuota() throws WireException {
        WriteLimit limit = limit(1);
        for (int tenant = 0; tenant < WriteLimit.PER_APP * 0.99 / BATCH; tenant++) {
            limit.acquire(nightly(tenant), BATCH);
        }
        assertThat(clock.sleeps()).isEmpty();

        limit.acquire(nightly(100_000), 70);

        assertThat(slept()).isCloseTo(70 * 300.0 / WriteLimit.PER_APP, Offset.offset(0.001));
    }

    @Test
    void R29_writesToOneTenantWaitForItsQuotaAndStallNoOther() throws WireException {
        WriteLimit limit = limit(1);
        limit.acquire(nightly(1), WriteLimit.PER_TENANT * 99 / 100);

        limit.acquire(nightly(2), BATCH);
        assertThat(clock.sleeps()).isEmpty();

        limit.acquire(nightly(1), BATCH);
        assertThat(slept()).isCloseTo(BATCH * 150.0 / WriteLimit.PER_TENANT, Offset.offset(0.001));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.25, 0.01})
    void R29_noMoreThanTheShareIsEverSent(double share) throws WireException {
        Random random = new Random(20261121);
        WriteLimit limit = limit(share);
        double most = WriteLimit.PER_APP * share;
        long sent = 0;
        for (int turn = 0; turn < 20_000; turn++) {
            clock.advance(Duration.ofMillis(random.nextInt(20)));
            int writes = 1 + random.nextInt(BATCH);
            limit.acquire(random.nextInt(10) == 0 ? manual(turn) : nightly(turn), writes);
            sent += writes;
            double seconds = Duration.between(START, clock.instant()).toMillis() / 1000.0;
            assertThat((double) sent).as("turn " + turn).isLessThanOrEqualTo(most + seconds * most / 300 + 1);
        }
    }

    @Test
    void R29_aManualRefreshDoesNotStandBehindTheDebtsOfTheNight() throws WireException {
        StandingClock standing = new StandingClock();
        WriteLimit limit = new WriteLimit(1, new Retries(clock, standing::wait), clock);
        for (int tenant = 0; tenant < WriteLimit.PER_APP / BATCH + 100; tenant++) {
            limit.acquire(nightly(tenant), BATCH);
        }
        assertThat(standing.last()).as("the night's debts").isGreaterThan(Duration.ofSeconds(5));
        int waits = standing.waits.size();

        for (int tenant = 0; tenant < 5; tenant++) {
            limit.acquire(manual(200_000 + tenant), 100);
        }

        assertThat(standing.waits).hasSize(waits);
    }

    @Test
    void R29_retryAfterOfOneTenantNeverStallsAnother() throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), throttled("Tenant_Application/Write/app/one", 40));

        limit.acquire(nightly(2), BATCH);
        assertThat(clock.sleeps()).isEmpty();

        limit.acquire(nightly(1), BATCH);
        assertThat(slept()).isCloseTo(40 + BATCH * 150.0 / WriteLimit.PER_TENANT + 1.5, Offset.offset(0.01));
    }

    @Test
    void R29_noTenantWritesWhileTheApplicationsQuotaIsClosed() throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), throttled("Application/Write/app/", 40));

        limit.acquire(manual(2), BATCH);

        assertThat(Duration.between(START, clock.instant())).isGreaterThanOrEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void aRefusalThatNamesNoQuotaClosesNone() throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), new WireAnswer(429, Map.of("Retry-After", "40"), ""));
        limit.learn(nightly(1), new WireAnswer(503, Map.of("Retry-After", "40", "x-ms-throttle-scope", "Tenant/"), ""));

        limit.acquire(nightly(1), BATCH);

        assertThat(clock.sleeps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Application/Read/app/", "Tenant_Application/Read/app/one", "Tenant/Read//one", "Application"})
    void R29_aThrottledReadClosesNoQuotaOfWrites(String scope) throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), throttled(scope, 40));

        limit.acquire(nightly(1), BATCH);

        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void R29_aQuotaOfReadsAndWritesIsOneOfWritesToo() throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), throttled("Tenant_Application/ReadWrite/app/one", 40));

        limit.acquire(nightly(1), BATCH);

        assertThat(slept()).isGreaterThanOrEqualTo(40);
    }

    @Test
    void R29_aCancelledCallerTakesNothing() throws WireException {
        WriteLimit limit = limit(1);
        limit.acquire(nightly(1), WriteLimit.PER_TENANT);
        int waits = clock.sleeps().size();
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();

        for (int attempt = 0; attempt < 100; attempt++) {
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> limit.acquire(context(1, ofAnHour().withCancellation(cancelled)), BATCH))
                    .returns(WireException.Reason.CANCELLED, WireException::reason);
        }

        limit.acquire(nightly(1), BATCH);
        assertThat(clock.sleeps().get(waits)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource(Priority.class)
    void R29_aCallerThatIsInterruptedWhileItWaitsGivesItsQuotaBack(Priority priority) throws WireException {
        List<Duration> waits = new ArrayList<>();
        WriteLimit limit = new WriteLimit(
                1,
                new Retries(clock, pause -> {
                    waits.add(pause);
                    throw new InterruptedException();
                }),
                clock);
        limit.acquire(nightly(1), WriteLimit.PER_TENANT * 99 / 100);
        limit.acquire(manual(1), WriteLimit.PER_TENANT / 100);

        for (int attempt = 0; attempt < 100; attempt++) {
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> limit.acquire(context(1, ofAnHour().withPriority(priority)), BATCH))
                    .returns(WireException.Reason.CANCELLED, WireException::reason);
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(waits).hasSize(100).containsOnly(waits.get(0));
    }

    @Test
    void R29_aTurnPastTheDeadlineIsNotWaitedForAndTakesNothing() throws WireException {
        WriteLimit limit = limit(1);
        limit.acquire(nightly(1), WriteLimit.PER_TENANT);
        int waits = clock.sleeps().size();

        for (int attempt = 0; attempt < 100; attempt++) {
            assertThatExceptionOfType(WireException.class)
                    .isThrownBy(() -> limit.acquire(
                            context(1, RefreshOptions.defaults().withTimeout(Duration.ofMillis(1))), 3_000))
                    .returns(WireException.Reason.CANCELLED, WireException::reason);
        }
        assertThat(clock.sleeps()).hasSize(waits);

        limit.acquire(nightly(1), BATCH);
        assertThat(clock.sleeps().get(waits)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void R33_tenantsAreForgottenWhenTheirQuotaIsFullAgain() throws WireException {
        WriteLimit limit = limit(1);
        for (int tenant = 0; tenant < 5_000; tenant++) {
            limit.acquire(nightly(tenant), BATCH);
            clock.advance(Duration.ofMillis(100));
        }

        // 20 writes are back after one second.
        assertThat(limit.tenants()).isBetween(1, 12);
    }

    @Test
    void aClockThatIsSetBackMakesNobodyWait() throws WireException {
        WriteLimit limit = limit(1);
        limit.acquire(nightly(1), BATCH);
        clock.advance(Duration.ofHours(-2));

        limit.acquire(nightly(1), BATCH);
        limit.acquire(nightly(2), BATCH);

        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void readsNeverWait() throws WireException {
        WriteLimit limit = limit(1);
        limit.learn(nightly(1), throttled("Application/Write/app/", 40));

        limit.acquire(nightly(1), 0);

        assertThat(clock.sleeps()).isEmpty();
    }

    private WriteLimit limit(double share) {
        return new WriteLimit(share, retries, clock);
    }

    private double slept() {
        return clock.sleeps().stream().mapToLong(Duration::toNanos).sum() / 1e9;
    }

    private static WireAnswer throttled(String scope, int seconds) {
        return new WireAnswer(429, Map.of("Retry-After", String.valueOf(seconds), "x-ms-throttle-scope", scope), "");
    }

    private static RefreshOptions ofAnHour() {
        return RefreshOptions.defaults().withTimeout(Duration.ofHours(1));
    }

    private RefreshContext nightly(int tenant) {
        return context(
                tenant, RefreshOptions.defaults().withPriority(Priority.NIGHTLY).withTimeout(Duration.ofHours(1)));
    }

    private RefreshContext manual(int tenant) {
        return context(tenant, RefreshOptions.defaults().withTimeout(Duration.ofHours(1)));
    }

    private RefreshContext context(int tenant, RefreshOptions options) {
        return RefreshContext.start(
                TenantId.of(new UUID(0xBL, tenant).toString()), TenantRoute.CUSTOMER, options, clock.instant());
    }

    /** Remembers waits and lets no time pass, as for many threads that wait at once. */
    private static final class StandingClock {
        private final List<Duration> waits = new ArrayList<>();

        void wait(Duration duration) {
            waits.add(duration);
        }

        Duration last() {
            return waits.get(waits.size() - 1);
        }
    }
}
