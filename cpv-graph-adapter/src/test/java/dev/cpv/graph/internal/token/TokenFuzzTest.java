package dev.cpv.graph.internal.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** R21 over any token and any answer. Run by profile {@code fuzz}, it looks for new ones; else it runs those that are kept. */
class TokenFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void R21_noTextMakesTheReadersOfTokensThrow(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        TokenAnswer.parse(text).ifPresent(answer -> {
            assertThat(answer.accessToken()).isNotBlank();
            assertThat(answer.lifetime()).isBetween(Duration.ZERO, Duration.ofDays(1));
            read(answer.accessToken());
        });
        read(text);
        read("e30." + Base64.getUrlEncoder().encodeToString(data) + ".");
    }

    private static void read(String value) {
        AccessToken token = AccessToken.of(value, Instant.EPOCH);
        assertThat(token.authorization()).isEqualTo("Bearer " + value);
        assertThat(token.user().orElse("x")).isNotBlank().doesNotContain("\n", "\r");
        assertThat(token.scopes()).allMatch(scope -> !scope.isBlank());
        assertThat(token.toString()).hasSizeLessThan(200);
    }
}
