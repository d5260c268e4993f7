package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R25: no answer, however broken, makes a parser throw. */
class MutilatedBodiesTest {
    private static final int ROUNDS = 3000;
    private static final int[] STATUSES = {0, 200, 302, 400, 401, 403, 404, 409, 424, 429, 500, 503};
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "1e999999999",
        "-0",
        "\\u0000",
        "\uD800",
        "<html>",
        "\\",
        "\n",
        "true",
        "AADSTS99999999999999",
        "eyJabcdefgh",
        "\uFEFF"
    };

    private static final List<String> WHOLE = List.of(
            Answers.entra(65001).body(),
            Answers.partnerCenter(403, "2032", "Access denied").body(),
            Answers.graph(400, "Request_BadRequest", "Permission being assigned already exists")
                    .body(),
            "{\"odata.error\":{\"code\":\"x\",\"message\":{\"lang\":\"en\",\"value\":\"y\"}}}",
            "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 57 seconds.\"}",
            "{\"error\":{\"code\":{},\"message\":[],\"details\":\"x\",\"innerError\":[[{\"code\":[1,null]}]]},\"error_codes\":{}}",
            "{\"error\":[],\"error_codes\":[null,{},\"x\",1.5,99999999999999999999],\"error_description\":{},\"claims\":7}",
            Answers.HTML);

    @Test
    void R25_random_mutilation_never_makes_a_parser_throw() {
        Random random = new Random(20261121);
        for (int round = 0; round < ROUNDS; round++) {
            String body = mutilate(random, WHOLE.get(random.nextInt(WHOLE.size())));
            int status = STATUSES[random.nextInt(STATUSES.length)];
            requireSane(new WireAnswer(status, headers(random), body));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "42",
                "\"text\"",
                "[]",
                "{}",
                "{\"error\":null}",
                "{\"error\":{\"message\":null}}",
                "{\"error\":\"invalid_grant\"}",
                "{\"code\":true,\"description\":[]}",
                "\u0000",
                "\uD800"
            })
    void R25_wrong_shapes_never_make_a_parser_throw(String body) {
        for (int status : STATUSES) {
            requireSane(Answers.answer(status, body));
        }
    }

    @Test
    void R25_deep_and_huge_bodies_never_make_a_parser_throw() {
        List<String> bodies = List.of(
                "[".repeat(200_000),
                "{\"error\":".repeat(10_000) + "1" + "}".repeat(10_000),
                "{\"error\":{\"message\":\"" + "x".repeat(200_000) + "\"}}",
                "{\"error\":{\"message\":\"" + "eyJ".repeat(80_000) + "\"}}",
                "{\"" + "n".repeat(100_000) + "\":1}",
                "{\"error_codes\":[" + "1,".repeat(50_000) + "1]}",
                "{\"error_codes\":" + "9".repeat(100_000) + "}",
                " ".repeat(3_000_000) + "x",
                "AADSTS".repeat(500_000));
        for (String body : bodies) {
            requireSane(Answers.answer(400, body));
        }
    }

    private static void requireSane(WireAnswer answer) {
        assertThatCode(() -> {
                    requireSane(EntraFailures.classify(EntraError.parse(answer), true));
                    requireSane(EntraFailures.classify(EntraError.parse(answer), false));
                    requireSane(PartnerCenterFailures.classify(answer));
                    requireSane(GraphFailures.classify(answer));
                    assertThat(GraphFailures.verdict(answer)).isNotNull();
                    EntraFailures.isRetryable(answer);
                    PartnerCenterFailures.isRetryable(answer);
                    PartnerCenterFailures.isAlreadyThere(answer);
                })
                .as(() -> answer + " with " + answer.body().length() + " characters")
                .doesNotThrowAnyException();
    }

    private static void requireSane(CpvFailure failure) {
        assertThat(failure.message()).isNotBlank().hasSizeLessThan(600).doesNotContain("\n", "\r", "eyJabcdefgh");
        assertThat(failure.serviceCode().orElse("x")).matches("\\S{1,106}");
        assertThat(failure.requestId().orElse("x")).matches("\\S{1,100}");
    }

    private static String mutilate(Random random, String body) {
        StringBuilder text = new StringBuilder(body);
        for (int cuts = random.nextInt(6); cuts > 0 && text.length() > 1; cuts--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setLength(at);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, (char) random.nextInt(0x10000));
                default -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    private static Map<String, String> headers(Random random) {
        String[] values = {
            "", "5", "-1", "soon", "Sat, 21 Nov 2026 10:00:30 GMT", "\uD800", "9".repeat(50), ".", "1.2.3"
        };
        return Map.of(
                "Retry-After", values[random.nextInt(values.length)],
                "Date", values[random.nextInt(values.length)],
                "request-id", values[random.nextInt(values.length)],
                "WWW-Authenticate", values[random.nextInt(values.length)]);
    }
}
