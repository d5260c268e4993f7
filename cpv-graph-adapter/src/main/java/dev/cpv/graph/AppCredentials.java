package dev.cpv.graph;

import dev.cpv.graph.internal.token.ClientProof;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * How the partner's application proves its identity (a client secret or a certificate), and the refresh token of the partner's
 * service account. No accessor and no text shows either of them. Immutable, except for the store.
 */
public final class AppCredentials {
    private final ClientProof proof;
    private final RefreshTokenStore refreshTokens;

    private AppCredentials(ClientProof proof, RefreshTokenStore refreshTokens) {
        this.proof = proof;
        this.refreshTokens = Objects.requireNonNull(refreshTokens, "refreshTokens");
    }

    /**
     * Returns credentials with a client secret.
     *
     * @param clientSecret the secret's value
     * @param refreshTokens holds the refresh token
     * @throws IllegalArgumentException if the secret is blank
     */
    public static AppCredentials withSecret(String clientSecret, RefreshTokenStore refreshTokens) {
        return new AppCredentials(ClientProof.secret(clientSecret), refreshTokens);
    }

    /**
     * Returns credentials with a certificate.
     *
     * @param key the certificate's private key
     * @param certificate the certificate that is registered with the application
     * @param refreshTokens holds the refresh token
     */
    public static AppCredentials withCertificate(
            PrivateKey key, X509Certificate certificate, RefreshTokenStore refreshTokens) {
        return new AppCredentials(ClientProof.certificate(key, certificate), refreshTokens);
    }

    /**
     * Returns credentials with the certificate in a PKCS #12 file.
     *
     * @param pkcs12 a file with one private key and its certificate
     * @param password the file's password
     * @param refreshTokens holds the refresh token
     * @throws IllegalArgumentException if the file is not PKCS #12 or holds no private key, or the password is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static AppCredentials withCertificate(Path pkcs12, char[] password, RefreshTokenStore refreshTokens) {
        return new AppCredentials(ClientProof.certificate(pkcs12, password), refreshTokens);
    }

    ClientProof proof() {
        return proof;
    }

    RefreshTokenStore refreshTokens() {
        return refreshTokens;
    }

    /** Returns the kind of proof without its secret. */
    @Override
    public String toString() {
        return "AppCredentials[" + proof + "]";
    }
}
