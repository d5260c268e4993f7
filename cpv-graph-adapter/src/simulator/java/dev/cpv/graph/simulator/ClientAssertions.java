package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Checks the assertion with which a client proves that it holds the key of a registered certificate. */
final class ClientAssertions {
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final PSSParameterSpec PS256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

    private final World world;
    private final List<String> authorities;

    ClientAssertions(World world, List<String> authorities) {
        this.world = world;
        this.authorities = List.copyOf(authorities);
    }

    /** Refuses an assertion unless it is signed with a certificate of the app, meant for this tenant, and valid now. */
    void check(String assertion, AppRegistration app, SimulatedTenant tenant, String tenantName) {
        ObjectNode header = SignedText.header(assertion).orElseThrow(() -> new EntraRefusal(50012));
        ObjectNode claims = SignedText.claims(assertion).orElseThrow(() -> new EntraRefusal(50012));
        X509Certificate certificate = certificate(header, app);
        if (!signed(assertion, header.path("alg").asText(), certificate)) {
            throw new EntraRefusal(700027);
        }
        if (!meantFor(claims.path("aud").asText(), tenant, tenantName)) {
            throw new EntraRefusal(700021);
        }
        boolean ours = claims.path("iss").asText().equalsIgnoreCase(app.appId())
                && claims.path("sub").asText().equalsIgnoreCase(app.appId());
        if (!ours) {
            throw new EntraRefusal(50012);
        }
        if (app.checksAssertionTime() && !timely(claims)) {
            throw new EntraRefusal(700024);
        }
    }

    private X509Certificate certificate(ObjectNode header, AppRegistration app) {
        String sha256 = unpadded(header.path("x5t#S256").asText());
        String sha1 = unpadded(header.path("x5t").asText());
        return app.certificates().stream()
                .filter(known -> !world.now().isBefore(known.from()))
                .map(AppRegistration.Certificate::certificate)
                .filter(known -> thumbprint(known, "SHA-256").equals(sha256)
                        || thumbprint(known, "SHA-1").equals(sha1))
                .findFirst()
                .orElseThrow(() -> new EntraRefusal(700027));
    }

    /** Some libraries write thumbprints in plain, padded base64, and the real service accepts both forms. */
    private static String unpadded(String base64) {
        return base64.replace('+', '-').replace('/', '_').replace("=", "");
    }

    private static String thumbprint(X509Certificate certificate, String algorithm) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean signed(String assertion, String algorithm, X509Certificate certificate) {
        int dot = assertion.lastIndexOf('.');
        try {
            Signature verifier = verifier(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(assertion.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(Base64.getUrlDecoder().decode(assertion.substring(dot + 1)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Signature verifier(String algorithm) throws GeneralSecurityException {
        if (algorithm.equals("RS256")) {
            return Signature.getInstance("SHA256withRSA");
        }
        if (algorithm.equals("PS256")) {
            Signature verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(PS256);
            return verifier;
        }
        throw new EntraRefusal(50012);
    }

    /**
     * Libraries compute the audience from the cloud's authority even if requests go to another host: both are accepted.
     */
    private boolean meantFor(String audience, SimulatedTenant tenant, String tenantName) {
        return authorities.stream()
                .flatMap(authority -> List.of(tenantName, tenant.id()).stream().map(name -> authority + "/" + name))
                .anyMatch(base -> audience.equalsIgnoreCase(base + "/oauth2/v2.0/token")
                        || audience.equalsIgnoreCase(base + "/oauth2/token"));
    }

    private boolean timely(ObjectNode claims) {
        Instant now = world.now();
        Instant from = Instant.ofEpochSecond(claims.path("nbf").asLong()).minus(SKEW);
        Instant until = Instant.ofEpochSecond(claims.path("exp").asLong());
        return !now.isBefore(from) && now.isBefore(until);
    }
}
