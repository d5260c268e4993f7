package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Partner Center's web hooks: one registration for the partner. Events are signed and are delivered when a test calls
 * {@code deliver}. Thread-safe; a delivery runs in the calling thread and is retried at once, ten attempts by default,
 * until the answer is 2xx.
 */
public final class Webhooks {
    /** The event that a customer approved a relationship; the best signal of a new tenant. */
    public static final String RELATIONSHIP_APPROVED = "granular-admin-relationship-approved";

    /** The event that a relationship was terminated. */
    public static final String RELATIONSHIP_TERMINATED = "granular-admin-relationship-terminated";

    /** The event that a validation sends. */
    public static final String TEST_CREATED = "test-created";

    static final String CERTIFICATE_PATH = "/certificates/pcnotifications-dispatch.microsoft.com.cer";
    static final String AUDIT_PATH = "/auditactivity/v1/auditrecords/";

    private static final Set<String> EVENTS = Set.of(
            TEST_CREATED,
            RELATIONSHIP_APPROVED,
            RELATIONSHIP_TERMINATED,
            "granular-admin-relationship-activated",
            "granular-admin-relationship-expired",
            "granular-admin-access-assignment-created",
            "granular-admin-access-assignment-activated",
            "granular-admin-access-assignment-updated",
            "granular-admin-access-assignment-deleted",
            "reseller-relationship-accepted-by-customer",
            "indirect-reseller-relationship-accepted-by-customer",
            "dap-admin-relationship-approved",
            "dap-admin-relationship-terminated",
            "dap-admin-relationship-terminated-by-microsoft",
            "subscription-updated");
    private static final Duration VALIDATION_WINDOW = Duration.ofMinutes(1);
    private static final Duration VALIDATION_KEPT = Duration.ofDays(7);
    private static final int VALIDATIONS_PER_WINDOW = 2;
    private static final int TIMEOUT_MILLIS = 10_000;

    /** Sends one delivery to its callback. */
    @FunctionalInterface
    public interface Transport {
        /**
         * Sends a POST.
         *
         * @param url the callback
         * @param headers the headers, including signature and certificate
         * @param body the JSON body
         * @return the HTTP status of the answer
         * @throws IOException if there was no answer
         */
        int post(URI url, Map<String, String> headers, String body) throws IOException;
    }

    private record Registration(String subscriberId, String url, List<String> events, boolean ownHeader) {}

    private record Validation(String correlationId, String url, List<Integer> statuses, Instant at) {}

    private record Keys(SimulatedCertificate root, SimulatedCertificate signer) {}

    private final World world;
    private final String baseUrl;
    private final ReentrantLock keysLock = new ReentrantLock();
    private final ConcurrentMap<String, ObjectNode> auditRecords = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Validation> validations = new ConcurrentHashMap<>();
    private final RateWindow validationRate = new RateWindow(VALIDATION_WINDOW);
    private volatile @Nullable Registration registration;
    private volatile @Nullable Keys keys;
    private volatile Transport transport = Webhooks::send;

    Webhooks(World world, String baseUrl) {
        this.world = world;
        this.baseUrl = baseUrl;
    }

    // For tests

    /**
     * Replaces the transport of deliveries.
     *
     * @param value the transport; plain HTTP to the registered URL at first
     * @return this
     */
    public Webhooks transport(Transport value) {
        transport = value;
        return this;
    }

    /**
     * Registers for all events, instead of the request that a partner's tool sends.
     *
     * @param url the callback
     * @return this
     */
    public Webhooks register(String url) {
        registration = new Registration(world.partner().id(), url, List.copyOf(EVENTS), false);
        return this;
    }

    /**
     * The root of the signing certificates; a test trusts it instead of Microsoft's root.
     *
     * @return the root certificate
     */
    public X509Certificate rootCertificate() {
        return keys().root().certificate();
    }

    /**
     * Signs any body in the way deliveries are signed.
     *
     * @param body the body
     * @return the signature as base64
     */
    public String signature(String body) {
        return keys().signer().sign(body);
    }

    /**
     * The URL that is registered now.
     *
     * @return the callback; empty if there is no registration
     */
    public Optional<String> registeredUrl() {
        return Optional.ofNullable(registration).map(Registration::url);
    }

    /**
     * Sends an event about a relationship, with a link to an audit record.
     *
     * @param event the name of the event
     * @param relationship the relationship
     * @return the status of every attempt, 0 for one without an answer; empty if the event is not registered
     */
    public List<Integer> deliver(String event, GdapRelationship relationship) {
        ObjectNode audit = Json.object();
        audit.put("partnerId", world.partner().id());
        audit.put("customerId", relationship.tenantId());
        audit.put("resourceType", "granular_admin_relationship");
        audit.put("operationDate", world.now().toString());
        ObjectNode value = Json.object();
        value.put("Id", relationship.id());
        value.putObject("customer").put("organizationDisplayName", name(relationship.tenantId()));
        audit.put("resourceNewValue", value.toString());
        String auditId = world.nextId();
        auditRecords.put(auditId, audit);
        return deliver(
                event,
                "GranularAdminRelationship",
                "https://partner.microsoft.com/granularAdminRelationships/" + relationship.id(),
                baseUrl + AUDIT_PATH + auditId);
    }

    /**
     * Sends any event.
     *
     * @param event the name of the event
     * @param resourceName the kind of resource
     * @param resourceUri the resource
     * @param auditUri where its audit record is, or null
     * @return the status of every attempt, 0 for one without an answer; empty if the event is not registered
     */
    public List<Integer> deliver(String event, String resourceName, String resourceUri, @Nullable String auditUri) {
        Registration target = registration;
        if (target == null || !target.events().contains(event)) {
            return List.of();
        }
        ObjectNode body = Json.object();
        body.put("EventName", event);
        body.put("ResourceUri", resourceUri);
        body.put("ResourceName", resourceName);
        body.put("AuditUri", auditUri);
        body.put("ResourceChangeUtcDate", world.now().toString());
        return attempt(target, body.toString());
    }

    private List<Integer> attempt(Registration target, String body) {
        Map<String, String> headers = new TreeMap<>();
        String signature = keys().signer().sign(body);
        headers.put("Content-Type", "application/json");
        headers.put("X-MS-Certificate-Url", baseUrl + CERTIFICATE_PATH);
        headers.put("X-MS-Signature-Algorithm", "rsa-sha256");
        headers.put(
                target.ownHeader() ? "x-ms-signature" : "Authorization",
                target.ownHeader() ? signature : "Signature " + signature);
        List<Integer> statuses = new ArrayList<>();
        boolean delivered = false;
        while (!delivered && statuses.size() < world.partnerBehaviour().webhookAttempts()) {
            int status = post(target.url(), headers, body);
            statuses.add(status);
            delivered = status >= 200 && status < 300;
        }
        return statuses;
    }

    private int post(String url, Map<String, String> headers, String body) {
        try {
            return transport.post(URI.create(url), headers, body);
        } catch (IOException e) {
            return 0;
        }
    }

    private static int send(URI url, Map<String, String> headers, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        try {
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            headers.forEach(connection::setRequestProperty);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private String name(String tenantId) {
        return world.tenant(tenantId).map(SimulatedTenant::displayName).orElse("");
    }

    /** Creates the keys when they are first needed, because that takes time. */
    private Keys keys() {
        keysLock.lock();
        try {
            Keys made = keys;
            if (made == null) {
                Instant now = world.now();
                SimulatedCertificate root = SimulatedCertificate.selfSigned("Simulated Microsoft Root", now);
                made = new Keys(
                        root, root.issue("Microsoft Corporation", "pcnotifications-dispatch.microsoft.com", now));
                keys = made;
            }
            return made;
        } finally {
            keysLock.unlock();
        }
    }

    // For Partner Center

    WireAnswer certificate() {
        return WireAnswer.text(200, "application/pkix-cert", keys().signer().pem());
    }

    WireAnswer auditRecord(String id) {
        ObjectNode audit = auditRecords.get(id);
        if (audit == null) {
            throw PartnerCenterErrors.notFound();
        }
        ObjectNode body = Json.object();
        body.put("totalCount", 1);
        body.putArray("items").add(audit);
        return WireAnswer.json(200, body);
    }

    /** Answers the operation after {@code /webhooks/v1/registration}. */
    WireAnswer answer(WireRequest request, String operation) {
        String call = request.method() + " " + operation;
        return switch (call) {
            case "GET /events" ->
                WireAnswer.json(200, Json.array(EVENTS.stream().sorted().toList()));
            case "GET " -> WireAnswer.json(200, json(registered()));
            case "POST ", "PUT " -> register(request);
            case "POST /validationEvents" -> validate();
            default -> {
                if (call.startsWith("GET /validationEvents/")) {
                    yield validation(operation.substring("/validationEvents/".length()));
                }
                throw PartnerCenterErrors.of(405, "405", "Method not allowed");
            }
        };
    }

    private Registration registered() {
        Registration current = registration;
        if (current == null) {
            throw PartnerCenterErrors.notFound();
        }
        return current;
    }

    private WireAnswer register(WireRequest request) {
        ObjectNode body = Json.parseObject(request.body())
                .orElseThrow(() -> PartnerCenterErrors.invalid("the body is not a JSON object"));
        String url = Json.member(body, "WebhookUrl").asText();
        List<String> events = new ArrayList<>();
        for (JsonNode event : Json.member(body, "WebhookEvents")) {
            if (!EVENTS.contains(event.asText())) {
                throw PartnerCenterErrors.invalid("WebhookEvents " + event.asText());
            }
            events.add(event.asText());
        }
        if (url.isEmpty() || events.isEmpty()) {
            throw PartnerCenterErrors.invalid("WebhookUrl and WebhookEvents are required");
        }
        boolean ownHeader =
                Json.member(body, "SignatureTokenToMsSignatureHeader").asBoolean(false);
        Registration made = new Registration(world.partner().id(), url, List.copyOf(events), ownHeader);
        registration = made;
        return WireAnswer.json(200, json(made));
    }

    private static ObjectNode json(Registration registration) {
        ObjectNode body = Json.object();
        body.put("SubscriberId", registration.subscriberId());
        body.put("WebhookUrl", registration.url());
        body.set("WebhookEvents", Json.array(registration.events()));
        return body;
    }

    private WireAnswer validate() {
        Registration target = registered();
        if (!target.events().contains(TEST_CREATED)) {
            throw PartnerCenterErrors.invalid("test-created is not registered");
        }
        if (validationRate.exceeded("partner", VALIDATIONS_PER_WINDOW, world.now())) {
            throw PartnerCenterErrors.throttled((int) VALIDATION_WINDOW.toSeconds());
        }
        String correlationId = world.nextId();
        List<Integer> statuses = deliver(TEST_CREATED, "test", "https://partner.microsoft.com/test", null);
        validations.put(correlationId, new Validation(correlationId, target.url(), statuses, world.now()));
        return WireAnswer.json(200, Json.object().put("correlationId", correlationId));
    }

    private WireAnswer validation(String correlationId) {
        Validation validation = validations.get(correlationId);
        if (validation == null || !world.now().isBefore(validation.at().plus(VALIDATION_KEPT))) {
            throw PartnerCenterErrors.notFound();
        }
        ObjectNode body = Json.object();
        body.put("correlationId", correlationId);
        body.put("partnerId", world.partner().id());
        body.put("status", "completed");
        body.put("callbackUrl", validation.url());
        for (int status : validation.statuses()) {
            ObjectNode result = body.withArray("results").addObject();
            result.put("responseCode", status >= 200 && status < 300 ? "OK" : Integer.toString(status));
            result.put("responseMessage", "");
            result.put("systemError", status == 0);
            result.put("dateTimeUtc", validation.at().toString());
        }
        return WireAnswer.json(200, body);
    }
}
