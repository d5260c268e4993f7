package dev.cpv.graph;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the partner's application proves who it is (a client secret or a certificate), and the refresh token of the
 * partner's service account. Immutable but for the store.
 */
public final class AppCredentials {
    private final RefreshTokenStore refreshTokens;
    private final @Nullable String secret;
    private final @Nullable PrivateKey key;
    private final @Nullable X509Certificate certificate;

    private AppCredentials(
            RefreshTokenStore refreshTokens,
            @Nullable String secret,
            @Nullable PrivateKey key,
            @Nullable X509Certificate certificate) {
        this.refreshTokens = Objects.requireNonNull(refreshTokens, "refreshTokens");
        this.secret = secret;
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * Proves by a client secret.
     *
     * @param clientSecret the secret's value
     * @param refreshTokens holds the refresh token
     * @return the tokens
     * @throws IllegalArgumentException if the secret is blank
     */
    public static AppCredentials withSecret(String clientSecret, RefreshTokenStore refreshTokens) {
        if (Objects.requireNonNull(clientSecret, "clientSecret").isBlank()) {
            throw new IllegalArgumentException("The client secret must not be blank");
        }
        return new AppCredentials(refreshTokens, clientSecret, null, null);
    }

    /**
     * Proves by a certificate.
     *
     * @param key the certificate's private key
     * @param certificate the certificate that is registered with the application
     * @param refreshTokens holds the refresh token
     * @return the tokens
     */
    public static AppCredentials withCertificate(
            PrivateKey key, X509Certificate certificate, RefreshTokenStore refreshTokens) {
        return new AppCredentials(
                refreshTokens,
                null,
                Objects.requireNonNull(key, "key"),
                Objects.requireNonNull(certificate, "certificate"));
    }

    /**
     * Proves by the certificate in a PKCS #12 file.
     *
     * @param pkcs12 a file with one private key and its certificate
     * @param password the file's password
     * @param refreshTokens holds the refresh token
     * @return the tokens
     * @throws IllegalArgumentException if the file is no such, or the password is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static AppCredentials withCertificate(Path pkcs12, char[] password, RefreshTokenStore refreshTokens) {
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
                    return withCertificate(found, its, refreshTokens);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificate file " + pkcs12 + " is no PKCS #12 file, or the password is wrong", e);
        }
        throw new IllegalArgumentException(
                "The certificate file " + pkcs12 + " holds no private key with a certificate");
    }

    /**
     * Returns where the refresh token is.
     *
     * @return the store
     */
    public RefreshTokenStore refreshTokens() {
        return refreshTokens;
    }

    /**
     * Returns the client secret.
     *
     * @return the secret, or empty if a certificate is used
     */
    public Optional<String> clientSecret() {
        return Optional.ofNullable(secret);
    }

    /**
     * Returns the certificate's private key.
     *
     * @return the key, or empty if a secret is used
     */
    public Optional<PrivateKey> key() {
        return Optional.ofNullable(key);
    }

    /**
     * Returns the certificate.
     *
     * @return the certificate, or empty if a secret is used
     */
    public Optional<X509Certificate> certificate() {
        return Optional.ofNullable(certificate);
    }

    /** Tells the kind of proof alone: the rest is secret. */
    @Override
    public String toString() {
        return "AppCredentials[" + (secret == null ? "certificate" : "secret") + "]";
    }
}
