package dev.cpv.graph.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireException.Reason;
import dev.cpv.model.Cancellation;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentLimitTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final WireAnswer DONE = new WireAnswer(201, Map.of(), "");

    private final ManualClock clock = new ManualClock(START);
    private final Retries retries = new Retries(clock, clock);
    private final List<Instant> sent = new ArrayList<>();
    private final List<Instant> answered = new ArrayList<>();

    @Test
    void R29_aTurnIsFreeOneSecondAfterItsAnswer() throws WireException {
        ConsentLimit limit = limit(2);

        for (int tenant = 0; tenant < 5; tenant++) {
            limit.send(context(), taking(300));
        }

        assertThat(sent.stream().map(at -> Duration.between(START, at).toMillis()))
                .containsExactly(0L, 300L, 1_300L, 1_600L, 2_600L);
    }

    @Test
    void R29_noSecondHasMoreConsentsThanPartnerCenterTakesHoweverLongEachTakes() throws WireException {
        ConsentLimit limit = limit(ConsentLimit.PER_SECOND);
        Random random = new Random(20261121);

        for (int tenant = 0; tenant < 1_000; tenant++) {
            limit.send(context(), taking(random.nextInt(10) == 0 ? random.nextInt(400) : random.nextInt(5)));
        }

        // Whenever each arrived between its sending and its answer: the 51st came a second after the first.
        for (int next = ConsentLimit.PER_SECOND; next < sent.size(); next++) {
            assertThat(Duration.between(answered.get(next - ConsentLimit.PER_SECOND), sent.get(next)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(clock.sleeps()).isNotEmpty();
    }

    @Test
    void R29_whileAllTurnsAreInUseNobodySends() throws Exception {
        ConsentLimit limit = limit(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<WireAnswer> first = threads.submit(() -> limit.send(context(), () -> {
                begun.countDown();
                await(answer);
                return DONE;
            }));
            begun.await();
            Future<WireAnswer> cancelled = threads.submit(
                    () -> limit.send(context(RefreshOptions.defaults().withCancellation(cancellation)), taking(0)));
            cancellation.cancel();
            assertThat(cancelled)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            WireException.class,
                            fault -> assertThat(fault.reason()).isEqualTo(Reason.CANCELLED));
            Future<WireAnswer> second = threads.submit(() -> limit.send(context(), taking(0)));
            assertThat(sent).isEmpty();

            answer.countDown();

            assertThat(first).succeedsWithin(Duration.ofMinutes(1));
            assertThat(second).succeedsWithin(Duration.ofMinutes(1));
            assertThat(sent).containsExactly(START.plusSeconds(1));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLostAnswerCountsAsOne() throws WireException {
        ConsentLimit limit = limit(1);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> limit.send(context(), () -> {
                    throw new WireException(Reason.ANSWER_LOST, "lost", null);
                }));

        limit.send(context(), taking(0));

        assertThat(sent).containsExactly(START.plusSeconds(1));
    }

    @Test
    void R29_aTurnPastTheDeadlineIsNotWaitedForAndIsLeftToOthers() throws WireException {
        ConsentLimit limit = limit(1);
        limit.send(context(), taking(0));

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() ->
                        limit.send(context(RefreshOptions.defaults().withTimeout(Duration.ofMillis(1))), taking(0)))
                .returns(Reason.CANCELLED, WireException::reason);
        assertThat(clock.sleeps()).isEmpty();

        limit.send(context(), taking(0));
        assertThat(sent).containsExactly(START, START.plusSeconds(1));
    }

    @Test
    void R18_aCancelledOperationDoesNotWait() throws WireException {
        ConsentLimit limit = limit(1);
        limit.send(context(), taking(0));
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(
                        () -> limit.send(context(RefreshOptions.defaults().withCancellation(cancellation)), taking(0)));
        assertThat(sent).hasSize(1);
    }

    @Test
    void aClockThatIsSetBackCostsASecondAtMost() throws WireException {
        ConsentLimit limit = limit(1);
        limit.send(context(), taking(0));
        clock.advance(Duration.ofDays(-1));

        limit.send(context(), taking(0));

        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 51})
    void aShareIsOneToFifty(int perSecond) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limit(perSecond))
                .withMessageContaining(String.valueOf(perSecond));
    }

    private ConsentLimit limit(int perSecond) {
        return new ConsentLimit(perSecond, retries, clock);
    }

    private Retries.Sending taking(int millis) {
        return () -> {
            sent.add(clock.instant());
            clock.advance(Duration.ofMillis(millis));
            answered.add(clock.instant());
            return DONE;
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RefreshContext context() {
        return context(RefreshOptions.defaults());
    }

    private RefreshContext context(RefreshOptions options) {
        return RefreshContext.start(
                TenantId.of("bbbbbbbb-0000-0000-0000-00000000000b"), TenantRoute.CUSTOMER, options, clock.instant());
    }
}
