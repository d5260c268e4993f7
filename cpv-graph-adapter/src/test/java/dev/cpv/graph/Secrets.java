package dev.cpv.graph;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What must not be told, and every piece of it that is long enough to be known again. Thread-safe. */
final class Secrets {
    private static final int PIECE = 24;

    private final Map<String, String> pieces = new ConcurrentHashMap<>();
    private final Map<String, String> whole = new ConcurrentHashMap<>();

    void add(String name, String secret) {
        if (!secret.isBlank() && whole.putIfAbsent(secret, name) == null) {
            for (int from = 0; from + PIECE <= secret.length(); from += PIECE / 2) {
                pieces.put(secret.substring(from, from + PIECE), name);
            }
        }
    }

    void add(PrivateKey key) {
        byte[] encoded = key.getEncoded();
        add("private key", Base64.getEncoder().encodeToString(encoded));
        add("private key", new String(encoded, StandardCharsets.ISO_8859_1));
        if (key instanceof RSAPrivateKey rsa) {
            BigInteger exponent = rsa.getPrivateExponent();
            add("private key", exponent.toString());
            add("private key", exponent.toString(16));
        }
    }

    boolean knows(String name) {
        return whole.containsValue(name);
    }

    /** The secret that the text tells, whole or in part. */
    Optional<String> toldBy(String text) {
        for (int from = 0; from + PIECE <= text.length(); from++) {
            String piece = text.substring(from, from + PIECE);
            String name = pieces.get(piece);
            if (name != null) {
                return Optional.of(name + ": " + piece);
            }
        }
        return whole.entrySet().stream()
                .filter(secret -> secret.getKey().length() < PIECE && text.contains(secret.getKey()))
                .map(secret -> secret.getValue() + ": " + secret.getKey())
                .findFirst();
    }
}
