package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The content of an access token: the scopes, roles and directory roles at the time of issue. Later changes do not
 * affect it.
 *
 * @param audience the resource that it is for, as the client named it
 * @param tenantId the tenant that it was issued in
 * @param appId the client
 * @param objectId the user's object id, or the service principal's in an app-only token; null if there is none
 * @param userPrincipalName the user's name, null in an app-only token
 * @param scopes the delegated permissions, empty in an app-only token
 * @param roles values of the application permissions, empty in a token with a user
 * @param directoryRoles template ids of the user's directory roles
 * @param mfa whether the user signed in with multi-factor authentication
 * @param claims the claims that the client requested, as JSON; empty if there were none
 * @param issuedAt the start of its validity
 * @param expiresAt the end of its validity
 */
record AccessToken(
        String audience,
        String tenantId,
        String appId,
        @Nullable String objectId,
        @Nullable String userPrincipalName,
        Set<String> scopes,
        Set<String> roles,
        Set<String> directoryRoles,
        boolean mfa,
        String claims,
        Instant issuedAt,
        Instant expiresAt) {

    AccessToken {
        scopes = Set.copyOf(scopes);
        roles = Set.copyOf(roles);
        directoryRoles = Set.copyOf(directoryRoles);
    }

    boolean appOnly() {
        return userPrincipalName == null;
    }

    boolean expiredAt(Instant now) {
        return !now.isBefore(expiresAt);
    }

    String mint(SignedText signer, String uniqueId) {
        ObjectNode token = Json.object();
        token.put("aud", audience);
        token.put("iss", "https://sts.windows.net/" + tenantId + "/");
        token.put("iat", issuedAt.getEpochSecond());
        token.put("nbf", issuedAt.getEpochSecond());
        token.put("exp", expiresAt.getEpochSecond());
        token.put("appid", appId);
        token.put("tid", tenantId);
        token.put("ver", "1.0");
        token.put("uti", uniqueId);
        if (objectId != null) {
            token.put("oid", objectId);
        }
        if (userPrincipalName == null) {
            token.put("idtyp", "app");
        } else {
            token.put("upn", userPrincipalName);
            token.put("idtyp", "user");
            token.put("scp", String.join(" ", new TreeSet<>(scopes)));
            token.set("amr", Json.array(mfa ? List.of("pwd", "mfa") : List.of("pwd")));
        }
        if (!roles.isEmpty()) {
            token.set("roles", Json.array(new TreeSet<>(roles)));
        }
        if (!claims.isEmpty()) {
            token.put("xms_asked", claims);
        }
        token.set("wids", Json.array(new TreeSet<>(directoryRoles)));
        return signer.sign(token);
    }

    /** Reads a token that this simulator signed. Does not check whether it is still valid. */
    static Optional<AccessToken> read(SignedText signer, String text) {
        return signer.verify(text).filter(claims -> claims.has("aud")).map(AccessToken::of);
    }

    private static AccessToken of(ObjectNode claims) {
        return new AccessToken(
                claims.path("aud").asText(),
                claims.path("tid").asText(),
                claims.path("appid").asText(),
                text(claims.path("oid")),
                text(claims.path("upn")),
                SimulatedGrant.split(claims.path("scp").asText()),
                set(claims.path("roles")),
                set(claims.path("wids")),
                set(claims.path("amr")).contains("mfa"),
                claims.path("xms_asked").asText(),
                Instant.ofEpochSecond(claims.path("iat").asLong()),
                Instant.ofEpochSecond(claims.path("exp").asLong()));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }

    private static Set<String> set(JsonNode array) {
        Set<String> values = new TreeSet<>();
        array.forEach(value -> values.add(value.asText()));
        return values;
    }

    /** Shows tenant and audience only: a token is secret. */
    @Override
    public String toString() {
        return "AccessToken[" + tenantId + " " + audience + "]";
    }
}
