package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.http.WireAnswer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntraErrorTest {
    @Test
    void R25_the_documented_body_is_read() {
        EntraError error = EntraError.parse(Answers.answer(400, """
                {"error":"invalid_grant","error_description":"AADSTS65001: No consent. Send a request. Trace ID: t Correlation \
                ID: c Timestamp: 2026-11-20 10:00:00Z","error_codes":[65001,50076],"trace_id":"trace-1",\
                "correlation_id":"corr-1","suberror":"consent_required","claims":"{\\"access_token\\":{}}"}"""));

        assertThat(error.status()).isEqualTo(400);
        assertThat(error.isReadable()).isTrue();
        assertThat(error.error()).isEqualTo("invalid_grant");
        assertThat(error.codes()).containsExactly(65001, 50076);
        assertThat(error.suberror()).isEqualTo("consent_required");
        assertThat(error.hasClaims()).isTrue();
        assertThat(error.message()).isEqualTo("AADSTS65001: No consent. Send a request.");
        assertThat(error.traceId()).isEqualTo("trace-1");
        assertThat(error.correlationId()).isEqualTo("corr-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\\r\\n", "\\n"})
    void R25_the_ids_after_the_sentence_are_cut_off_however_they_are_separated(String separator) {
        EntraError error = EntraError.parse(Answers.answer(400, """
                {"error_description":"AADSTS50173: The grant was revoked.%1$sTrace ID: abc%1$sCorrelation ID: def%1$sTimestamp: \
                2026"}""".formatted(separator)));

        assertThat(error.message()).isEqualTo("AADSTS50173: The grant was revoked.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error_description\":\"AADSTS700082: Expired.\"}",
                "{\"error_codes\":[],\"error_description\":\"AADSTS700082: Expired.\"}",
                "{\"error_codes\":{\"a\":1},\"error_description\":\"AADSTS700082: Expired.\"}",
                "{\"error_codes\":[\"700082\"]}",
                "{\"error_codes\":700082}",
                "\uFEFF{\"error_codes\":[700082]}"
            })
    void R25_codes_are_found_where_error_codes_is_missing_or_of_a_wrong_shape(String body) {
        assertThat(EntraError.parse(Answers.answer(400, body)).codes()).containsExactly(700082);
    }

    @Test
    void R26_the_time_to_wait_is_kept_as_it_came() {
        WireAnswer answer = new WireAnswer(
                429,
                Map.of("retry-after", "Sat, 21 Nov 2026 10:00:30 GMT", "date", "Sat, 21 Nov 2026 10:00:00 GMT"),
                "");

        assertThat(EntraError.parse(answer).retryAfter()).isEqualTo("Sat, 21 Nov 2026 10:00:30 GMT");
        assertThat(EntraError.parse(answer).date()).isEqualTo("Sat, 21 Nov 2026 10:00:00 GMT");
    }

    @Test
    void R25_the_request_id_comes_from_the_header_where_the_body_has_none() {
        EntraError error = EntraError.parse(new WireAnswer(503, Map.of("x-ms-request-id", "from-header"), ""));

        assertThat(error.traceId()).isEqualTo("from-header");
    }

    @Test
    void R23_no_token_gets_from_a_body_into_the_text_of_an_error() {
        EntraError error = EntraError.parse(Answers.answer(400, """
                {"error":"%1$s","suberror":"%1$s","error_description":"AADSTS70000: Bad token %1$s.","trace_id":"%1$s",\
                "correlation_id":"%1$s"}""".formatted(Answers.JWT)));

        assertThat(error.toString()).contains("AADSTS70000").doesNotContain("eyJ");
    }
}
