package dev.cpv.graph.internal.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAnswerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"3599;3599", "\"3599\";3599", "-5;0", "\"soon\";0", "null;0", "99999999;86400"})
    void theLifetimeIsANumberOrATextAndBounded(String expiresIn, long seconds) {
        assertThat(TokenAnswer.parse("{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}"))
                .contains(new TokenAnswer("a", "", Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Sign in</html>", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":"})
    void withoutAnAccessTokenThereIsNoAnswer(String body) {
        assertThat(TokenAnswer.parse(body)).isEmpty();
    }

    @Test
    void R23_nothingSecretShows() {
        assertThat(TokenAnswer.parse("{\"access_token\":\"secret-a\",\"refresh_token\":\"secret-r\"}")
                        .toString())
                .doesNotContain("secret");
    }
}
