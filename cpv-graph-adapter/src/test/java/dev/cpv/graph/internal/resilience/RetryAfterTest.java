package dev.cpv.graph.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0,PT0S",
        "10,PT10S",
        "' 10 ',PT10S",
        "0.5,PT0.5S",
        "7.25,PT7.25S",
        "0.0001,PT0.001S",
        "86400,PT24H",
        "86401,PT24H",
        "999999999,PT24H"
    })
    void R26_seconds_are_whole_or_decimal_and_at_most_a_day(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, NOW)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'Sat, 21 Nov 2026 10:00:30 GMT',PT30S",
        "'Sat, 21 Nov 2026 10:00:00 GMT',PT0S",
        "'Sat, 21 Nov 2026 09:00:00 GMT',PT0S",
        "'Tue, 24 Nov 2026 10:00:00 GMT',PT24H"
    })
    void R26_a_date_counts_from_now_and_never_goes_back(String header, Duration expected) {
        assertThat(RetryAfter.parse(header, NOW)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "soon", "-5", "1,5", "1.", ".5", "1e3", "NaN", "1234567890", "2026-11-21T10:00:30Z"})
    void R26_what_makes_no_sense_says_nothing(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEmpty();
    }

    @Test
    void R26_the_gateways_sentence_is_understood() {
        assertThat(RetryAfter.inSentence("{\"message\":\"Rate limit is exceeded. Try again in 57 seconds.\"}"))
                .contains(Duration.ofSeconds(57));
        assertThat(RetryAfter.inSentence("try again in 999999 seconds")).contains(Duration.ofHours(24));
        assertThat(RetryAfter.inSentence("Try again later.")).isEmpty();
    }
}
