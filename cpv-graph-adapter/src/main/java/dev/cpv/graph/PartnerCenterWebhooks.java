package dev.cpv.graph;

import dev.cpv.graph.internal.catalog.Relationship;
import dev.cpv.graph.internal.catalog.Relationship.Standing;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.webhook.Notification;
import dev.cpv.graph.internal.webhook.RefusedDeliveryException;
import dev.cpv.graph.internal.webhook.SeenEvents;
import dev.cpv.graph.internal.webhook.Signature;
import dev.cpv.graph.internal.webhook.SigningCertificates;
import dev.cpv.model.Cancellation;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Verifies and reads the deliveries of Partner Center's webhooks, and returns the tenant to refresh because of each: see
 * https://learn.microsoft.com/partner-center/developer/partner-center-webhooks. This class is no server: pass it headers and body
 * of the requests that your own server receives, and respond with the verdict's status.
 *
 * <pre>{@code
 * WebhookResult result = webhooks.receive(headers, body);
 * result.event().flatMap(PartnerEvent::tenantToRefresh).ifPresent(tenant -> refreshLater(tenant));
 * return result.verdict().httpStatus();
 * }</pre>
 *
 * <p>A delivery is accepted if it is signed with a certificate of Microsoft Corporation that chains to a trust anchor and is
 * published at Microsoft's URL, if it is not older than three days, and if it was not accepted before. Every other delivery is
 * refused and counted. Of the URLs in a delivery only the certificate's is requested, and only at that one URL prefix.
 *
 * <p>Accepted events are remembered in memory: after a restart a replay can be accepted once more, which costs a refresh and does
 * no harm. {@link #receive} blocks for a certificate and for at most one request to Graph. Thread-safe.
 */
public final class PartnerCenterWebhooks implements AutoCloseable {
    /** An event takes less than a thousand bytes. */
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);

    private final GraphTenantDirectory directory;
    private final Duration propagation;
    private final SeenEvents seen;
    private final Wire wire;
    private final SigningCertificates certificates;
    private final Map<WebhookVerdict, LongAdder> counts = new EnumMap<>(WebhookVerdict.class);

    private PartnerCenterWebhooks(Builder builder) {
        directory = builder.directory;
        propagation = builder.propagation;
        seen = new SeenEvents(builder.window, builder.remembered);
        wire = new Wire(List.of(builder.certificates), directory.clock());
        Collection<X509Certificate> anchors = builder.trustAnchors;
        certificates = new SigningCertificates(
                builder.certificates,
                anchors == null ? SigningCertificates.anchorsOfTheJdk() : anchors,
                builder.intermediates,
                wire);
        for (WebhookVerdict verdict : WebhookVerdict.values()) {
            counts.put(verdict, new LongAdder());
        }
    }

    /**
     * Starts webhooks.
     *
     * @param directory the directory whose partner, tokens and clock are used to look up relationships; it has to stay open
     * @return a builder
     */
    public static Builder builder(GraphTenantDirectory directory) {
        return new Builder(directory);
    }

    /**
     * Verifies and reads one delivery. Throws nothing for any content of a delivery or for any answer of a service.
     *
     * @param headers the request's headers, by name in any case
     * @param body the request's body, byte for byte as received
     * @return the result
     */
    public WebhookResult receive(Map<String, String> headers, byte[] body) {
        WebhookResult result = verify(headers, body);
        Objects.requireNonNull(counts.get(result.verdict())).increment();
        return result;
    }

    private WebhookResult verify(Map<String, String> headers, byte[] body) {
        try {
            PartnerEvent event = read(headers, body);
            return new WebhookResult(WebhookVerdict.ACCEPTED, "The event " + event + " was accepted", event, null);
        } catch (RefusedDeliveryException e) {
            return new WebhookResult(e.verdict(), String.valueOf(e.getMessage()), null, null);
        } catch (TenantDirectoryException e) {
            return new WebhookResult(
                    WebhookVerdict.LOOKUP_FAILED, "The relationship could not be looked up", null, e.failure());
        }
    }

    private PartnerEvent read(Map<String, String> headers, byte[] body) throws RefusedDeliveryException {
        if (body.length > MAX_BODY_BYTES) {
            throw new RefusedDeliveryException(
                    WebhookVerdict.TOO_LARGE, "The delivery has more than " + MAX_BODY_BYTES + " bytes", null);
        }
        Signature signature = Signature.parse(headers);
        RefreshContext context = directory.startPartnerOperation(LONGEST_LOOK, new Cancellation());
        signature.verify(certificates.key(signature.certificateUrl(), context, now()), body);
        Notification notification = Notification.parse(body);
        String digest = digest(body);
        seen.requireNew(notification.changedAt(), digest, now());
        PartnerEvent event = event(notification, context);
        // Remembered last, so that an event whose tenant could not be determined may be delivered again.
        seen.remember(notification.changedAt(), digest, now());
        return event;
    }

    private PartnerEvent event(Notification notification, RefreshContext context) throws RefusedDeliveryException {
        PartnerEvent.Kind kind = kind(notification.name());
        return switch (kind) {
            case ACCESS_GRANTED -> granted(notification, relationship(notification, context));
            case ACCESS_ENDED ->
                concluded(
                        notification, kind, relationship(notification, context).flatMap(Relationship::customer));
            case LICENCES_CHANGED, CUSTOMER_ACCEPTED, TEST, OTHER ->
                concluded(notification, kind, notification.customer());
        };
    }

    private static PartnerEvent.Kind kind(String event) {
        return switch (event) {
            case "granular-admin-relationship-approved",
                    "granular-admin-relationship-activated",
                    "granular-admin-access-assignment-created",
                    "granular-admin-access-assignment-activated",
                    "granular-admin-access-assignment-updated" -> PartnerEvent.Kind.ACCESS_GRANTED;
            case "granular-admin-relationship-terminated",
                    "granular-admin-relationship-expired",
                    "granular-admin-access-assignment-deleted" -> PartnerEvent.Kind.ACCESS_ENDED;
            case "subscription-updated" -> PartnerEvent.Kind.LICENCES_CHANGED;
            case "reseller-relationship-accepted-by-customer", "indirect-reseller-relationship-accepted-by-customer" ->
                PartnerEvent.Kind.CUSTOMER_ACCEPTED;
            case "test-created" -> PartnerEvent.Kind.TEST;
            default -> PartnerEvent.Kind.OTHER;
        };
    }

    private Optional<Relationship> relationship(Notification notification, RefreshContext context) {
        return notification
                .relationship()
                .flatMap(id -> directory.relationships().find(context, id));
    }

    private PartnerEvent granted(Notification notification, Optional<Relationship> found)
            throws RefusedDeliveryException {
        Relationship relationship = found.filter(known -> known.customer().isPresent())
                .orElseThrow(() -> new RefusedDeliveryException(
                        WebhookVerdict.LOOKUP_FAILED, "Graph does not have the event's relationship yet", null));
        Instant now = now();
        Standing standing = relationship.standing(now, propagation);
        boolean works = standing == Standing.USABLE || standing == Standing.NOT_READY || standing == Standing.PENDING;
        return new PartnerEvent(
                notification.name(),
                PartnerEvent.Kind.ACCESS_GRANTED,
                notification.changedAt(),
                relationship.customer().orElse(null),
                works,
                notBefore(notification, relationship, now));
    }

    /**
     * Access works some time after the change and after the activation of the relationship, which is taken as now if it is
     * pending.
     */
    private Instant notBefore(Notification notification, Relationship relationship, Instant now) {
        Instant afterChange = notification.changedAt().plus(propagation);
        Instant afterActivation = relationship.readyAt(propagation).orElse(now.plus(propagation));
        return Collections.max(Arrays.asList(now, afterChange, afterActivation));
    }

    private PartnerEvent concluded(Notification notification, PartnerEvent.Kind kind, Optional<TenantId> tenant) {
        return new PartnerEvent(
                notification.name(),
                kind,
                notification.changedAt(),
                tenant.orElse(null),
                kind == PartnerEvent.Kind.LICENCES_CHANGED,
                now());
    }

    private Instant now() {
        return directory.clock().instant();
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * Returns the number of deliveries with each verdict since this object was built.
     *
     * @return a count for every verdict
     */
    public Map<WebhookVerdict, Long> counts() {
        Map<WebhookVerdict, Long> copy = new EnumMap<>(WebhookVerdict.class);
        counts.forEach((verdict, count) -> copy.put(verdict, count.sum()));
        return copy;
    }

    /** Closes connections. The directory stays open. */
    @Override
    public void close() {
        wire.close();
    }

    /** Builds webhooks. Everything has a default. Not thread-safe. */
    public static final class Builder {
        private final GraphTenantDirectory directory;
        private URI certificates = URI.create("https://3psostorageacct.blob.core.windows.net/cert");
        private @Nullable Collection<X509Certificate> trustAnchors;
        private Collection<X509Certificate> intermediates = List.of();
        private Duration window = Duration.ofDays(3);
        private int remembered = 10_000;
        private Duration propagation = Relationship.PROPAGATION;

        private Builder(GraphTenantDirectory directory) {
            this.directory = directory;
        }

        /**
         * Sets the only URL prefix from which certificates are fetched.
         *
         * @param url the prefix of their URLs; https, or http to loopback; the default is the one in Microsoft's documentation
         * @return this builder
         * @throws IllegalArgumentException if the URL is not of that kind
         */
        public Builder certificatesFrom(URI url) {
            certificates = MicrosoftCloud.checked("certificates' URL", url);
            return this;
        }

        /**
         * Sets the trust anchors.
         *
         * @param values root certificates, at least one; the default is the JDK's trust store
         * @return this builder
         * @throws IllegalArgumentException if there are none
         */
        public Builder trustAnchors(Collection<X509Certificate> values) {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("At least one trust anchor is needed");
            }
            trustAnchors = List.copyOf(values);
            return this;
        }

        /**
         * Adds issuing authorities between a certificate and a trust anchor, for certificates that are published without their
         * chain.
         *
         * @param values certificates of issuing authorities
         * @return this builder
         */
        public Builder intermediates(Collection<X509Certificate> values) {
            intermediates = List.copyOf(values);
            return this;
        }

        /**
         * Sets how old an event may be.
         *
         * @param value the default is three days: Partner Center retries up to ten times, and reports some changes late
         * @return this builder
         * @throws IllegalArgumentException if it is not more than zero
         */
        public Builder window(Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("window must be more than zero: " + value);
            }
            window = value;
            return this;
        }

        /**
         * Sets how many events are remembered to detect replays. If more arrive within the window, events that are as old as the
         * forgotten ones are refused.
         *
         * @param value the default is 10,000
         * @return this builder
         * @throws IllegalArgumentException if it is less than one
         */
        public Builder remembered(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("remembered must be 1 or more: " + value);
            }
            remembered = value;
            return this;
        }

        /**
         * Sets how long new access takes to work everywhere, see {@link PartnerEvent#notBefore}.
         *
         * @param value the default is 15 minutes
         * @return this builder
         * @throws IllegalArgumentException if it is less than zero
         */
        public Builder propagation(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("propagation must not be less than zero: " + value);
            }
            propagation = value;
            return this;
        }

        /**
         * Builds the webhooks. Nothing is sent yet.
         *
         * @return the webhooks, to be closed by the caller
         */
        public PartnerCenterWebhooks build() {
            return new PartnerCenterWebhooks(this);
        }
    }
}
