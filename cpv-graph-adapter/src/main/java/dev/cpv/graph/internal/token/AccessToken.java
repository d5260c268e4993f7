package dev.cpv.graph.internal.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An access token and its claims. The claims are read, not verified: the token came from Entra ID over TLS, and only the
 * service that it is issued for can verify it. Immutable; only {@link #authorization()} shows the value
 * (R23).
 */
public final class AccessToken {
    /** A token for a service with hundreds of scopes takes some ten thousand characters. */
    private static final int MAX_LENGTH = 256 * 1024;

    private final String value;
    private final Instant expiresAt;
    private final @Nullable TenantId tenant;
    private final String user;
    private final Set<String> scopes;

    private AccessToken(String value, Instant expiresAt, JsonNode claims) {
        this.value = value;
        this.expiresAt = expiresAt;
        this.tenant =
                Guids.find(claims.path("tid").asText("")).map(TenantId::new).orElse(null);
        this.user =
                claims.path("upn").asText(claims.path("unique_name").asText("")).replaceAll("\\p{Cntrl}", "");
        this.scopes = words(claims.path("scp").asText(""));
    }

    /**
     * Reads a token.
     *
     * @param value the token; if it is no JWT, it has no claims
     * @param expiresAt when it expires
     * @return the token
     */
    public static AccessToken of(String value, Instant expiresAt) {
        return new AccessToken(value, Objects.requireNonNull(expiresAt, "expiresAt"), claims(value));
    }

    private static JsonNode claims(String jwt) {
        int start = jwt.indexOf('.') + 1;
        int end = jwt.indexOf('.', start);
        if (start == 0 || end < 0 || jwt.length() > MAX_LENGTH) {
            return MissingNode.getInstance();
        }
        try {
            byte[] payload = Base64.getUrlDecoder().decode(jwt.substring(start, end));
            return Json.readOrMissing(new String(payload, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance(); // No base64url, so no JWT.
        }
    }

    private static Set<String> words(String text) {
        Set<String> words = new LinkedHashSet<>(Arrays.asList(text.strip().split("\\s+", -1)));
        words.remove("");
        return Collections.unmodifiableSet(words);
    }

    /**
     * Returns the value of the {@code Authorization} header.
     *
     * @return {@code Bearer} and the token: a secret
     */
    public String authorization() {
        return "Bearer " + value;
    }

    /**
     * Returns when the token expires.
     *
     * @return the moment
     */
    public Instant expiresAt() {
        return expiresAt;
    }

    /**
     * Returns the tenant that the token is for, from {@code tid}.
     *
     * @return the tenant, or empty if the token does not contain it
     */
    public Optional<TenantId> tenant() {
        return Optional.ofNullable(tenant);
    }

    /**
     * Returns the name of the user that the token was issued to, from {@code upn} or {@code unique_name}.
     *
     * @return the name, or empty if the token does not contain it
     */
    public Optional<String> user() {
        return user.isBlank() ? Optional.empty() : Optional.of(user);
    }

    /**
     * Returns the delegated permissions, from {@code scp}.
     *
     * @return the scope values as the service spells them
     */
    public Set<String> scopes() {
        return scopes;
    }

    /** Shows only tenant and expiry: the rest is secret. */
    @Override
    public String toString() {
        return "AccessToken[tenant=" + tenant + ", expiresAt=" + expiresAt + "]";
    }
}
