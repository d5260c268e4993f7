package dev.cpv.graph.internal.token;

import static dev.cpv.graph.internal.token.TokenFixtures.CUSTOMER;
import static dev.cpv.graph.internal.token.TokenFixtures.OTHER;
import static dev.cpv.graph.internal.token.TokenFixtures.PARTNER;
import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static dev.cpv.graph.internal.token.TokenFixtures.awaitWaiting;
import static dev.cpv.graph.internal.token.TokenFixtures.context;
import static dev.cpv.graph.internal.token.TokenFixtures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TokenCacheTest {
    private static final TokenCache.Key KEY = new TokenCache.Key(CUSTOMER, "https://graph.microsoft.com");

    private final ManualClock clock = new ManualClock(START);
    private final TokenCache cache = new TokenCache(clock);
    private final AtomicInteger fetches = new AtomicInteger();

    @Test
    void R21_aTokenIsFetchedOnceAndCountsAsGoneTwoMinutesBeforeItsEnd() {
        AccessToken first = get(KEY);
        clock.advance(Duration.ofMinutes(58).minusSeconds(1));
        assertThat(get(KEY)).isSameAs(first);

        clock.advance(Duration.ofSeconds(1));

        assertThat(get(KEY)).isNotSameAs(first);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void R21_tokensAreKeptByTenantAndAudience() {
        AccessToken token = get(KEY);

        assertThat(get(new TokenCache.Key(CUSTOMER, "https://other.example"))).isNotSameAs(token);
        assertThat(get(new TokenCache.Key(OTHER, KEY.audience()))).isNotSameAs(token);
        assertThat(get(KEY)).isSameAs(token);
    }

    @Test
    void R21_theLeastRecentlyUsedTokenGoesFirst() {
        AccessToken used = get(KEY);
        TokenCache.Key idle = new TokenCache.Key(OTHER, KEY.audience());
        AccessToken unused = get(idle);
        for (int i = 0; i < TokenCache.MAX_TOKENS - 1; i++) {
            get(new TokenCache.Key(new TenantId(UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)})), "a"));
            get(KEY);
        }

        assertThat(get(KEY)).isSameAs(used);
        assertThat(get(idle)).isNotSameAs(unused);
    }

    @Test
    void R21_droppingATenantDropsItsTokensAlone() {
        AccessToken dropped = get(KEY);
        TokenCache.Key other = new TokenCache.Key(OTHER, KEY.audience());
        AccessToken kept = get(other);

        cache.drop(CUSTOMER);

        assertThat(get(KEY)).isNotSameAs(dropped);
        assertThat(get(other)).isSameAs(kept);
    }

    @Test
    void R21_concurrentCallersFetchOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Running> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(start(() -> {
                awaitQuietly(release);
                return fetched();
            }));
        }
        Running leader = leader(callers);
        for (Running caller : callers) {
            if (!caller.equals(leader)) {
                awaitWaiting(caller.thread());
            }
        }

        release.countDown();

        AccessToken token = callers.get(0).result();
        for (Running caller : callers) {
            assertThat(caller.result()).isSameAs(token);
        }
        assertThat(fetches).hasValue(1);
    }

    /** The one that waits in its own fetch, without a timeout. */
    private static Running leader(List<Running> callers) {
        while (true) {
            for (Running caller : callers) {
                if (caller.thread().getState() == Thread.State.WAITING) {
                    return caller;
                }
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void R21_waitingCallersGetTheSameFailureAndTheNextOneFetchesAnew() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CpvFailure failure = CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "Revoked");
        Running first = start(() -> {
            fetches.incrementAndGet();
            awaitQuietly(release);
            throw new TenantDirectoryException(failure, null);
        });
        awaitFetch();
        Running second = start(this::fetched);
        awaitWaiting(second.thread());

        release.countDown();

        assertThat(failureOf(first::result)).isEqualTo(failure);
        assertThat(failureOf(second::result)).isEqualTo(failure);
        assertThat(fetches).hasValue(1);
        assertThat(get(KEY)).isNotNull();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void aWaitingCallersCancellationEndsItsOwnWaitingAlone() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Running first = start(() -> {
            fetches.incrementAndGet();
            awaitQuietly(release);
            return token();
        });
        awaitFetch();
        Cancellation cancellation = new Cancellation();
        Running second = start(
                RefreshContext.start(
                        CUSTOMER,
                        TenantRoute.CUSTOMER,
                        RefreshOptions.defaults().withCancellation(cancellation),
                        START),
                this::fetched);
        awaitWaiting(second.thread());

        cancellation.cancel();

        assertThat(failureOf(second::result).code()).isEqualTo(FailureCode.CANCELLED);
        release.countDown();
        assertThat(get(KEY)).isSameAs(first.result());
    }

    @Test
    void aWaitingCallersDeadlineEndsItsOwnWaitingAlone() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Running first = start(() -> {
            fetches.incrementAndGet();
            awaitQuietly(release);
            return token();
        });
        awaitFetch();
        Running second = start(this::fetched);
        awaitWaiting(second.thread());

        clock.advance(RefreshOptions.defaults().timeout());

        assertThat(failureOf(second::result).code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
        release.countDown();
        assertThat(first.result()).isNotNull();
    }

    @Test
    void anInterruptedCallerIsCancelledAndStaysInterrupted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Running first = start(() -> {
            fetches.incrementAndGet();
            awaitQuietly(release);
            return token();
        });
        awaitFetch();
        boolean[] interrupted = new boolean[1];
        Running second = start(context(CUSTOMER, clock), this::fetched, () -> {
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        awaitWaiting(second.thread());

        second.thread().interrupt();

        assertThat(failureOf(second::result).code()).isEqualTo(FailureCode.CANCELLED);
        assertThat(interrupted[0]).isTrue();
        release.countDown();
        assertThat(first.result()).isNotNull();
    }

    @Test
    void whereTheFetchingCallerGivesUpAWaitingOneFetches() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Running first = start(() -> {
            fetches.incrementAndGet();
            awaitQuietly(release);
            throw new TenantDirectoryException(CpvFailure.of(FailureCode.CANCELLED, "Cancelled"), null);
        });
        awaitFetch();
        Running second = start(this::fetched);
        awaitWaiting(second.thread());

        release.countDown();

        assertThat(failureOf(first::result).code()).isEqualTo(FailureCode.CANCELLED);
        assertThat(second.result()).isSameAs(get(KEY));
        assertThat(fetches).hasValue(2);
    }

    @Test
    void R21_aTokenThatWasBeingFetchedWhenItsTenantWasDroppedIsNotKept() {
        AccessToken old = cache.get(KEY, context(CUSTOMER, clock), () -> {
            cache.drop(CUSTOMER);
            return fetched();
        });

        assertThat(get(KEY)).isNotSameAs(old);
    }

    @Test
    void renewalFetchesThoughATokenIsKeptAndKeepsTheNewOne() {
        AccessToken old = get(KEY);

        AccessToken renewed = cache.renew(KEY, context(CUSTOMER, clock), this::fetched);

        assertThat(renewed).isNotSameAs(old);
        assertThat(get(KEY)).isSameAs(renewed);
    }

    @Test
    void aFaultOfTheFetchIsTheCallersAndLeavesNothingBehind() {
        Supplier<AccessToken> broken = () -> {
            throw new IllegalArgumentException("A fault");
        };

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> cache.get(KEY, context(PARTNER, clock), broken));

        assertThat(get(KEY)).isNotNull();
    }

    private AccessToken get(TokenCache.Key key) {
        return cache.get(key, context(CUSTOMER, clock), this::fetched);
    }

    private AccessToken fetched() {
        fetches.incrementAndGet();
        return token();
    }

    private AccessToken token() {
        return AccessToken.of("opaque", clock.instant().plus(Duration.ofHours(1)));
    }

    private void awaitFetch() {
        while (fetches.get() == 0) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Running start(Supplier<AccessToken> fetch) {
        return start(context(CUSTOMER, clock), fetch);
    }

    private Running start(RefreshContext context, Supplier<AccessToken> fetch) {
        return start(context, fetch, () -> {});
    }

    private Running start(RefreshContext context, Supplier<AccessToken> fetch, Runnable after) {
        FutureTask<AccessToken> task = new FutureTask<>(() -> {
            try {
                return cache.get(KEY, context, fetch);
            } finally {
                after.run();
            }
        });
        Thread thread = new Thread(task);
        thread.start();
        return new Running(thread, task);
    }

    private record Running(Thread thread, FutureTask<AccessToken> task) {
        AccessToken result() throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw (RuntimeException) Objects.requireNonNull(e.getCause());
            }
        }
    }
}
