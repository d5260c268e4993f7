package dev.cpv.graph.simulator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A key with its certificate, made for tests: for client assertions, for https on {@code localhost}, and for the
 * signature of web hooks. Immutable and thread-safe; its text does not show the key.
 */
public final class SimulatedCertificate {
    private static final String SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    private static final Duration LIFE = Duration.ofDays(3650);
    private static final int KEY_BITS = 2048;

    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;

    private SimulatedCertificate(PrivateKey privateKey, List<X509Certificate> chain) {
        this.privateKey = privateKey;
        this.chain = List.copyOf(chain);
    }

    /**
     * Creates a key and a self-signed certificate. It names {@code localhost} and 127.0.0.1, and may sign others.
     *
     * @param commonName the name that it certifies
     * @param now its validity starts one day earlier and lasts ten years
     * @return a new certificate
     */
    public static SimulatedCertificate selfSigned(String commonName, Instant now) {
        KeyPair pair = newKey();
        byte[] name = name("Simulated authority", commonName);
        X509Certificate certificate = make(name, name, pair, pair.getPrivate(), now);
        return new SimulatedCertificate(pair.getPrivate(), List.of(certificate));
    }

    /**
     * Creates a key and a certificate that this one signs.
     *
     * @param organisation the organisation that it names
     * @param commonName the name that it certifies
     * @param now from when it is valid, less a day
     * @return a new certificate with this one's chain after it
     */
    public SimulatedCertificate issue(String organisation, String commonName, Instant now) {
        KeyPair pair = newKey();
        byte[] issuer = certificate().getSubjectX500Principal().getEncoded();
        List<X509Certificate> longer = new ArrayList<>();
        longer.add(make(issuer, name(organisation, commonName), pair, privateKey, now));
        longer.addAll(chain);
        return new SimulatedCertificate(pair.getPrivate(), longer);
    }

    /**
     * The key.
     *
     * @return the private key
     */
    public PrivateKey privateKey() {
        return privateKey;
    }

    /**
     * The certificate.
     *
     * @return the certificate of the key
     */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * The certificate chain.
     *
     * @return the chain, the certificate of the key first
     */
    public List<X509Certificate> chain() {
        return chain;
    }

    /**
     * Writes key and chain as a PKCS #12 file.
     *
     * @param file the file, overwritten if it is there
     * @param password the password of file and key
     * @throws IOException if the file cannot be written
     */
    public void writePkcs12(Path file, String password) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", privateKey, password.toCharArray(), chain.toArray(new Certificate[0]));
            store.store(out, password.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate as PEM text. */
    String pem() {
        try {
            Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
            return "-----BEGIN CERTIFICATE-----\n"
                    + encoder.encodeToString(certificate().getEncoded()) + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs text with RSA-SHA256. */
    String sign(String text) {
        return Base64.getEncoder().encodeToString(sign(privateKey, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate make(byte[] issuer, byte[] subject, KeyPair pair, PrivateKey signer, Instant now) {
        byte[] algorithm = Der.sequence(Der.oid(SHA256_WITH_RSA), Der.nothing());
        Instant from = now.minus(Duration.ofDays(1));
        byte[] content = Der.sequence(
                Der.item(0xA0, Der.integer(BigInteger.TWO)),
                Der.integer(serial(pair)),
                algorithm,
                issuer,
                Der.sequence(Der.time(from), Der.time(from.plus(LIFE))),
                subject,
                pair.getPublic().getEncoded(),
                Der.item(0xA3, Der.sequence(basicConstraints(), subjectAlternativeName())));
        byte[] encoded = Der.sequence(content, algorithm, Der.bits(sign(signer, content)));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger serial(KeyPair pair) {
        byte[] key = pair.getPublic().getEncoded();
        return new BigInteger(1, Arrays.copyOfRange(key, key.length - 20, key.length - 8));
    }

    private static byte[] basicConstraints() {
        byte[] value = Der.sequence(Der.truth());
        return Der.sequence(Der.oid("2.5.29.19"), Der.truth(), Der.octets(value));
    }

    private static byte[] subjectAlternativeName() {
        byte[] host = Der.item(0x82, "localhost".getBytes(StandardCharsets.US_ASCII));
        byte[] address = Der.item(0x87, new byte[] {127, 0, 0, 1});
        return Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(host, address)));
    }

    private static byte[] name(String organisation, String commonName) {
        return Der.sequence(
                Der.set(Der.sequence(Der.oid("2.5.4.10"), Der.text(organisation))),
                Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(commonName))));
    }

    @Override
    public String toString() {
        return "SimulatedCertificate[" + certificate().getSubjectX500Principal() + "]";
    }
}
