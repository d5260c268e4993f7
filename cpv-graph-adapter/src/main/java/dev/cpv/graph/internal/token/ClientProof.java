package dev.cpv.graph.internal.token;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCredential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Objects;

/** How the partner's application proves its identity. Prints no secret. */
public abstract sealed class ClientProof {
    /**
     * Creates a proof with a client secret.
     *
     * @throws IllegalArgumentException if the secret is blank
     */
    public static ClientProof secret(String value) {
        if (Objects.requireNonNull(value, "clientSecret").isBlank()) {
            throw new IllegalArgumentException("The client secret must not be blank");
        }
        return new Secret(value);
    }

    /** Creates a proof with a certificate that is registered with the application. */
    public static ClientProof certificate(PrivateKey key, X509Certificate certificate) {
        return new Certificate(Objects.requireNonNull(key, "key"), Objects.requireNonNull(certificate, "certificate"));
    }

    /**
     * Creates a proof with the certificate in a PKCS #12 file.
     *
     * @throws IllegalArgumentException if the file is not PKCS #12 or holds no private key, or the password is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static ClientProof certificate(Path pkcs12, char[] password) {
        byte[] content;
        try (InputStream in = Files.newInputStream(pkcs12)) {
            content = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("The certificate file " + pkcs12 + " cannot be read", e);
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) instanceof PrivateKey found
                        && store.getCertificate(alias) instanceof X509Certificate its) {
                    return certificate(found, its);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificate file " + pkcs12 + " is not a PKCS #12 file, or the password is wrong", e);
        }
        throw new IllegalArgumentException(
                "The certificate file " + pkcs12 + " holds no private key with a certificate");
    }

    /** What msal4j signs or sends. */
    abstract IClientCredential credential();

    abstract boolean isCertificate();

    /** Removes the proof from a text that may echo the request (R23). */
    abstract String removedFrom(String text);

    /** Removes a secret from a text, in plain and in form-encoded spelling. */
    static String without(String secret, String text) {
        return text.replace(secret, "[removed]")
                .replace(URLEncoder.encode(secret, StandardCharsets.UTF_8), "[removed]");
    }

    /** Returns the kind of proof without its secret. */
    @Override
    public final String toString() {
        return isCertificate() ? "certificate" : "secret";
    }

    private static final class Secret extends ClientProof {
        private final String value;

        Secret(String value) {
            this.value = value;
        }

        @Override
        IClientCredential credential() {
            return ClientCredentialFactory.createFromSecret(value);
        }

        @Override
        boolean isCertificate() {
            return false;
        }

        @Override
        String removedFrom(String text) {
            return without(value, text);
        }
    }

    private static final class Certificate extends ClientProof {
        private final PrivateKey key;
        private final X509Certificate certificate;

        Certificate(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        @Override
        IClientCredential credential() {
            return ClientCredentialFactory.createFromCertificate(key, certificate);
        }

        @Override
        boolean isCertificate() {
            return true;
        }

        /** The key is never sent. */
        @Override
        String removedFrom(String text) {
            return text;
        }
    }
}
