package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * R25 over any body and headers, for all three services. Run by profile {@code fuzz}, it looks for new ones; else it runs
 * those that are kept. The first byte chooses the status, and the first line is the headers' value.
 */
class ErrorBodyFuzzTest {
    private static final int[] STATUSES = {200, 302, 400, 401, 403, 404, 409, 424, 429, 500, 503};

    @FuzzTest(maxDuration = "60s")
    void R25_noBodyMakesAParserThrow(byte[] data) {
        int status = STATUSES[data.length == 0 ? 0 : Math.floorMod(data[0], STATUSES.length)];
        String text = new String(data, Math.min(1, data.length), Math.max(0, data.length - 1), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String header = end < 0 ? "" : text.substring(0, end);
        WireAnswer answer = new WireAnswer(
                status,
                Map.of("Retry-After", header, "Date", header, "request-id", header, "WWW-Authenticate", header),
                text.substring(end + 1));

        requireSane(EntraFailures.classify(EntraError.parse(answer), true));
        requireSane(EntraFailures.classify(EntraError.parse(answer), false));
        requireSane(PartnerCenterFailures.classify(answer));
        requireSane(GraphFailures.classify(answer));
        assertThat(GraphFailures.verdict(answer)).isNotNull();
        EntraFailures.isRetryable(answer);
        PartnerCenterFailures.isRetryable(answer);
        PartnerCenterFailures.isAlreadyThere(answer);
    }

    private static void requireSane(CpvFailure failure) {
        assertThat(failure.message()).isNotBlank().hasSizeLessThan(600).doesNotContain("\n", "\r");
        assertThat(failure.message()).doesNotContainPattern("eyJ[A-Za-z0-9_-]{5}");
        assertThat(failure.serviceCode().orElse("x")).matches("\\S{1,106}");
        assertThat(failure.requestId().orElse("x")).matches("\\S{1,100}");
        failure.retryAfter().ifPresent(pause -> assertThat(pause).isGreaterThanOrEqualTo(Duration.ZERO));
    }
}
