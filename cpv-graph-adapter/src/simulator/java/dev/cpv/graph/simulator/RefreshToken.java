package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The content of a refresh token: one sign-in of one user to one client, valid in every tenant where the user has
 * access.
 *
 * @param userId the user
 * @param clientId the client that it is bound to
 * @param sessions the number of the user's sessions at sign-in; the token is revoked once the number is higher
 * @param signedInAt when the user signed in
 * @param issuedAt when this token was issued: by the sign-in, or by the redemption of an earlier one
 * @param mfa whether the sign-in used multi-factor authentication
 */
record RefreshToken(String userId, String clientId, int sessions, Instant signedInAt, Instant issuedAt, boolean mfa) {

    private static final Duration IDLE_LIFE = Duration.ofDays(90);

    boolean expiredAt(Instant now) {
        return !now.isBefore(issuedAt.plus(IDLE_LIFE));
    }

    RefreshToken renewedAt(Instant now) {
        return new RefreshToken(userId, clientId, sessions, signedInAt, now, mfa);
    }

    String mint(SignedText signer, String uniqueId) {
        ObjectNode claims = Json.object();
        claims.put("user", userId);
        claims.put("client", clientId);
        claims.put("sessions", sessions);
        claims.put("signedIn", signedInAt.toEpochMilli());
        claims.put("issued", issuedAt.toEpochMilli());
        claims.put("mfa", mfa);
        claims.put("uti", uniqueId);
        return "0.A" + signer.sign(claims);
    }

    static Optional<RefreshToken> read(SignedText signer, String text) {
        if (!text.startsWith("0.A")) {
            return Optional.empty();
        }
        return signer.verify(text.substring(3))
                .filter(claims -> claims.has("sessions"))
                .map(claims -> new RefreshToken(
                        claims.path("user").asText(),
                        claims.path("client").asText(),
                        claims.path("sessions").asInt(),
                        Instant.ofEpochMilli(claims.path("signedIn").asLong()),
                        Instant.ofEpochMilli(claims.path("issued").asLong()),
                        claims.path("mfa").asBoolean()));
    }
}
