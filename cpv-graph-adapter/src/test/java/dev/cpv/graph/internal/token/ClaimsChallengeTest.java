package dev.cpv.graph.internal.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.internal.http.WireAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsChallengeTest {
    private static final String CLAIMS =
            "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"},\"acrs\":{\"value\":\"c1?>~\"}}}";

    @Test
    void R21_theClaimsOfAChallengeAreRead() {
        assertThat(in(401, "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"" + base64(CLAIMS) + "\""))
                .isPresent();
        assertThat(in(403, "bearer ERROR = insufficient_claims , Claims=\"" + base64(CLAIMS) + "\""))
                .isPresent();
    }

    @Test
    void R21_bothAlphabetsOfBase64AreRead() {
        byte[] bytes = CLAIMS.getBytes(StandardCharsets.UTF_8);
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

        assertThat(url).isNotEqualTo(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        assertThat(in(401, challenge(url))).isPresent();
    }

    @Test
    void R21_onlyARefusalThatSaysSoIsAChallenge() {
        String header = challenge(base64(CLAIMS));

        assertThat(in(200, header)).isEmpty();
        assertThat(in(400, header)).isEmpty();
        assertThat(in(401, header.replace("insufficient_claims", "invalid_token")))
                .isEmpty();
        assertThat(ClaimsChallenge.in(new WireAnswer(401, Map.of(), header))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "7",
                "{\"access_token\":{}}",
                "{\"access_token\":null}",
                "{\"access_token\":7}",
                "{\"id_token\":{\"nbf\":null}}",
                "{\"access_token\":{\"nbf\":{\"essential\":true}}",
                "no JSON"
            })
    void R21_aGarbledChallengeCountsAsNone(String claims) {
        assertThat(in(401, challenge(base64(claims)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "a", "ä", "%7B%7D", "eyJhY2Nl c3NfdG9r", "eyJhY2Nlc3NfdG9rZW4iOnsibmJm===="})
    void R21_whatIsNoBase64CountsAsNone(String claims) {
        assertThat(in(401, challenge(claims))).isEmpty();
    }

    @Test
    void R21_aChallengeIsBounded() {
        String most = "{\"access_token\":{\"nbf\":{\"value\":\"" + "1".repeat(6_000) + "\"}}}";
        String more = "{\"access_token\":{\"nbf\":{\"value\":\"" + "1".repeat(6_200) + "\"}}}";

        assertThat(in(401, challenge(base64(most)))).isPresent();
        assertThat(in(401, challenge(base64(more)))).isEmpty();
        assertThat(in(401, challenge(base64(CLAIMS)) + " ".repeat(20_000))).isEmpty();
    }

    private static String challenge(String claims) {
        return "Bearer error=\"insufficient_claims\", claims=\"" + claims + "\"";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<ClaimsChallenge> in(int status, String header) {
        return ClaimsChallenge.in(new WireAnswer(status, Map.of("www-authenticate", header), ""));
    }
}
