package dev.cpv.graph.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Claims challenges, see https://learn.microsoft.com/entra/identity-platform/claims-challenge. */
final class Claims {
    private Claims() {}

    /** Whether a token carries the claims that a tenant requires. True if the tenant requires none. */
    static boolean shown(AccessToken token, String required) {
        return required.isEmpty() || Json.parseObject(token.claims()).equals(Json.parseObject(required));
    }

    /** The header {@code WWW-Authenticate} that asks for claims. */
    static String challenge(String claims) {
        return "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\","
                + " error=\"insufficient_claims\", claims=\""
                + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "\"";
    }
}
