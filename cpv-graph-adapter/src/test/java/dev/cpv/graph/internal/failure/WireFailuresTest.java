package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireException.Reason;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireFailuresTest {
    @ParameterizedTest
    @CsvSource({
        "NOT_REACHED,  false, NETWORK_FAILURE",
        "ANSWER_LOST,  false, NETWORK_FAILURE",
        "TOO_LARGE,    false, ANSWER_UNREADABLE",
        "REFUSED_HOST, false, FOREIGN_HOST_REFUSED",
        "CANCELLED,    false, DEADLINE_EXCEEDED",
        "CANCELLED,    true,  CANCELLED"
    })
    void R25_everyReasonHasItsCode(Reason reason, boolean cancelled, FailureCode code) {
        Cancellation cancellation = new Cancellation();
        if (cancelled) {
            cancellation.cancel();
        }
        RefreshContext context = RefreshContext.start(
                TenantId.of("bbbbbbbb-0000-0000-0000-00000000000b"),
                TenantRoute.CUSTOMER,
                RefreshOptions.defaults().withCancellation(cancellation),
                Instant.parse("2026-11-20T00:00:00Z"));

        CpvFailure failure = WireFailures.classify(new WireException(reason, "What happened", null), context);

        assertThat(failure).isEqualTo(CpvFailure.of(code, "What happened"));
    }
}
