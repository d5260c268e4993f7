package dev.cpv.graph.internal.webhook;

import dev.cpv.graph.WebhookVerdict;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a delivery is signed: see https://learn.microsoft.com/partner-center/developer/partner-center-webhooks. Immutable.
 */
public final class Signature {
    private static final String SCHEME = "signature ";
    private static final String ALGORITHM = "rsa-sha256";
    private static final int MAX_TEXT = 4096;

    private final String certificateUrl;
    private final byte[] bytes;

    private Signature(String certificateUrl, byte[] bytes) {
        this.certificateUrl = certificateUrl;
        this.bytes = bytes;
    }

    /**
     * Reads the headers.
     *
     * @param headers the delivery's headers, by name in any case
     * @return the signature that they hold
     * @throws RefusedDeliveryException if they hold none
     */
    public static Signature parse(Map<String, String> headers) throws RefusedDeliveryException {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            if (name != null && value != null) { // Some servers list the first line of a request among its headers.
                byName.put(name, value);
            }
        });
        String algorithm = byName.getOrDefault("X-MS-Signature-Algorithm", "");
        if (!algorithm.strip().equalsIgnoreCase(ALGORITHM)) {
            throw unsigned("The delivery is not signed with " + ALGORITHM, null);
        }
        String certificate = byName.getOrDefault("X-MS-Certificate-Url", "").strip();
        String text = text(byName);
        if (certificate.isEmpty() || text.isEmpty() || text.length() > MAX_TEXT) {
            throw unsigned("The delivery is not signed", null);
        }
        try {
            return new Signature(certificate, Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw unsigned("The delivery's signature is not base64", e);
        }
    }

    /** A registration can request another header, for hosts whose gateway removes Authorization. */
    private static String text(Map<String, String> headers) {
        String own = headers.getOrDefault("x-ms-signature", "").strip();
        String text = own.isEmpty() ? headers.getOrDefault("Authorization", "").strip() : own;
        boolean named = text.toLowerCase(Locale.ROOT).startsWith(SCHEME);
        if (own.isEmpty() && !named) {
            return "";
        }
        return named ? text.substring(SCHEME.length()).strip() : text;
    }

    /**
     * Returns the certificate's URL in the delivery.
     *
     * @return the URL, not yet checked
     */
    public String certificateUrl() {
        return certificateUrl;
    }

    /**
     * Refuses a body that was not signed by the owner of a key.
     *
     * @param key the key
     * @param body the body, byte for byte as received
     * @throws RefusedDeliveryException if the signature does not match the body and the key
     */
    public void verify(PublicKey key, byte[] body) throws RefusedDeliveryException {
        boolean genuine;
        try {
            java.security.Signature verifier = java.security.Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(body);
            genuine = verifier.verify(bytes);
        } catch (GeneralSecurityException e) {
            throw new RefusedDeliveryException(
                    WebhookVerdict.SIGNATURE_WRONG, "The delivery's signature cannot be verified", e);
        }
        if (!genuine) {
            throw new RefusedDeliveryException(
                    WebhookVerdict.SIGNATURE_WRONG, "The delivery's signature does not match its body", null);
        }
    }

    private static RefusedDeliveryException unsigned(String message, @Nullable Throwable cause) {
        return new RefusedDeliveryException(WebhookVerdict.UNSIGNED, message, cause);
    }
}
