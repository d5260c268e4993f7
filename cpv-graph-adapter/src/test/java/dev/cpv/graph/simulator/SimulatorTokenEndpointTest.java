package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorTokenEndpointTest {
    private static final Set<String> SCOPES = SimulatedTenant.BOOTSTRAP_SCOPES;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SettableClock clock = new SettableClock();
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(clock).build();
    private final Calls calls = new Calls(microsoft);
    private final SimulatedTenant customer = microsoft.addCustomer("Fabrikam");

    @AfterEach
    void stop() {
        microsoft.close();
    }

    @Test
    @Checklist("10.2-1")
    void bothVersionsAreServed() {
        customer.consented(SCOPES);

        JsonNode v2 = calls.redeem(customer, Calls.GRAPH).expect(200).json();
        Map<String, String> form = calls.redemption("");
        form.put("resource", "https://graph.microsoft.com");
        JsonNode v1 = v1(form).expect(200).json();

        assertThat(v2.path("expires_in").isNumber()).isTrue();
        assertThat(v1.path("expires_in").isTextual()).isTrue();
        assertThat(v1.path("resource").asText()).isEqualTo("https://graph.microsoft.com");
    }

    @Test
    @Checklist("10.2-1")
    void aBodyThatIsNoFormIsRefused() {
        String url = microsoft.loginUrl() + "/" + customer.id() + "/oauth2/v2.0/token";

        Calls.Answer json = calls.send("POST", url, Map.of("Content-Type", "application/json"), "{}");
        Calls.Answer jsonAsForm =
                calls.send("POST", url, Map.of("Content-Type", "application/x-www-form-urlencoded"), "{\"a\":1}");

        assertThat(json.expect(400).aadsts()).isEqualTo(900144);
        assertThat(jsonAsForm.expect(400).aadsts()).isEqualTo(9002313);
    }

    @Test
    @Checklist("10.2-2")
    void assertionsOfBothKindsAreChecked() {
        SimulatedCertificate certificate = SimulatedCertificate.selfSigned("app", clock.instant());
        microsoft.app().addCertificate(certificate.certificate());
        customer.consented(SCOPES);

        assertThat(withAssertion(certificate, "PS256", customer.id(), Duration.ZERO)
                        .status())
                .isEqualTo(200);
        assertThat(withAssertion(certificate, "RS256", customer.id(), Duration.ZERO)
                        .status())
                .isEqualTo(200);
        assertThat(withAssertion(certificate, "PS256", microsoft.partner().id(), Duration.ZERO)
                        .aadsts())
                .isEqualTo(700021);
        assertThat(withAssertion(certificate, "PS256", customer.id(), Duration.ofHours(-1))
                        .aadsts())
                .isEqualTo(700024);
        assertThat(withAssertion(
                                SimulatedCertificate.selfSigned("other", clock.instant()),
                                "PS256",
                                customer.id(),
                                Duration.ZERO)
                        .aadsts())
                .isEqualTo(700027);
    }

    @Test
    @Checklist("10.2-2")
    void anUnknownGrantTypeIsRefused() {
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        form.put("grant_type", "password");

        Calls.Answer answer = calls.token(customer.id(), form).expect(400);

        assertThat(answer.json().path("error").asText()).isEqualTo("unsupported_grant_type");
    }

    /** Everything is wrong at once; each repair uncovers the next check. */
    @Test
    @Checklist("10.2-3")
    void checksComeInTheirOrder() {
        AppRegistration app = microsoft.app();
        SimulatedUser user = microsoft.serviceAccount();
        Map<String, String> form = new HashMap<>(calls.redemption(Calls.GRAPH));
        String clientId = app.appId();
        String secret = form.remove("client_secret");
        String refreshToken = form.put("refresh_token", "garbage");
        form.put("client_id", UUID.randomUUID().toString());
        app.enabled(false);
        user.enabled(false).signInFrequency(Duration.ofHours(1)).revokeSessions();
        clock.advance(Duration.ofDays(100));
        customer.behaviour().deleted(true).refuseTokens(53003).suspended(ResourceCatalog.GRAPH, true);
        customer.behaviour().missingConsent(MissingConsent.AADSTS90099);
        customer.relationshipStatus(GdapRelationship.Status.TERMINATED);
        customer.withoutServicePrincipal(ResourceCatalog.GRAPH);

        assertThat(code(form)).isEqualTo(90002);
        customer.behaviour().deleted(false);
        assertThat(code(form)).isEqualTo(700016);
        form.put("client_id", clientId);
        assertThat(code(form)).isEqualTo(7000112);
        app.enabled(true);
        assertThat(code(form)).isEqualTo(7000218);
        form.put("client_secret", "wrong");
        assertThat(code(form)).isEqualTo(7000215);
        app.addSecret("old", clock.instant());
        form.put("client_secret", "old");
        assertThat(code(form)).isEqualTo(7000222);
        form.put("client_secret", String.valueOf(secret));
        assertThat(code(form)).isEqualTo(70000);
        form.put("refresh_token", String.valueOf(refreshToken));
        assertThat(code(form)).isEqualTo(700082);
        form.put("refresh_token", microsoft.refreshToken(true));
        user.revokeSessions();
        assertThat(code(form)).isEqualTo(50173);
        form.put("refresh_token", microsoft.refreshToken(true));
        clock.advance(Duration.ofHours(1));
        assertThat(code(form)).isEqualTo(70043);
        user.signInFrequency(null);
        assertThat(code(form)).isEqualTo(50057);
        user.enabled(true);
        assertThat(code(form)).isEqualTo(50020);
        customer.relationshipStatus(GdapRelationship.Status.ACTIVE);
        assertThat(code(form)).isEqualTo(53003);
        customer.behaviour().issueTokens();
        assertThat(code(form)).isEqualTo(90099);
        customer.consented(Set.of());
        customer.withoutServicePrincipal(ResourceCatalog.GRAPH);
        assertThat(code(form)).isEqualTo(500011);
        customer.grantScopes(ResourceCatalog.GRAPH, Set.of());
        assertThat(code(form)).isEqualTo(500014);
        customer.behaviour().suspended(ResourceCatalog.GRAPH, false);
        assertThat(code(form)).isEqualTo(65001);
        customer.consented(SCOPES);
        calls.token(customer.id(), form).expect(200);
    }

    @Test
    @Checklist("10.2-3")
    void aPolicyAsksForMultiFactorAuthentication() {
        customer.consented(SCOPES);
        customer.behaviour().requireMfa(true);
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        form.put("refresh_token", microsoft.refreshToken(false));

        Calls.Answer refused = calls.token(customer.id(), form).expect(400);

        assertThat(refused.aadsts()).isEqualTo(50076);
        assertThat(refused.json().path("claims").asText()).contains("access_token");
        calls.redeem(customer, Calls.GRAPH).expect(200);
    }

    @Test
    @Checklist("10.2-4")
    void aTokenIsASnapshot() {
        customer.consented(SCOPES);
        customer.userGrant(microsoft.serviceAccount().id(), ResourceCatalog.GRAPH, Set.of("Mail.Send"));
        customer.assignAppRole(ResourceCatalog.GRAPH, "User.Read.All");

        ObjectNode before = Calls.claims(calls.redeem(customer, Calls.GRAPH));
        ObjectNode appOnly = Calls.claims(calls.token(customer.id(), calls.appOnly(Calls.GRAPH)));
        customer.grantScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
        ObjectNode after = Calls.claims(calls.redeem(customer, Calls.GRAPH));

        Set<String> expected = new HashSet<>(SCOPES);
        expected.add("Mail.Send");
        assertThat(SimulatedGrant.split(before.path("scp").asText())).isEqualTo(expected);
        assertThat(SimulatedGrant.split(after.path("scp").asText())).contains("User.Read.All");
        assertThat(before.path("tid").asText()).isEqualTo(customer.id());
        assertThat(appOnly.path("roles")).hasSize(1);
        assertThat(appOnly.path("roles").path(0).asText()).isEqualTo("User.Read.All");
        assertThat(appOnly.path("idtyp").asText()).isEqualTo("app");
        assertThat(appOnly.has("scp")).isFalse();
    }

    @Test
    @Checklist("10.2-5")
    void refreshTokensRotateAndTheOldOnesStayGood() {
        customer.consented(SCOPES);
        SimulatedTenant other = microsoft.addCustomer("Tailspin").consented(SCOPES);
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        String first = String.valueOf(form.get("refresh_token"));

        String second = calls.token(customer.id(), form)
                .expect(200)
                .json()
                .path("refresh_token")
                .asText();
        calls.token(other.id(), form).expect(200);
        form.put("refresh_token", second);
        calls.token(other.id(), form).expect(200);
        customer.behaviour().rotateRefreshTokens(false);

        assertThat(second).isNotEmpty().isNotEqualTo(first);
        assertThat(calls.token(customer.id(), form).expect(200).json().has("refresh_token"))
                .isFalse();
    }

    @Test
    @Checklist("10.2-6")
    void anAppOnlyTokenNeedsAServicePrincipalButNoRole() {
        Calls.Answer refused =
                calls.token(customer.id(), calls.appOnly(Calls.GRAPH)).expect(401);
        customer.behaviour().refuseAppOnlyWithoutPrincipal(false);
        ObjectNode nobody = Calls.claims(calls.token(customer.id(), calls.appOnly(Calls.GRAPH)));
        customer.consented(SCOPES);
        Calls.Answer answer = calls.token(customer.id(), calls.appOnly(Calls.GRAPH));
        ObjectNode issued = Calls.claims(answer);

        assertThat(refused.aadsts()).isEqualTo(7000229);
        assertThat(refused.json().path("error").asText()).isEqualTo("invalid_client");
        assertThat(nobody.has("oid")).isFalse();
        assertThat(issued.has("oid")).isTrue();
        assertThat(issued.has("roles")).isFalse();
        assertThat(answer.json().has("refresh_token")).isFalse();
    }

    @Test
    @Checklist("10.2-7")
    void amrMirrorsTheSignInAndLivesDiffer() {
        customer.consented(SCOPES).behaviour().loopLimit(0);
        Map<String, String> weak = calls.redemption(Calls.GRAPH);
        weak.put("refresh_token", microsoft.refreshToken(false));
        Set<Integer> lives = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            lives.add(calls.redeem(customer, Calls.GRAPH)
                    .expect(200)
                    .json()
                    .path("expires_in")
                    .asInt());
        }

        assertThat(Calls.claims(calls.redeem(customer, Calls.GRAPH)).path("amr").toString())
                .contains("mfa");
        assertThat(Calls.claims(calls.token(customer.id(), weak)).path("amr").toString())
                .doesNotContain("mfa");
        assertThat(lives)
                .hasSizeGreaterThan(5)
                .allSatisfy(life -> assertThat(life).isBetween(3600, 5400));
    }

    @Test
    @Checklist("10.2-8")
    void errorBodiesAreWhole() {
        String correlation = UUID.randomUUID().toString();
        String url = microsoft.loginUrl() + "/" + customer.id() + "/oauth2/v2.0/token";
        Map<String, String> headers =
                Map.of("Content-Type", "application/x-www-form-urlencoded", "client-request-id", correlation);

        Calls.Answer answer =
                calls.send("POST", url, headers, "grant_type=refresh_token").expect(400);
        customer.behaviour().descriptionLineBreaks(true).refuseTokens(650052, "access_denied", 403);
        Calls.Answer chosen = calls.redeem(customer, Calls.GRAPH).expect(403);

        JsonNode body = answer.json();
        assertThat(body.path("error").asText()).isEqualTo("invalid_request");
        assertThat(body.path("error_description").asText())
                .startsWith("AADSTS900144: ")
                .contains("Trace ID: ", "Correlation ID: " + correlation, "Timestamp: 2026-11-20 10:00:00Z");
        assertThat(body.path("error_codes").path(0).asInt()).isEqualTo(900144);
        assertThat(body.path("correlation_id").asText()).isEqualTo(correlation);
        assertThat(body.path("trace_id").asText()).isNotEmpty();
        assertThat(chosen.json().path("error").asText()).isEqualTo("access_denied");
        assertThat(chosen.json().path("error_description").asText()).contains("\r\nTrace ID: ");
    }

    @Test
    @Checklist("10.2-8")
    void missingConsentCarriesItsSuberror() {
        Calls.Answer answer = calls.redeem(customer, Calls.GRAPH).expect(400);

        assertThat(answer.aadsts()).isEqualTo(65001);
        assertThat(answer.json().path("suberror").asText()).isEqualTo("consent_required");
    }

    @Test
    @Checklist("10.2-9")
    void aLoopIsStopped() {
        customer.consented(SCOPES).behaviour().loopLimit(3);
        for (int i = 0; i < 3; i++) {
            calls.redeem(customer, Calls.GRAPH).expect(200);
        }

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50196);
        clock.advance(Duration.ofMinutes(1));
        calls.redeem(customer, Calls.GRAPH).expect(200);
    }

    @Test
    void discoveryNamesTheTenantOfADomain() {
        Calls.Answer found = calls.get(discovery("fabrikam.onmicrosoft.com")).expect(200);
        Calls.Answer unknown = calls.get(discovery("nobody.example")).expect(400);
        Calls.Answer malformed = calls.get(discovery("nobody")).expect(400);

        assertThat(found.json().path("issuer").asText()).contains(customer.id());
        assertThat(unknown.aadsts()).isEqualTo(90002);
        assertThat(malformed.aadsts()).isEqualTo(900023);
        assertThat(microsoft.journal().count(customer.id(), Endpoint.DISCOVERY)).isEqualTo(1);
    }

    @Test
    void anAdministratorsOwnTokenIsGoodAtHomeAlone() {
        SimulatedTenant other = microsoft.addCustomer("Tailspin").consented(SCOPES);
        customer.withoutRelationships().consented(SCOPES);
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        form.put("refresh_token", customer.signInAdministrator());

        ObjectNode claims = Calls.claims(calls.token(customer.id(), form));

        assertThat(claims.path("wids").toString()).contains(DirectoryRoles.GLOBAL_ADMINISTRATOR);
        assertThat(calls.token(other.id(), form).aadsts()).isEqualTo(50020);
    }

    private int code(Map<String, String> form) {
        return calls.token(customer.id(), form).aadsts();
    }

    private String discovery(String tenant) {
        return microsoft.loginUrl() + "/" + tenant + "/v2.0/.well-known/openid-configuration";
    }

    private Calls.Answer v1(Map<String, String> form) {
        StringBuilder body = new StringBuilder();
        form.forEach(
                (name, value) -> body.append(name).append('=').append(value).append('&'));
        return calls.send(
                "POST",
                microsoft.loginUrl() + "/" + customer.id() + "/oauth2/token",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                body.toString());
    }

    private Calls.Answer withAssertion(
            SimulatedCertificate certificate, String algorithm, String audienceTenant, Duration shift) {
        Map<String, String> form = calls.redemption(Calls.GRAPH);
        form.remove("client_secret");
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", assertion(certificate, algorithm, audienceTenant, shift));
        return calls.token(customer.id(), form);
    }

    private String assertion(
            SimulatedCertificate certificate, String algorithm, String audienceTenant, Duration shift) {
        try {
            Instant from = clock.instant().plus(shift);
            boolean modern = algorithm.equals("PS256");
            byte[] digest = MessageDigest.getInstance(modern ? "SHA-256" : "SHA-1")
                    .digest(certificate.certificate().getEncoded());
            ObjectNode header = Json.object();
            header.put("alg", algorithm);
            header.put("typ", "JWT");
            header.put(modern ? "x5t#S256" : "x5t", BASE64.encodeToString(digest));
            ObjectNode claims = Json.object();
            claims.put("aud", "https://login.microsoftonline.com/" + audienceTenant + "/oauth2/v2.0/token");
            claims.put("iss", microsoft.app().appId());
            claims.put("sub", microsoft.app().appId());
            claims.put("nbf", from.getEpochSecond());
            claims.put("exp", from.plus(Duration.ofMinutes(10)).getEpochSecond());
            String content = encoded(header) + "." + encoded(claims);
            Signature signature = Signature.getInstance(modern ? "RSASSA-PSS" : "SHA256withRSA");
            if (modern) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(certificate.privateKey());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(ObjectNode json) {
        return BASE64.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
