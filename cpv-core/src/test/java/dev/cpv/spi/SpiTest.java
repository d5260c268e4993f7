package dev.cpv.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The values of the ports and their defaults. */
class SpiTest {
    private static final TenantId TENANT = new TenantId(new UUID(1, 1));
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void contextEndsAfterTheTimeout() {
        RefreshContext context = start(RefreshOptions.defaults().withTimeout(Duration.ofMinutes(1)));

        assertThat(context.deadline()).isEqualTo(NOW.plusSeconds(60));
        assertThat(context.timeLeft(NOW.plusSeconds(50))).isEqualTo(Duration.ofSeconds(10));
        assertThat(context.timeLeft(NOW.plusSeconds(70))).isNegative();
    }

    @Test
    void contextIsCancelledByCallerOrInterrupt() {
        Cancellation cancellation = new Cancellation();
        RefreshContext context = start(RefreshOptions.defaults().withCancellation(cancellation));
        assertThat(context.isCancelled()).isFalse();

        Thread.currentThread().interrupt();
        assertThat(context.isCancelled()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(context.isCancelled()).isFalse();

        cancellation.cancel();
        assertThat(context.isCancelled()).isTrue();
    }

    @Test
    void contextCountsRequests() {
        RefreshContext context = start(RefreshOptions.defaults());
        context.countRequest();
        context.countRequest();

        assertThat(context.requests()).isEqualTo(2);
        assertThat(start(RefreshOptions.defaults()).correlationId()).isNotEqualTo(context.correlationId());
    }

    @Test
    void stepResultTellsWhetherItIsDone() {
        CpvFailure failure = CpvFailure.of(FailureCode.WRITE_CONFLICT, "x");

        assertThat(StepResult.applied().isDone()).isTrue();
        assertThat(StepResult.unchanged().isDone()).isTrue();
        assertThat(StepResult.failed(failure).isDone()).isFalse();
        assertThat(StepResult.failed(failure).failure()).contains(failure);
        assertThat(StepResult.unsupported().isDone()).isFalse();
        assertThat(StepResult.unsupported().failure())
                .hasValueSatisfying(f -> assertThat(f.code()).isEqualTo(FailureCode.STEP_UNSUPPORTED));
        assertThat(StepResult.applied(ResourceDefinition.ofTenant(List.of(), List.of()))
                        .definition())
                .isPresent();
    }

    @Test
    void systemSleeperDoesNotWaitForNothingAndObeysInterrupts() throws InterruptedException {
        Sleeper.system().sleep(Duration.ZERO);
        Sleeper.system().sleep(Duration.ofDays(-1));
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> Sleeper.system().sleep(Duration.ofDays(1)));
    }

    @Test
    void recordCopiesWhatItIsGiven() {
        Map<AppId, Instant> notCreatable = new HashMap<>();
        TenantRecord record = new TenantRecord(
                TENANT,
                NOW,
                RefreshOutcome.UPDATED,
                "f",
                Optional.empty(),
                Optional.empty(),
                notCreatable,
                Optional.empty(),
                0);
        notCreatable.put(AppId.MICROSOFT_GRAPH, NOW);

        assertThat(record.notCreatable()).isEmpty();
    }

    @Test
    void directoryReachesCustomersAndResolvesNoDomainUnlessItSaysOtherwise() {
        TenantDirectory directory = context -> {
            throw new UnsupportedOperationException();
        };

        assertThat(directory.route(TENANT)).isEqualTo(TenantRoute.CUSTOMER);
        assertThatExceptionOfType(TenantDirectoryException.class)
                .isThrownBy(() -> directory.resolve("contoso.com"))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(FailureCode.TENANT_NOT_RESOLVED))
                .withMessageContaining("contoso.com");
    }

    private static RefreshContext start(RefreshOptions options) {
        return RefreshContext.start(TENANT, TenantRoute.CUSTOMER, options, NOW);
    }

    @Test
    void contextOfAnEndlessTimeoutEndsAtTheEndOfTime() {
        RefreshContext context =
                start(RefreshOptions.defaults().withTimeout(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));

        assertThat(context.deadline()).isEqualTo(Instant.MAX);
        assertThat(context.timeLeft(NOW)).isEqualTo(Duration.between(NOW, Instant.MAX));
    }
}
