package dev.cpv.graph.internal.webhook;

import dev.cpv.graph.WebhookVerdict;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireRequest;
import dev.cpv.spi.RefreshContext;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the certificates that deliveries are signed with, from only one URL prefix, and trusts those of one organisation that
 * chain to a trust anchor. Revocation is not checked: the certificates are published by Microsoft, and each is used for at most
 * an hour. Thread-safe; no lock is held while a certificate is fetched.
 */
public final class SigningCertificates {
    private static final String ORGANISATION = "Microsoft Corporation";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final int MAX_URL = 500;
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_CHAIN = 8;
    private static final int MAX_KEPT = 8;
    private static final Duration KEPT = Duration.ofHours(1);

    /** Anybody can name certificates in a request with a wrong signature; at most this many a minute are fetched. */
    private static final int FETCHES_A_MINUTE = 20;

    private final URI place;
    private final Set<TrustAnchor> anchors;
    private final List<X509Certificate> intermediates;
    private final Wire wire;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private Instant minute = Instant.MIN;
    private int fetches;

    /**
     * Creates an empty cache.
     *
     * @param place the prefix of every certificate's URL
     * @param anchors the trust anchors
     * @param intermediates issuing authorities, besides those published with a certificate
     * @param wire sends requests to that place
     */
    public SigningCertificates(
            URI place, Collection<X509Certificate> anchors, Collection<X509Certificate> intermediates, Wire wire) {
        this.place = place;
        this.anchors =
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toUnmodifiableSet());
        this.intermediates = List.copyOf(intermediates);
        this.wire = wire;
    }

    /**
     * Returns the trust anchors of the JDK.
     *
     * @return the root certificates of its trust store
     */
    public static Collection<X509Certificate> anchorsOfTheJdk() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((@Nullable KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .flatMap(manager -> Arrays.stream(manager.getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK's trust store cannot be read", e);
        }
    }

    /**
     * Returns the key of a certificate that is trusted now.
     *
     * @param url the certificate's URL in the delivery
     * @param context the operation, whose deadline bounds a fetch
     * @param now the current time
     * @return the key
     * @throws RefusedDeliveryException if there is none, or it is not trusted
     */
    public PublicKey key(String url, RefreshContext context, Instant now) throws RefusedDeliveryException {
        URI where = allowed(url);
        Optional<Entry> kept = find(where, now);
        X509Certificate certificate =
                kept.isPresent() ? kept.get().certificate() : trusted(fetch(where, context, now), now);
        requireValid(certificate, now);
        if (kept.isEmpty()) {
            keep(where, new Entry(certificate, now));
        }
        return certificate.getPublicKey();
    }

    /** Accepts only a plain path below the prefix, without any spelling that a server might read as another path. */
    private URI allowed(String url) throws RefusedDeliveryException {
        try {
            URI where = URI.create(url.length() > MAX_URL ? "" : url);
            boolean plain = where.getRawUserInfo() == null
                    && where.getRawQuery() == null
                    && where.getRawFragment() == null
                    && where.getHost() != null
                    && PATH.matcher(where.getRawPath()).matches();
            if (plain
                    && Wire.origin(where).equals(Wire.origin(place))
                    && where.getRawPath().startsWith(place.getRawPath() + "/")) {
                return where;
            }
        } catch (IllegalArgumentException e) {
            throw refused("The certificate's URL is not a URL", e);
        }
        throw refused("The certificate's URL is not one of Microsoft's", null);
    }

    // Keeping

    private Optional<Entry> find(URI where, Instant now) {
        lock.lock();
        try {
            return Optional.ofNullable(entries.get(where))
                    .filter(entry -> now.isBefore(entry.readAt().plus(KEPT)));
        } finally {
            lock.unlock();
        }
    }

    private void keep(URI where, Entry entry) {
        lock.lock();
        try {
            entries.put(where, entry);
            if (entries.size() > MAX_KEPT) {
                Iterator<URI> eldest = entries.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean mayFetch(Instant now) {
        lock.lock();
        try {
            if (!now.isBefore(minute.plusSeconds(60)) || now.isBefore(minute)) {
                minute = now;
                fetches = 0;
            }
            fetches++;
            return fetches <= FETCHES_A_MINUTE;
        } finally {
            lock.unlock();
        }
    }

    // Fetching: once, since Partner Center delivers again what it could not

    private List<X509Certificate> fetch(URI where, RefreshContext context, Instant now)
            throws RefusedDeliveryException {
        if (!mayFetch(now)) {
            throw unavailable("Too many certificates were requested within a minute", null);
        }
        try {
            WireAnswer answer = wire.sendForBytes(
                    new WireRequest("certificate", "GET", where, Map.of("Accept", "*/*"), null), context, MAX_BYTES);
            if (answer.status() != 200) {
                throw unavailable("The certificate could not be fetched: HTTP " + answer.status(), null);
            }
            return parse(answer.body().getBytes(StandardCharsets.ISO_8859_1));
        } catch (WireException e) {
            throw unavailable("The certificate could not be read", e);
        }
    }

    private static List<X509Certificate> parse(byte[] bytes) throws RefusedDeliveryException {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                chain.add((X509Certificate) certificate);
            }
            if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
                throw refused("The fetched file is not a certificate", null);
            }
            return chain;
        } catch (GeneralSecurityException | ClassCastException e) {
            throw refused("The fetched file is not a certificate", e);
        }
    }

    // Trusting

    private X509Certificate trusted(List<X509Certificate> chain, Instant now) throws RefusedDeliveryException {
        X509Certificate signer = chain.get(0);
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(signer);
            List<X509Certificate> known = new ArrayList<>(chain);
            known.addAll(intermediates);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            throw refused("The certificate does not chain to a trust anchor", e);
        }
        if (!organisations(signer).equals(List.of(ORGANISATION))) {
            throw refused("The certificate is not one of " + ORGANISATION, null);
        }
        return signer;
    }

    private static void requireValid(X509Certificate certificate, Instant now) throws RefusedDeliveryException {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (GeneralSecurityException e) {
            throw refused("The certificate is not valid at this time", e);
        }
    }

    /** Names are parsed, not searched: a match inside another value does not count. */
    private static List<String> organisations(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                @Nullable Attribute name = part.toAttributes().get("O");
                for (int i = 0; name != null && i < name.size(); i++) {
                    names.add(String.valueOf(name.get(i)));
                }
            }
        } catch (NamingException e) {
            return List.of();
        }
        return names;
    }

    private static RefusedDeliveryException refused(String message, @Nullable Throwable cause) {
        return new RefusedDeliveryException(WebhookVerdict.CERTIFICATE_REFUSED, message, cause);
    }

    private static RefusedDeliveryException unavailable(String message, @Nullable Throwable cause) {
        return new RefusedDeliveryException(WebhookVerdict.CERTIFICATE_UNAVAILABLE, message, cause);
    }

    private record Entry(X509Certificate certificate, Instant readAt) {}
}
