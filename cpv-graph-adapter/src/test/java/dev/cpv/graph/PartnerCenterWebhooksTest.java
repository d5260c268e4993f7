package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cpv.graph.PartnerEvent.Kind;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GdapRelationship;
import dev.cpv.graph.simulator.SimulatedCertificate;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Webhooks;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken from Partner Center's webhooks, what is refused, and what it comes to; over the wire. */
class PartnerCenterWebhooksTest {
    private static final String PLACE = "/certificates";
    private static final String TEST_EVENT = """
            {"EventName":"test-created","ResourceUri":"http://localhost:16722/v1/webhooks/registration/test",\
            "ResourceName":"test","AuditUri":null,"ResourceChangeUtcDate":"2026-11-20T00:00:00.3520276+00:00"}""";

    private final SimulatedPartner partner = new SimulatedPartner();
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final PartnerCenterWebhooks webhooks = builder().build();

    private record Delivery(Map<String, String> headers, String text) {
        Delivery with(String header, String value) {
            Map<String, String> changed = new HashMap<>(headers);
            changed.put(header, value);
            return new Delivery(changed, text);
        }

        Delivery with(String body) {
            return new Delivery(headers, body);
        }

        byte[] body() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    private PartnerCenterWebhooks.Builder builder() {
        return PartnerCenterWebhooks.builder(partner.directory)
                .certificatesFrom(URI.create(partner.simulator.partnerCenterUrl() + PLACE))
                .trustAnchors(List.of(partner.simulator.webhooks().rootCertificate()));
    }

    @BeforeEach
    void register() {
        partner.simulator.webhooks().register("https://msp.example/hook").transport((url, headers, body) -> {
            deliveries.add(new Delivery(headers, body));
            return 202;
        });
    }

    @AfterEach
    void stop() {
        webhooks.close();
        partner.close();
    }

    // What is taken

    @Test
    void anApprovedRelationshipIsATenantToRefreshOnceItWorks() {
        SimulatedTenant tenant = partner.simulator.addCustomer("New");
        partner.time.advance(Duration.ofMinutes(2));

        PartnerEvent event = taken(delivered(Webhooks.RELATIONSHIP_APPROVED, tenant));

        assertThat(event.kind()).isEqualTo(Kind.ACCESS_GRANTED);
        assertThat(event.name()).isEqualTo(Webhooks.RELATIONSHIP_APPROVED);
        assertThat(event.tenantToRefresh()).contains(TenantId.of(tenant.id()));
        assertThat(event.changedAt()).isEqualTo(partner.time.instant());
        assertThat(event.notBefore())
                .as("15 minutes after the later of activation and event")
                .isEqualTo(partner.time.instant().plus(Duration.ofMinutes(15)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPROVED", "ACTIVATING"})
    void aRelationshipThatIsNotActiveYetWillBeSoon(GdapRelationship.Status status) {
        SimulatedTenant tenant = partner.simulator.addCustomer("New").relationshipStatus(status);
        Delivery delivery = delivered(Webhooks.RELATIONSHIP_APPROVED, tenant);
        partner.time.advance(Duration.ofMinutes(5));

        PartnerEvent event = taken(delivery);

        assertThat(event.tenantToRefresh()).contains(TenantId.of(tenant.id()));
        assertThat(event.notBefore()).isEqualTo(partner.time.instant().plus(Duration.ofMinutes(15)));
    }

    @Test
    void anEventThatComesLateIsForNow() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Late");
        Delivery delivery = delivered("granular-admin-relationship-activated", tenant);
        partner.time.advance(Duration.ofHours(5));

        assertThat(taken(delivery).notBefore()).isEqualTo(partner.time.instant());
    }

    @Test
    void everyEventOfDelegatedAdministrationHasAKindAndATenant() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Fabrikam");
        Map<String, Kind> kinds = Map.of(
                "granular-admin-relationship-approved", Kind.ACCESS_GRANTED,
                "granular-admin-relationship-activated", Kind.ACCESS_GRANTED,
                "granular-admin-relationship-terminated", Kind.ACCESS_ENDED,
                "granular-admin-relationship-expired", Kind.ACCESS_ENDED,
                "granular-admin-access-assignment-created", Kind.ACCESS_GRANTED,
                "granular-admin-access-assignment-activated", Kind.ACCESS_GRANTED,
                "granular-admin-access-assignment-updated", Kind.ACCESS_GRANTED,
                "granular-admin-access-assignment-deleted", Kind.ACCESS_ENDED);

        kinds.forEach((name, kind) -> {
            PartnerEvent event = taken(delivered(name, tenant));
            assertThat(event.kind()).as(name).isEqualTo(kind);
            assertThat(event.tenant()).as(name).contains(TenantId.of(tenant.id()));
            assertThat(event.tenantToRefresh().isPresent()).as(name).isEqualTo(kind == Kind.ACCESS_GRANTED);
        });
    }

    @Test
    void aRelationshipIsFoundBehindItsAssignment() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Fabrikam");
        String relationship = tenant.relationships().get(0).id();

        PartnerEvent event = taken(delivered(
                "granular-admin-access-assignment-activated",
                "https://partner.microsoft.com/granularAdminRelationships/" + relationship + "/accessAssignments/x"));

        assertThat(event.tenantToRefresh()).contains(TenantId.of(tenant.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "subscription-updated, LICENCES_CHANGED, true",
        "reseller-relationship-accepted-by-customer, CUSTOMER_ACCEPTED, false",
        "dap-admin-relationship-approved, OTHER, false"
    })
    void aCustomerIsReadFromTheResource(String name, Kind kind, boolean refresh) {
        String customer = "0b7d5f4e-6c1a-4f0e-9d53-1a2b3c4d5e6f";

        PartnerEvent event = taken(delivered(
                name, "https://api.partnercenter.microsoft.com/v1/customers/" + customer + "/subscriptions/7"));

        assertThat(event.kind()).isEqualTo(kind);
        assertThat(event.tenant()).contains(TenantId.of(customer));
        assertThat(event.tenantToRefresh().isPresent()).isEqualTo(refresh);
        assertThat(event.notBefore()).isEqualTo(partner.time.instant());
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isZero();
    }

    @Test
    void aTestOfTheRegistrationIsTakenAndCallsForNothing() {
        PartnerEvent event = taken(signed(TEST_EVENT));

        assertThat(event.kind()).isEqualTo(Kind.TEST);
        assertThat(event.tenant()).isEmpty();
    }

    @Test
    void whatMicrosoftMadeFromAnOldRelationshipIsNothingToRefresh() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Led");
        tenant.updateRelationship(tenant.relationships().get(0).id(), old -> old.withDisplayName("MLT_1234"));

        assertThat(taken(delivered(Webhooks.RELATIONSHIP_APPROVED, tenant)).tenantToRefresh())
                .isEmpty();
    }

    @Test
    void theSignatureMayHaveAHeaderOfItsOwn() {
        Delivery delivery = signed(TEST_EVENT);
        String signature = String.valueOf(delivery.headers().get("Authorization"));
        Delivery moved = delivery.with("Authorization", "Bearer of.the.gateway")
                .with("X-Ms-Signature", signature.substring("Signature ".length()));

        assertThat(taken(moved).kind()).isEqualTo(Kind.TEST);
    }

    // What is refused

    @Test
    void aBodyThatWasChangedIsRefused() {
        Delivery delivery = signed(TEST_EVENT);

        assertRefused(delivery.with(TEST_EVENT + " "), WebhookVerdict.SIGNATURE_WRONG);
        assertRefused(
                delivery.with(TEST_EVENT.replace("test-created", "test-Created")), WebhookVerdict.SIGNATURE_WRONG);
        assertRefused(delivery.with("Authorization", "Signature AAAA"), WebhookVerdict.SIGNATURE_WRONG);
        assertThat(webhooks.counts())
                .containsEntry(WebhookVerdict.SIGNATURE_WRONG, 3L)
                .containsEntry(WebhookVerdict.ACCEPTED, 0L);
    }

    @Test
    void aDeliveryThatIsNotSignedAsAgreedIsRefused() {
        Delivery genuine = signed(TEST_EVENT);
        for (String value : List.of("", "Signature", "Signature ?", "Bearer AAAA", "AAAA")) {
            assertRefused(genuine.with("Authorization", value), WebhookVerdict.UNSIGNED);
        }
        for (String value : List.of("", "none", "rsa-sha1", "hmac-sha256")) {
            assertRefused(genuine.with("X-MS-Signature-Algorithm", value), WebhookVerdict.UNSIGNED);
        }
        assertRefused(genuine.with("X-MS-Certificate-Url", ""), WebhookVerdict.UNSIGNED);
        assertRefused(new Delivery(Map.of(), genuine.text()), WebhookVerdict.UNSIGNED);
        taken(genuine);
    }

    @Test
    void aCertificateElsewhereIsRefusedAndNotFetched() throws IOException {
        List<String> heard = new ArrayList<>();
        HttpServer foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            heard.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        foreign.start();
        try {
            String place = partner.simulator.partnerCenterUrl() + PLACE;
            String ours = place.replace("http://", "");
            int port = foreign.getAddress().getPort();
            for (String url : List.of(
                    "http://localhost:" + port + "/certificates/x.cer",
                    "http://" + ours + "@localhost:" + port + "/x.cer",
                    "https://" + ours + "/x.cer",
                    place,
                    place + "/",
                    place + "/../other/x.cer",
                    place + "/%2e%2e/other/x.cer",
                    place + "/x.cer?y=1",
                    place + "/x.cer#y",
                    place + "2/x.cer",
                    place + "//x.cer",
                    place + "/x\\y.cer",
                    "file:///etc/passwd",
                    "mailto:x",
                    "x.cer",
                    ":",
                    place + "/" + "x".repeat(600))) {
                assertRefused(signed(TEST_EVENT).with("X-MS-Certificate-Url", url), WebhookVerdict.CERTIFICATE_REFUSED);
            }
        } finally {
            foreign.stop(0);
        }
        assertThat(heard).isEmpty();
        assertThat(partner.simulator.journal().requests()).isEmpty();
    }

    @Test
    void byDefaultCertificatesComeFromMicrosoftsPlaceAlone() {
        try (PartnerCenterWebhooks standard =
                PartnerCenterWebhooks.builder(partner.directory).build()) {
            Delivery delivery = signed(TEST_EVENT);

            assertThat(standard.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.CERTIFICATE_REFUSED);
        }
    }

    @Test
    void aCertificateThatNoTrustedAuthorityVouchesForIsRefused() {
        SimulatedCertificate other = SimulatedCertificate.selfSigned("Other root", partner.time.instant());
        try (PartnerCenterWebhooks strict =
                builder().trustAnchors(List.of(other.certificate())).build()) {
            Delivery delivery = signed(TEST_EVENT);

            assertThat(strict.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.CERTIFICATE_REFUSED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Microsoft Corporation, ACCEPTED",
        "Microsoft Corporation Ltd, CERTIFICATE_REFUSED",
        "Fabrikam, CERTIFICATE_REFUSED",
        "'Fabrikam,O=Microsoft Corporation', CERTIFICATE_REFUSED",
        "'Fabrikam+O=Microsoft Corporation', CERTIFICATE_REFUSED"
    })
    void theCertificateHasToBeOneOfMicrosoft(String organisation, WebhookVerdict verdict) {
        SimulatedCertificate root = SimulatedCertificate.selfSigned("Root", partner.time.instant());
        SimulatedCertificate signer = root.issue(organisation, "O=Microsoft Corporation", partner.time.instant());
        try (PartnerCenterWebhooks trusting =
                builder().trustAnchors(List.of(root.certificate())).build()) {
            serve(pem(signer.certificate()));
            Delivery delivery = signedBy(signer, TEST_EVENT);

            assertThat(trusting.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(verdict);
        }
    }

    @Test
    void aCertificateMayComeWithoutItsChainWhereTheChainIsKnown() {
        SimulatedCertificate root = SimulatedCertificate.selfSigned("Root", partner.time.instant());
        SimulatedCertificate between = root.issue("Authority", "Between", partner.time.instant());
        SimulatedCertificate signer = between.issue("Microsoft Corporation", "Signer", partner.time.instant());
        Delivery delivery = signedBy(signer, TEST_EVENT);
        PartnerCenterWebhooks.Builder trusting = builder().trustAnchors(List.of(root.certificate()));

        try (PartnerCenterWebhooks alone = trusting.build();
                PartnerCenterWebhooks knowing =
                        trusting.intermediates(List.of(between.certificate())).build()) {
            serve(pem(signer.certificate()));
            assertThat(alone.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.CERTIFICATE_REFUSED);
            serve(pem(signer.certificate()) + pem(between.certificate()));
            assertThat(alone.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.ACCEPTED);
            serve(pem(signer.certificate()));
            assertThat(knowing.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.ACCEPTED);
        }
    }

    @Test
    void aCertificateMayBeBinary() throws IOException, CertificateEncodingException {
        SimulatedCertificate root = SimulatedCertificate.selfSigned("Root", partner.time.instant());
        SimulatedCertificate signer = root.issue("Microsoft Corporation", "Signer", partner.time.instant());
        byte[] der = signer.certificate().getEncoded();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/cert/", exchange -> {
            exchange.sendResponseHeaders(200, der.length);
            exchange.getResponseBody().write(der);
            exchange.close();
        });
        server.start();
        String place = "http://localhost:" + server.getAddress().getPort() + "/cert";
        try (PartnerCenterWebhooks trusting = builder()
                .certificatesFrom(URI.create(place))
                .trustAnchors(List.of(root.certificate()))
                .build()) {
            Delivery delivery = signedBy(signer, TEST_EVENT).with("X-MS-Certificate-Url", place + "/dispatch.cer");

            assertThat(trusting.receive(delivery.headers(), delivery.body()).verdict())
                    .isEqualTo(WebhookVerdict.ACCEPTED);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-30, 4000})
    void aCertificateThatIsNotValidNowIsRefused(long days) {
        Delivery delivery = signed(TEST_EVENT);
        partner.time.advance(Duration.ofDays(days));

        assertRefused(delivery, WebhookVerdict.CERTIFICATE_REFUSED);
    }

    @Test
    void aCertificateIsKeptForAnHour() {
        taken(signed(eventAt(partner.time.instant())));
        partner.time.advance(Duration.ofMinutes(59));
        taken(signed(eventAt(partner.time.instant())));
        assertThat(certificateRequests()).isEqualTo(1);

        partner.time.advance(Duration.ofMinutes(1));
        taken(signed(eventAt(partner.time.instant())));
        assertThat(certificateRequests()).isEqualTo(2);
    }

    @Test
    void whoeverNamesManyCertificatesGetsFewOfThemFetched() {
        for (int i = 0; i < 50; i++) {
            String url = partner.simulator.partnerCenterUrl() + PLACE + "/" + i + ".cer";
            receive(signed(TEST_EVENT).with("X-MS-Certificate-Url", url));
        }

        assertThat(certificateRequests()).isEqualTo(20);
        assertThat(webhooks.counts()).containsEntry(WebhookVerdict.CERTIFICATE_UNAVAILABLE, 50L);

        partner.time.advance(Duration.ofMinutes(1));
        taken(signed(TEST_EVENT));
    }

    @ParameterizedTest
    @CsvSource({"503, ''", "404, ''", "302, ''"})
    void aCertificateThatCannotBeHadNowMayComeLater(int status, String body) {
        partner.simulator
                .faults()
                .onAny(Endpoint.PARTNER_CENTER_OTHER)
                .respond(status, Map.of("Location", "http://localhost:1/x.cer"), body);
        Delivery delivery = signed(TEST_EVENT);

        assertRefused(delivery, WebhookVerdict.CERTIFICATE_UNAVAILABLE);
        assertThat(WebhookVerdict.CERTIFICATE_UNAVAILABLE.httpStatus()).isEqualTo(503);
        assertThat(taken(delivery).kind()).isEqualTo(Kind.TEST);
    }

    @Test
    void whatIsNoCertificateIsRefused() {
        Random random = new Random(20261121);
        String pem = pem(partner.simulator.webhooks().rootCertificate());
        for (String body : List.of("", "<html>", "-----BEGIN CERTIFICATE-----", pem.substring(0, 300), "0\u0082")) {
            serve(body);
            assertRefused(signed(TEST_EVENT), WebhookVerdict.CERTIFICATE_REFUSED);
            partner.time.advance(Duration.ofMinutes(1));
        }
        for (int round = 0; round < 40; round++) {
            StringBuilder broken = new StringBuilder(pem);
            broken.setCharAt(random.nextInt(broken.length()), (char) (33 + random.nextInt(90)));
            serve(broken.toString());
            assertThat(receive(signed(TEST_EVENT)).verdict()).isNotEqualTo(WebhookVerdict.ACCEPTED);
            partner.time.advance(Duration.ofHours(1));
        }
        serve("x".repeat(70_000));
        assertRefused(signed(TEST_EVENT), WebhookVerdict.CERTIFICATE_UNAVAILABLE);
    }

    @Test
    void whatIsSignedAndNoEventIsRefused() {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{}",
                "x",
                "{\"EventName\":7,\"ResourceChangeUtcDate\":\"2026-11-20T00:00:00Z\"}",
                "{\"EventName\":\"a b\",\"ResourceChangeUtcDate\":\"2026-11-20T00:00:00Z\"}",
                "{\"EventName\":\"test-created\"}",
                "{\"EventName\":\"test-created\",\"ResourceChangeUtcDate\":\"today\"}",
                "{\"EventName\":\"test-created\",\"EventName\":\"x\",\"ResourceChangeUtcDate\":\"2026-11-20T00:00:00Z\"}",
                "{\"EventName\":\"test-created\",\"ResourceChangeUtcDate\":\"2026-11-20T00:00:00Z\"}}",
                "{\"EventName\":\"test-created\",\"ResourceChangeUtcDate\":\"2026-11-20T00:00:00Z\"",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}}}}}}}")) {
            assertRefused(signed(body), WebhookVerdict.MALFORMED);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsNotEvenVerified() {
        assertRefused(signed(" ".repeat(65_537)), WebhookVerdict.TOO_LARGE);
        assertThat(partner.simulator.journal().requests()).isEmpty();
    }

    // Replays

    @Test
    void anEventIsTakenOnce() {
        Delivery delivery = delivered(Webhooks.RELATIONSHIP_APPROVED, partner.simulator.addCustomer("Once"));
        taken(delivery);
        long asked = partner.simulator.journal().count(Endpoint.GRAPH_GET);

        assertRefused(delivery, WebhookVerdict.REPLAYED);
        partner.time.advance(Duration.ofDays(2));
        assertRefused(delivery, WebhookVerdict.REPLAYED);

        assertThat(WebhookVerdict.REPLAYED.httpStatus())
                .as("so that it is not sent again")
                .isEqualTo(200);
        assertThat(partner.simulator.journal().count(Endpoint.GRAPH_GET)).isEqualTo(asked);
        assertThat(webhooks.counts())
                .containsEntry(WebhookVerdict.ACCEPTED, 1L)
                .containsEntry(WebhookVerdict.REPLAYED, 2L);
    }

    @Test
    void aReplayIsOneThoughItsHeadersDiffer() {
        Delivery delivery = signed(TEST_EVENT);
        taken(delivery);

        assertRefused(delivery.with("X-Request", "another"), WebhookVerdict.REPLAYED);
    }

    @Test
    void anEventOfAnotherTimeIsRefused() {
        Instant now = partner.time.instant();

        assertRefused(signed(eventAt(now.minus(Duration.ofDays(3)).minusSeconds(1))), WebhookVerdict.OUT_OF_TIME);
        assertRefused(signed(eventAt(now.plus(Duration.ofMinutes(5)).plusSeconds(1))), WebhookVerdict.OUT_OF_TIME);
        taken(signed(eventAt(now.minus(Duration.ofDays(3)))));
        taken(signed(eventAt(now.plus(Duration.ofMinutes(5)))));
    }

    @Test
    void whatHadToBeForgottenIsRefusedByItsTime() {
        try (PartnerCenterWebhooks forgetful = builder().remembered(2).build()) {
            List<Delivery> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(signed(eventAt(partner.time.instant().plusSeconds(i))));
            }
            all.forEach(delivery -> assertThat(forgetful
                            .receive(delivery.headers(), delivery.body())
                            .verdict())
                    .isEqualTo(WebhookVerdict.ACCEPTED));

            assertThat(all)
                    .extracting(delivery -> forgetful
                            .receive(delivery.headers(), delivery.body())
                            .verdict())
                    .containsExactly(
                            WebhookVerdict.OUT_OF_TIME,
                            WebhookVerdict.OUT_OF_TIME,
                            WebhookVerdict.REPLAYED,
                            WebhookVerdict.REPLAYED);
        }
    }

    // Finding the tenant

    @Test
    void anEventWhoseTenantCannotBeFoundOutMayComeAgain() {
        SimulatedTenant tenant = partner.simulator.addCustomer("New");
        Delivery delivery = delivered(Webhooks.RELATIONSHIP_APPROVED, tenant);
        partner.simulator.faults().onAny(Endpoint.GRAPH_GET).times(6).respond(503);

        WebhookResult result = receive(delivery);

        assertThat(result.verdict()).isEqualTo(WebhookVerdict.LOOKUP_FAILED);
        assertThat(result.failure()).map(CpvFailure::code).contains(FailureCode.DEADLINE_EXCEEDED);
        partner.simulator.faults().clear();
        assertThat(taken(delivery).tenantToRefresh()).contains(TenantId.of(tenant.id()));
    }

    @Test
    void aNewRelationshipThatGraphDoesNotKnowYetMayComeAgain() {
        Delivery delivery = delivered(
                Webhooks.RELATIONSHIP_APPROVED,
                "https://partner.microsoft.com/granularAdminRelationships/nobody-knows");

        assertRefused(delivery, WebhookVerdict.LOOKUP_FAILED);
        assertThat(receive(delivery).failure()).isEmpty();
    }

    @Test
    void anEndedRelationshipThatGraphDoesNotKnowIsNobodys() {
        PartnerEvent event = taken(delivered(
                Webhooks.RELATIONSHIP_TERMINATED,
                "https://partner.microsoft.com/granularAdminRelationships/nobody-knows"));

        assertThat(event.kind()).isEqualTo(Kind.ACCESS_ENDED);
        assertThat(event.tenant()).isEmpty();
    }

    // Whatever comes

    @Test
    void nothingThatComesMakesAnException() {
        Random random = new Random(20261121);
        Delivery genuine = signed(TEST_EVENT);
        for (int round = 0; round < 2_000; round++) {
            Map<String, String> headers = garbled(random, genuine.headers());
            byte[] body = garbled(random, genuine.body());
            boolean same = Arrays.equals(body, genuine.body());

            WebhookResult result = webhooks.receive(headers, body);

            assertThat(same || result.event().isEmpty())
                    .as(() -> result + ": " + headers)
                    .isTrue();
            assertThat(result.message()).isNotBlank().doesNotContain("\n");
            partner.time.advance(Duration.ofSeconds(1));
        }
        assertThat(webhooks.counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(2_000);
    }

    private static Map<String, String> garbled(Random random, Map<String, String> headers) {
        Map<String, String> garbled = new HashMap<>(headers);
        if (random.nextBoolean()) {
            String name = List.copyOf(headers.keySet()).get(random.nextInt(headers.size()));
            String value = String.valueOf(headers.get(name));
            switch (random.nextInt(3)) {
                case 0 -> garbled.remove(name);
                case 1 -> garbled.put(name, value.substring(random.nextInt(value.length())));
                default -> garbled.put(name, value + (char) random.nextInt(0x250));
            }
        }
        return garbled;
    }

    private static byte[] garbled(Random random, byte[] body) {
        byte[] garbled = body.clone();
        if (random.nextBoolean()) {
            garbled[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        return garbled;
    }

    // Acting

    private WebhookResult receive(Delivery delivery) {
        return webhooks.receive(delivery.headers(), delivery.body());
    }

    private PartnerEvent taken(Delivery delivery) {
        WebhookResult result = receive(delivery);
        assertThat(result.verdict()).as(result.toString()).isEqualTo(WebhookVerdict.ACCEPTED);
        return result.event().orElseThrow();
    }

    private void assertRefused(Delivery delivery, WebhookVerdict verdict) {
        WebhookResult result = receive(delivery);
        assertThat(result.verdict())
                .as(() -> result + " for " + delivery.headers())
                .isEqualTo(verdict);
        assertThat(result.event()).isEmpty();
    }

    private Delivery delivered(String event, SimulatedTenant tenant) {
        deliveries.clear();
        partner.simulator.webhooks().deliver(event, tenant.relationships().get(0));
        return deliveries.get(0);
    }

    private Delivery delivered(String event, String resource) {
        deliveries.clear();
        partner.simulator.webhooks().deliver(event, "Resource", resource, null);
        return deliveries.get(0);
    }

    private static String eventAt(Instant at) {
        return TEST_EVENT.replace("2026-11-20T00:00:00.3520276+00:00", at.toString());
    }

    /** A delivery of any body, signed by Microsoft. */
    private Delivery signed(String body) {
        Delivery any = delivered(Webhooks.TEST_CREATED, "https://partner.microsoft.com/test");
        return any.with(body)
                .with(
                        "Authorization",
                        "Signature " + partner.simulator.webhooks().signature(body));
    }

    private Delivery signedBy(SimulatedCertificate signer, String body) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(signer.privateKey());
            signature.update(body.getBytes(StandardCharsets.UTF_8));
            String text = Base64.getEncoder().encodeToString(signature.sign());
            return signed(body).with("Authorization", "Signature " + text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(String certificate) {
        partner.simulator.faults().clear();
        partner.simulator
                .faults()
                .onAny(Endpoint.PARTNER_CENTER_OTHER)
                .always()
                .respond(200, Map.of("Content-Type", "application/pkix-cert"), certificate);
    }

    private long certificateRequests() {
        return partner.simulator.journal().count(Endpoint.PARTNER_CENTER_OTHER);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
