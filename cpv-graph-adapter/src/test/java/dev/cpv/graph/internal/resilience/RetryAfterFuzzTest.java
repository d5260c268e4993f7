package dev.cpv.graph.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** R26 over any text. Run by profile {@code fuzz}, it looks for new ones; else it runs those that are kept. */
class RetryAfterFuzzTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @FuzzTest(maxDuration = "60s")
    void R26_noTextMakesAPauseNegativeOrEndless(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        RetryAfter.parse(text, NOW).ifPresent(RetryAfterFuzzTest::requireSane);
        RetryAfter.parse(text, Instant.EPOCH).ifPresent(RetryAfterFuzzTest::requireSane);
        RetryAfter.inSentence(text).ifPresent(RetryAfterFuzzTest::requireSane);
    }

    private static void requireSane(Duration pause) {
        assertThat(pause).isBetween(Duration.ZERO, Duration.ofHours(24));
    }
}
