package dev.cpv.graph.internal.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.ClaimsRequest;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The claims that a service requires of a token and that the presented one lacks: a sign-in after some moment, or one that
 * satisfies a policy. See https://learn.microsoft.com/entra/identity-platform/claims-challenge. Immutable.
 */
public final class ClaimsChallenge {
    /** The claims of a challenge take some hundred bytes. */
    private static final int MAX_LENGTH = 8 * 1024;

    private static final int MAX_HEADER = 2 * MAX_LENGTH;
    private static final Pattern ERROR = Pattern.compile("(?i)\\berror\\s{0,3}=\\s{0,3}\"?insufficient_claims\\b");
    private static final Pattern CLAIMS =
            Pattern.compile("(?i)\\bclaims\\s{0,3}=\\s{0,3}\"([A-Za-z0-9+/_-]{1," + MAX_LENGTH + "}={0,2})\"");

    private final ClaimsRequest request;

    private ClaimsChallenge(ClaimsRequest request) {
        this.request = request;
    }

    /**
     * Finds the challenge in an answer. Never throws: a challenge that cannot be read counts as none, since it contains
     * nothing to request a token with.
     *
     * @param answer an answer of Microsoft Graph or Partner Center, or of a part of a batch
     * @return the challenge, or empty
     */
    public static Optional<ClaimsChallenge> in(WireAnswer answer) {
        if (answer.status() != 401 && answer.status() != 403) {
            return Optional.empty();
        }
        return answer.header("WWW-Authenticate")
                .filter(header ->
                        header.length() <= MAX_HEADER && ERROR.matcher(header).find())
                .flatMap(ClaimsChallenge::parse);
    }

    private static Optional<ClaimsChallenge> parse(String header) {
        Matcher claims = CLAIMS.matcher(header);
        if (!claims.find()) {
            return Optional.empty();
        }
        try {
            // Services use both alphabets of base64.
            byte[] text =
                    Base64.getDecoder().decode(claims.group(1).replace('-', '+').replace('_', '/'));
            String json = new String(text, StandardCharsets.UTF_8);
            JsonNode wanted = Json.readOrMissing(json).path("access_token");
            return wanted.isObject() && !wanted.isEmpty()
                    ? Optional.of(new ClaimsChallenge(ClaimsRequest.formatAsClaimsRequest(json)))
                    : Optional.empty();
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty(); // No base64, or claims that msal4j cannot read.
        }
    }

    /** The claims to request from the token endpoint. */
    ClaimsRequest request() {
        return request;
    }
}
