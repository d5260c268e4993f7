package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * JSON signed by the simulator, in the three parts of a JWT. Tokens contain what they grant and no server keeps a list
 * of them: a token is a snapshot of the time of its issue.
 */
final class SignedText {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final String HEADER = encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8));

    private final SecretKeySpec key;

    SignedText(long seed) {
        this.key = new SecretKeySpec(("simulator-" + seed).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    String sign(ObjectNode claims) {
        String content = HEADER + "." + encode(claims.toString().getBytes(StandardCharsets.UTF_8));
        return content + "." + encode(mac(content));
    }

    /** The claims; empty if this simulator did not sign the text. */
    Optional<ObjectNode> verify(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        byte[] expected = encode(mac(text.substring(0, dot))).getBytes(StandardCharsets.UTF_8);
        byte[] actual = text.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, actual) ? claims(text) : Optional.empty();
    }

    /** The claims of a JWT with any signature; empty if the text is not a JWT. */
    static Optional<ObjectNode> claims(String jwt) {
        return part(jwt, 1);
    }

    /** The header of a JWT with any signature; empty if the text is not a JWT. */
    static Optional<ObjectNode> header(String jwt) {
        return part(jwt, 0);
    }

    private static Optional<ObjectNode> part(String jwt, int index) {
        String[] parts = jwt.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Json.parseObject(new String(DECODER.decode(parts[index]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    private byte[] mac(String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
