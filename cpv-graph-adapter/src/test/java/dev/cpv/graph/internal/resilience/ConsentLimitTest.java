package dev.cpv.graph.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.graph.internal.http.WireException;
import dev.cpv.model.Cancellation;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentLimitTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

    private final ManualClock clock = new ManualClock(START);
    private final Retries retries = new Retries(clock, clock);

    @Test
    void R29_consentsAreSpreadForAllTenantsTogether() throws WireException {
        ConsentLimit limit = new ConsentLimit(1, retries);

        for (int tenant = 0; tenant < 4; tenant++) {
            limit.acquire(context(RefreshOptions.defaults()));
        }

        // The limiter lives by real time, so a fast test waits almost whole seconds; the first one does not wait.
        assertThat(clock.sleeps()).hasSize(3);
        assertThat(clock.sleeps().get(2)).isBetween(Duration.ofMillis(2_001), Duration.ofSeconds(3));
    }

    @Test
    void R29_aThreadThatIsLateMakesNoSecondTooFull() throws WireException {
        ConsentLimit limit = new ConsentLimit(ConsentLimit.PER_SECOND, retries);

        for (int tenant = 0; tenant < 2 * ConsentLimit.PER_SECOND; tenant++) {
            limit.acquire(context(RefreshOptions.defaults()));
        }

        assertThat(clock.sleeps().get(clock.sleeps().size() - 1)).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void R29_aTurnPastTheDeadlineIsNotWaitedFor() throws WireException {
        ConsentLimit limit = new ConsentLimit(1, retries);
        limit.acquire(context(RefreshOptions.defaults()));

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(
                        () -> limit.acquire(context(RefreshOptions.defaults().withTimeout(Duration.ofMillis(1)))))
                .returns(WireException.Reason.CANCELLED, WireException::reason);
        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void R18_aCancelledOperationDoesNotWait() throws WireException {
        ConsentLimit limit = new ConsentLimit(1, retries);
        limit.acquire(context(RefreshOptions.defaults()));
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        assertThatExceptionOfType(WireException.class)
                .isThrownBy(
                        () -> limit.acquire(context(RefreshOptions.defaults().withCancellation(cancellation))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 51})
    void aShareIsOneToFifty(int perSecond) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConsentLimit(perSecond, retries))
                .withMessageContaining(String.valueOf(perSecond));
    }

    private RefreshContext context(RefreshOptions options) {
        return RefreshContext.start(
                TenantId.of("bbbbbbbb-0000-0000-0000-00000000000b"), TenantRoute.CUSTOMER, options, clock.instant());
    }
}
