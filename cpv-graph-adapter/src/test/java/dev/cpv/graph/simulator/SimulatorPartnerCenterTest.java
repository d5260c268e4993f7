package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorPartnerCenterTest {
    private static final String SCOPES =
            "DelegatedPermissionGrant.ReadWrite.All, AppRoleAssignment.ReadWrite.All, Application.ReadWrite.All";

    private final SettableClock clock = new SettableClock();
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(clock).build();
    private final Calls calls = new Calls(microsoft);
    private final SimulatedTenant customer = microsoft.addCustomer("Fabrikam");
    private final String app = microsoft.app().appId();

    @AfterEach
    void stop() {
        microsoft.close();
    }

    @Test
    @Checklist("10.3-1")
    void onlyATokenForPartnerCenterWithAUserIsTaken() {
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        String graph = calls.graphToken(microsoft.partner());
        String appOnly = calls.token(microsoft.partner().id(), calls.appOnly(Calls.PARTNER_CENTER))
                .expect(200)
                .json()
                .path("access_token")
                .asText();

        Calls.Answer garbled =
                calls.consent(customer, "garbled", Map.of(), body).expect(401);
        calls.consent(customer, graph, Map.of(), body).expect(401);
        calls.consent(customer, appOnly, Map.of(), body).expect(401);
        String token = calls.partnerCenterToken();
        clock.advance(Duration.ofHours(2));
        calls.consent(customer, token, Map.of(), body).expect(401);

        assertThat(garbled.header("WWW-Authenticate")).isNotEmpty();
        assertThat(customer.servicePrincipal(app)).isEmpty();
    }

    @Test
    @Checklist("10.3-1")
    void missingMultiFactorAuthenticationIsRefusedAsFarAsTheRollOutIs() {
        String token = weakToken();
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        Calls.Answer refused = calls.consent(customer, token, Map.of(), body).expect(401);
        microsoft.partnerBehaviour().mfaEnforcement(50).requestsPerSecond(0);

        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            statuses.add(calls.partnerCenter("GET", "/v1/customers", token, Map.of(), "")
                    .status());
        }

        assertThat(refused.code()).isEqualTo("900421");
        assertThat(Collections.frequency(statuses, 401)).isEqualTo(5);
        assertThat(Collections.frequency(statuses, 200)).isEqualTo(5);
    }

    @Test
    @Checklist("10.3-2")
    void validateMfaIsAnswered() {
        microsoft.partnerBehaviour().mfaEnforcement(0);
        Map<String, String> ask = Map.of("ValidateMfa", "true");

        Calls.Answer strong = calls.partnerCenter("GET", "/v1/customers", calls.partnerCenterToken(), ask, "");
        Calls.Answer weak = calls.partnerCenter("GET", "/v1/customers", weakToken(), ask, "");
        Calls.Answer unasked = calls.partnerCenter("GET", "/v1/customers", weakToken(), Map.of(), "");
        microsoft.partnerBehaviour().mfaComplianceHeader(false);
        Calls.Answer silent = calls.partnerCenter("GET", "/v1/customers", weakToken(), ask, "");
        microsoft.partnerBehaviour().mfaComplianceInBody(true);
        Calls.Answer inBody = calls.partnerCenter("GET", "/v1/customers", weakToken(), ask, "");

        assertThat(strong.header("isMfaCompliant")).isEqualTo("true");
        assertThat(weak.header("isMfaCompliant")).isEqualTo("false");
        assertThat(unasked.header("isMfaCompliant")).isEmpty();
        assertThat(silent.header("isMfaCompliant")).isEmpty();
        assertThat(silent.json().has("isMfaCompliant")).isFalse();
        assertThat(inBody.header("isMfaCompliant")).isEmpty();
        assertThat(inBody.json().path("isMfaCompliant").asText()).isEqualTo("false");
    }

    @Test
    @Checklist("10.3-1")
    void aTokenWithoutTheClaimsThatThePartnersPolicyWantsIsChallenged() {
        String claims = "{\"access_token\":{\"acrs\":{\"value\":\"c1\"}}}";
        microsoft.partner().behaviour().requiredClaims(claims);

        Calls.Answer refused = calls.consent(customer, SCOPES).expect(401);

        assertThat(refused.header("WWW-Authenticate"))
                .contains(Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    @Checklist("10.3-3")
    void rightsAreChecked() {
        microsoft.serviceAccount().adminAgent(false);
        assertThat(calls.consent(customer, SCOPES).expect(403).code()).isEqualTo("900150");
        microsoft.serviceAccount().adminAgent(true);
        customer.relationshipRoles(Set.of(DirectoryRoles.GLOBAL_READER));
        assertThat(calls.consent(customer, SCOPES).expect(403).code()).isEqualTo("2032");
        customer.behaviour().forwardDirectoryErrors(true);
        assertThat(calls.consent(customer, SCOPES).expect(400).body()).contains("Insufficient privileges");
        customer.behaviour().knownToPartner(false);
        calls.consent(customer, SCOPES).expect(404);
        calls.consent(microsoft.partner(), SCOPES).expect(404);
        customer.behaviour().knownToPartner(true).deleted(true);
        assertThat(calls.consent(customer, SCOPES).expect(404).code()).isEqualTo("60003");
    }

    @Test
    @Checklist("10.3-4")
    void theApplicationMustBeTheTokens() {
        ObjectNode other = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        other.put("applicationId", UUID.randomUUID().toString());
        ObjectNode misnamed = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        misnamed.put("displayName", "Another app");
        String token = calls.partnerCenterToken();

        calls.consent(customer, token, Map.of(), other).expect(400);
        calls.consent(customer, token, Map.of(), misnamed).expect(400);
        microsoft.partnerBehaviour().wrongApplicationStatus(403);
        calls.consent(customer, token, Map.of(), other).expect(403);

        assertThat(customer.servicePrincipal(app)).isEmpty();
    }

    @Test
    @Checklist("10.3-5")
    void aConsentCreatesPrincipalAndGrantsAndNeverMerges() {
        ObjectNode two = calls.consentBody(ResourceCatalog.GRAPH, "User.Read,Group.Read.All");
        two.withArray("applicationGrants")
                .addObject()
                .put("enterpriseApplicationId", ResourceCatalog.EXCHANGE)
                .put("scope", "Exchange.Manage");
        calls.consent(customer, calls.partnerCenterToken(), Map.of(), two).expect(201);

        Calls.Answer again = calls.consent(customer, SCOPES).expect(409);
        microsoft.partnerBehaviour().existingConsentStatus(400);
        calls.consent(customer, SCOPES).expect(400);

        assertThat(again.json().path("description").asText()).isEqualTo("Permission entry already exists.");
        assertThat(customer.grantedScopes(app))
                .isEqualTo(Map.of(
                        ResourceCatalog.GRAPH,
                        Set.of("User.Read", "Group.Read.All"),
                        ResourceCatalog.EXCHANGE,
                        Set.of("Exchange.Manage")));
        assertThat(customer.grantedAppRoles(app)).isEmpty();
        assertThat(customer.grants(app)).allMatch(SimulatedGrant::tenantWide);
        assertThat(Calls.claims(calls.redeem(customer, Calls.GRAPH)).path("scp").asText())
                .isEqualTo("Group.Read.All User.Read");
    }

    @Test
    @Checklist("10.3-5")
    void ofManyConsentsAtOnceOneWins() {
        microsoft.partnerBehaviour().requestsPerSecond(0);
        String token = calls.partnerCenterToken();
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);

        List<Integer> statuses = Stream.generate(() -> token)
                .limit(24)
                .parallel()
                .map(shared -> calls.consent(customer, shared, Map.of(), body).status())
                .toList();

        assertThat(Collections.frequency(statuses, 201)).isEqualTo(1);
        assertThat(Collections.frequency(statuses, 409)).isEqualTo(23);
        assertThat(customer.grants(app)).hasSize(1);
        assertThat(microsoft.journal().count(customer.id(), Endpoint.CONSENT_POST))
                .isEqualTo(24);
    }

    @Test
    @Checklist("10.5-2")
    void graphLearnsOfAConsentLater() {
        customer.behaviour().consentGraphDelay(Duration.ofSeconds(20));
        calls.consent(customer, SCOPES).expect(201);
        String principal = customer.servicePrincipal(app).orElseThrow().id();

        calls.redeem(customer, Calls.GRAPH).expect(200);
        assertThat(seen(principal)).isFalse();
        assertThat(seen(customer.grants(app).get(0).id())).isFalse();
        clock.advance(Duration.ofSeconds(20));
        assertThat(seen(principal)).isTrue();
        assertThat(seen(customer.grants(app).get(0).id())).isTrue();
    }

    private boolean seen(String objectId) {
        return customer.inDirectory(d -> d.sees(objectId, ReadKind.LIST, clock.instant()));
    }

    @Test
    @Checklist("10.3-6")
    void unknownScopesAndMissingResourcesFail() {
        customer.withoutServicePrincipal(ResourceCatalog.DEFENDER);
        JsonNode defender = calls.consentBody(ResourceCatalog.DEFENDER, "Vulnerability.Read");
        String token = calls.partnerCenterToken();

        calls.consent(customer, "User.Read, No.Such.Scope").expect(400);
        calls.consent(customer, token, Map.of(), defender).expect(400);
        assertThat(customer.servicePrincipal(app)).isEmpty();
        customer.behaviour().consentNeedsResource(false);
        calls.consent(customer, token, Map.of(), defender).expect(201);

        assertThat(customer.grantedScopes(app)).containsOnlyKeys(ResourceCatalog.DEFENDER);
    }

    @Test
    @Checklist("10.3-6")
    void aConsentMayBeAcceptedWithoutEffect() {
        customer.behaviour().consentWithoutEffect(true);

        calls.consent(customer, SCOPES).expect(201);

        assertThat(customer.servicePrincipal(app)).isEmpty();
        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(65001);
    }

    @Test
    @Checklist("10.3-7")
    void removalTakesTheGrantsAndLeavesThePrincipal() {
        calls.removeConsent(customer).expect(404);
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).assignAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        customer.userGrant(UUID.randomUUID().toString(), ResourceCatalog.GRAPH, Set.of("User.Read"));
        customer.behaviour().consentRemovalWithoutEffect(true);
        calls.removeConsent(customer).expect(200);
        assertThat(customer.grants(app)).hasSize(2);
        customer.behaviour().consentRemovalWithoutEffect(false);

        calls.removeConsent(customer).expect(200);

        assertThat(customer.servicePrincipal(app)).isPresent();
        assertThat(customer.grants(app)).singleElement().matches(grant -> !grant.tenantWide());
        assertThat(customer.grantedAppRoles(app)).containsOnlyKeys(ResourceCatalog.GRAPH);
        calls.removeConsent(customer).expect(404);
    }

    @Test
    @Checklist("10.3-7")
    void removalMayDeleteThePrincipal() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).behaviour().deletePrincipalWithConsent(true);
        microsoft.partnerBehaviour().removedConsentStatus(204);

        calls.removeConsent(customer).expect(204);

        assertThat(customer.servicePrincipal(app)).isEmpty();
        assertThat(customer.deletedServicePrincipals()).hasSize(1);
    }

    @Test
    @Checklist("10.3-8")
    void aRequestIdIsAnsweredOnce() {
        Map<String, String> id = Map.of("MS-RequestId", UUID.randomUUID().toString());
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        String token = calls.partnerCenterToken();
        microsoft
                .faults()
                .on(customer.id(), Endpoint.CONSENT_POST)
                .afterEffect()
                .respond(504);

        calls.consent(customer, token, id, body).expect(504);
        calls.consent(customer, token, id, body).expect(201);
        clock.advance(Duration.ofMinutes(10));
        calls.consent(customer, token, id, body).expect(409);
        microsoft.partnerBehaviour().idempotencyWindow(Duration.ZERO);
        calls.consent(customer, token, id, body).expect(409);

        assertThat(customer.grants(app)).hasSize(1);
    }

    @Test
    @Checklist("10.3-9")
    void idsAreEchoedNamesMatchInAnyCaseAndGetIsNotAllowed() {
        ObjectNode body = Json.object();
        body.put("ApplicationId", app);
        body.withArray("APPLICATIONGRANTS")
                .addObject()
                .put("EnterpriseApplicationId", ResourceCatalog.GRAPH)
                .put("Scope", "User.Read");
        Map<String, String> ids = Map.of("MS-CorrelationId", "correlation", "ms-requestid", "request");
        String token = calls.partnerCenterToken();

        Calls.Answer answer = calls.consent(customer, token, ids, body).expect(201);
        Calls.Answer unnamed = calls.partnerCenter("GET", "/v1/customers", token, Map.of(), "");
        calls.partnerCenter("GET", "/v1/customers/" + customer.id() + "/applicationconsents", token, Map.of(), "")
                .expect(405);

        assertThat(answer.header("MS-CorrelationId")).isEqualTo("correlation");
        assertThat(answer.header("MS-RequestId")).isEqualTo("request");
        assertThat(unnamed.header("MS-CorrelationId")).isNotEmpty();
        assertThat(unnamed.header("MS-RequestId")).isNotEmpty();
    }

    @Test
    @Checklist("10.3-10")
    void consentsAreLimitedPerApp() {
        String token = calls.partnerCenterToken();
        JsonNode body = calls.consentBody(ResourceCatalog.GRAPH, SCOPES);
        for (int i = 0; i < 50; i++) {
            assertThat(calls.consent(customer, token, Map.of(), body).status()).isNotEqualTo(429);
        }

        Calls.Answer throttled = calls.consent(customer, token, Map.of(), body).expect(429);
        clock.advance(Duration.ofSeconds(1));
        calls.consent(customer, token, Map.of(), body).expect(409);

        assertThat(throttled.header("Retry-After")).isEqualTo("1");
        assertThat(throttled.json().path("message").asText())
                .isEqualTo("Rate limit is exceeded. Try again in 1 seconds.");
    }

    @Test
    @Checklist("10.3-10")
    void consentsAreLimitedPerCustomer() {
        SimulatedTenant other = microsoft.addCustomer("Tailspin");
        customer.behaviour().consentsPerSecond(1);

        calls.consent(customer, SCOPES).expect(201);
        calls.consent(customer, SCOPES).expect(429);
        calls.consent(other, SCOPES).expect(201);
    }

    @Test
    @Checklist("10.3-11")
    void aPartnerWhoResellsNothingHasNoList() {
        microsoft.partnerBehaviour().reseller(false);

        Calls.Answer refused = calls.partnerCenter("GET", "/v1/customers", calls.partnerCenterToken(), Map.of(), "")
                .expect(403);

        assertThat(refused.code()).isEqualTo("2032");
    }

    @Test
    @Checklist("10.3-11")
    void customersAreListedInPages() {
        SimulatedTenant gdapOnly = microsoft.addCustomer("Without reseller");
        gdapOnly.behaviour().listedByPartnerCenter(false);
        for (int i = 1; i <= 4; i++) {
            microsoft.addCustomer("Customer " + i);
        }
        String token = calls.partnerCenterToken();

        JsonNode first = customers("?size=2", Map.of(), token);
        JsonNode second = next(first, token, "Next");
        JsonNode third = next(second, token, "Next");
        JsonNode back = next(second, token, "Previous");
        microsoft.partnerBehaviour().continuationInBody(false);
        JsonNode all = customers("?size=0", Map.of(), token);
        JsonNode linkOnly = customers("?size=2", Map.of(), token);

        assertThat(names(first)).containsExactly("Fabrikam", "Customer 1");
        assertThat(names(second)).containsExactly("Customer 2", "Customer 3");
        assertThat(names(third)).containsExactly("Customer 4");
        assertThat(names(back)).isEqualTo(names(first));
        assertThat(third.path("links").has("next")).isFalse();
        assertThat(names(all)).hasSize(5).doesNotContain("Without reseller");
        assertThat(linkOnly.has("continuationToken")).isFalse();
        assertThat(linkOnly.at("/links/next/headers/0/key").asText()).isEqualTo("MS-ContinuationToken");
    }

    @Test
    @Checklist("10.3-11")
    void oneCustomerIsFoundById() {
        String token = calls.partnerCenterToken();

        JsonNode found = calls.partnerCenter("GET", "/v1/customers/" + customer.id(), token, Map.of(), "")
                .expect(200)
                .json();
        calls.partnerCenter("GET", "/v1/customers/" + UUID.randomUUID(), token, Map.of(), "")
                .expect(404);
        Calls.Answer invalid = calls.partnerCenter("GET", "/v1/customers/fabrikam", token, Map.of(), "")
                .expect(400);

        assertThat(found.at("/companyProfile/domain").asText()).isEqualTo("fabrikam.onmicrosoft.com");
        assertThat(invalid.code()).isEqualTo("900118");
    }

    @Test
    @Checklist("10.3-12")
    void errorBodiesComeInThreeShapes() {
        customer.behaviour().consentNeedsResource(true);

        JsonNode json = calls.consent(customer, "No.Such.Scope").expect(400).json();
        customer.behaviour().partnerCenterErrorBody(ErrorBody.HTML);
        Calls.Answer html = calls.consent(customer, "No.Such.Scope").expect(400);
        customer.behaviour().partnerCenterErrorBody(ErrorBody.EMPTY);
        Calls.Answer empty = calls.consent(customer, "No.Such.Scope").expect(400);

        assertThat(json.path("code").isTextual()).isTrue();
        assertThat(json.path("description").asText()).contains("No.Such.Scope");
        assertThat(json.path("data").isArray()).isTrue();
        assertThat(json.path("source").asText()).isEqualTo("PartnerFD");
        assertThat(html.body()).startsWith("<html>");
        assertThat(html.header("Content-Type")).startsWith("text/html");
        assertThat(empty.body()).isEmpty();
    }

    @Test
    @Checklist("10.3-13")
    void webHooksAreRegisteredAndValidated() {
        String token = calls.partnerCenterToken();
        String base = "/webhooks/v1/registration";
        List<String> bodies = new ArrayList<>();
        microsoft.webhooks().transport((url, headers, body) -> {
            bodies.add(body);
            return 200;
        });
        calls.partnerCenter("GET", base, token, Map.of(), "").expect(404);
        JsonNode events = calls.partnerCenter("GET", base + "/events", token, Map.of(), "")
                .expect(200)
                .json();
        calls.partnerCenter("POST", base, token, Map.of(), registration("granular-admin-relationship-created"))
                .expect(400);
        calls.partnerCenter("POST", base, token, Map.of(), registration(Webhooks.TEST_CREATED))
                .expect(200);
        String correlationId =
                validate(token).expect(200).json().path("correlationId").asText();
        validate(token).expect(200);
        validate(token).expect(429);
        JsonNode validation = calls.partnerCenter(
                        "GET", base + "/validationEvents/" + correlationId, token, Map.of(), "")
                .expect(200)
                .json();

        assertThat(events.toString()).contains(Webhooks.RELATIONSHIP_APPROVED);
        assertThat(bodies).hasSize(2).allMatch(body -> body.contains(Webhooks.TEST_CREATED));
        assertThat(validation.path("status").asText()).isEqualTo("completed");
        assertThat(validation.at("/results/0/responseCode").asText()).isEqualTo("OK");
    }

    @Test
    @Checklist("10.3-13")
    void deliveriesAreSignedRepeatedAndAudited() throws GeneralSecurityException {
        String token = calls.partnerCenterToken();
        List<Map<String, String>> headers = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        microsoft.webhooks().transport((url, sent, body) -> {
            headers.add(sent);
            bodies.add(body);
            if (headers.size() == 1) {
                throw new IOException("no answer");
            }
            return headers.size() < 4 ? 500 : 202;
        });
        GdapRelationship relationship = customer.relationships().get(0);
        assertThat(microsoft.webhooks().deliver(Webhooks.RELATIONSHIP_APPROVED, relationship))
                .isEmpty();
        calls.partnerCenter(
                        "PUT",
                        "/webhooks/v1/registration",
                        token,
                        Map.of(),
                        registration(Webhooks.RELATIONSHIP_APPROVED))
                .expect(200);

        List<Integer> statuses = microsoft.webhooks().deliver(Webhooks.RELATIONSHIP_APPROVED, relationship);

        assertThat(statuses).containsExactly(0, 500, 500, 202);
        JsonNode event = Json.parse(bodies.get(3));
        assertThat(event.path("ResourceUri").asText()).endsWith(relationship.id());
        String audit = event.path("AuditUri")
                .asText()
                .substring(microsoft.partnerCenterUrl().length());
        JsonNode record = calls.partnerCenter("GET", audit, token, Map.of(), "")
                .expect(200)
                .json();
        JsonNode value = Json.parse(record.at("/items/0/resourceNewValue").asText());
        assertThat(value.path("Id").asText()).isEqualTo(relationship.id());
        assertThat(value.at("/customer/organizationDisplayName").asText()).isEqualTo("Fabrikam");
        assertThat(genuine(headers.get(3), bodies.get(3))).isTrue();
        assertThat(genuine(headers.get(3), bodies.get(3) + " ")).isFalse();
    }

    @Test
    @Checklist("10.3-13")
    void deliveriesEndAfterTenAttempts() {
        String token = calls.partnerCenterToken();
        microsoft.webhooks().transport((url, headers, body) -> 503);
        calls.partnerCenter(
                        "POST",
                        "/webhooks/v1/registration",
                        token,
                        Map.of(),
                        registration(Webhooks.RELATIONSHIP_TERMINATED))
                .expect(200);

        assertThat(microsoft
                        .webhooks()
                        .deliver(
                                Webhooks.RELATIONSHIP_TERMINATED,
                                customer.relationships().get(0)))
                .hasSize(10)
                .containsOnly(503);
    }

    private boolean genuine(Map<String, String> headers, String body) throws GeneralSecurityException {
        String url = String.valueOf(headers.get("X-MS-Certificate-Url"));
        byte[] pem = calls.get(url).expect(200).body().getBytes(StandardCharsets.UTF_8);
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        certificate.verify(microsoft.webhooks().rootCertificate().getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).contains("O=Microsoft Corporation");
        String text = String.valueOf(headers.get("Authorization"));
        assertThat(text).startsWith("Signature ");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(certificate);
        signature.update(body.getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder().decode(text.substring("Signature ".length())));
    }

    private static String registration(String event) {
        ObjectNode body = Json.object();
        body.put("WebhookUrl", "https://msp.example/hook");
        body.withArray("WebhookEvents").add(event);
        return body.toString();
    }

    private Calls.Answer validate(String token) {
        return calls.partnerCenter("POST", "/webhooks/v1/registration/validationEvents", token, Map.of(), "");
    }

    private JsonNode customers(String query, Map<String, String> headers, String token) {
        return calls.partnerCenter("GET", "/v1/customers" + query, token, headers, "")
                .expect(200)
                .json();
    }

    private JsonNode next(JsonNode page, String token, String seek) {
        String continuation = page.path("continuationToken").asText();
        assertThat(page.at("/links/next/headers/0/value").asText()).isEqualTo(continuation);
        return customers("?size=2&seekOperation=" + seek, Map.of("MS-ContinuationToken", continuation), token);
    }

    private static List<String> names(JsonNode page) {
        List<String> names = new ArrayList<>();
        page.path("items")
                .forEach(
                        item -> names.add(item.at("/companyProfile/companyName").asText()));
        return names;
    }

    private String weakToken() {
        Map<String, String> form = calls.redemption(Calls.PARTNER_CENTER);
        form.put("refresh_token", microsoft.refreshToken(false));
        return calls.token(microsoft.partner().id(), form)
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }
}
