package dev.cpv.graph.internal.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.json.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * The tokens that the token endpoint issued.
 *
 * @param accessToken the access token
 * @param refreshToken the rotated refresh token; empty if there was none
 * @param lifetime how long the access token is valid; zero if the answer does not contain it
 */
record TokenAnswer(String accessToken, String refreshToken, Duration lifetime) {
    private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    /** Reads the body of an answer; empty if it holds no access token. */
    static Optional<TokenAnswer> parse(String body) {
        JsonNode json = Json.readOrMissing(body);
        String accessToken = json.path("access_token").asText("");
        if (accessToken.isBlank()) {
            return Optional.empty();
        }
        // A number in answers of version 2, a text in those of version 1.
        long seconds = json.path("expires_in").asLong(0);
        return Optional.of(new TokenAnswer(
                accessToken,
                json.path("refresh_token").asText(""),
                Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_SECONDS)))));
    }

    /** Shows nothing secret. */
    @Override
    public String toString() {
        return "TokenAnswer[lifetime=" + lifetime + "]";
    }
}
