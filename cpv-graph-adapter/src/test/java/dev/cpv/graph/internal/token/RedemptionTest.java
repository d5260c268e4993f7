package dev.cpv.graph.internal.token;

import static dev.cpv.graph.internal.token.TokenFixtures.APP;
import static dev.cpv.graph.internal.token.TokenFixtures.CUSTOMER;
import static dev.cpv.graph.internal.token.TokenFixtures.OTHER;
import static dev.cpv.graph.internal.token.TokenFixtures.PARTNER;
import static dev.cpv.graph.internal.token.TokenFixtures.REFRESH_TOKEN;
import static dev.cpv.graph.internal.token.TokenFixtures.ROTATED;
import static dev.cpv.graph.internal.token.TokenFixtures.SECRET;
import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static dev.cpv.graph.internal.token.TokenFixtures.claims;
import static dev.cpv.graph.internal.token.TokenFixtures.context;
import static dev.cpv.graph.internal.token.TokenFixtures.failureOf;
import static dev.cpv.graph.internal.token.TokenFixtures.issued;
import static dev.cpv.graph.internal.token.TokenFixtures.jwt;
import static dev.cpv.graph.internal.token.TokenFixtures.logOf;
import static dev.cpv.graph.internal.token.TokenFixtures.over;
import static dev.cpv.graph.internal.token.TokenFixtures.refused;
import static dev.cpv.graph.internal.token.TokenFixtures.secret;
import static dev.cpv.graph.internal.token.TokenFixtures.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpResponse;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.ScriptedService.Answer;
import dev.cpv.graph.internal.token.ScriptedService.Received;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedemptionTest {
    private static final String GRAPH = "https://graph.microsoft.com";

    private final ManualClock clock = new ManualClock(START);
    private final RefreshTokenStore store = RefreshTokenStore.inMemory(REFRESH_TOKEN);
    private ScriptedService service;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void R21_thePartnersRefreshTokenIsRedeemedInTheTenantWithOneRequest() {
        service.answer(issued(jwt(CUSTOMER, "s")));
        RefreshContext context = context(CUSTOMER, clock);

        AccessToken token = redemption(secret()).redeem(context, new TokenCache.Key(CUSTOMER, GRAPH), store, null);

        assertThat(token.authorization()).isEqualTo("Bearer " + jwt(CUSTOMER, "s"));
        assertThat(token.scopes()).containsExactly("Directory.Read.All", "user_impersonation");
        assertThat(token.expiresAt()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(context.requests()).isEqualTo(1);
        Received request = onlyRequest();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/login/" + CUSTOMER + "/oauth2/v2.0/token");
        assertThat(request.header("Content-Type")).startsWith("application/x-www-form-urlencoded");
        assertThat(request.header("client-request-id"))
                .isEqualTo(context.correlationId().toString());
        assertThat(request.form())
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("refresh_token", REFRESH_TOKEN)
                .containsEntry("client_id", APP.clientId().toString())
                .containsEntry("client_secret", SECRET);
        assertThat(request.form().getOrDefault("scope", "").split(" ", -1)).contains(GRAPH + "/.default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"global", "us-government", "us-dod", "china"})
    void everyCloudIsAskedAtItsLoginUrlWithoutDiscovery(String name) {
        MicrosoftCloud cloud = over(MicrosoftCloud.named(name), service);
        String audience = cloud.graphAudience().toString();
        service.answer(issued(jwt(CUSTOMER, "s")));

        redemption(cloud, secret())
                .redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, audience), store, null);

        assertThat(onlyRequest().path()).isEqualTo("/login/" + CUSTOMER + "/oauth2/v2.0/token");
        assertThat(onlyRequest().form().getOrDefault("scope", "").split(" ", -1))
                .contains(audience + "/.default");
    }

    @Test
    void R21_aTokenOfAnotherTenantIsRefusedAndItsRefreshTokenNotKept() {
        service.answer(issued(jwt(OTHER, "s")));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.WRONG_TENANT);
        assertThat(failure.message()).contains(CUSTOMER.toString(), OTHER.toString());
        assertThat(store.current()).isEqualTo(REFRESH_TOKEN);
    }

    @Test
    void R21_aTokenThatNamesNoTenantIsRefused() {
        service.answer(issued("opaque"));

        assertThat(failure().code()).isEqualTo(FailureCode.WRONG_TENANT);
    }

    @Test
    void R22_theRotatedRefreshTokenGoesToTheStoreAndIsUsedNext() {
        service.answer(issued(jwt(CUSTOMER, "1"))).answer(issued(jwt(CUSTOMER, "2"), ""));

        redeem();
        redeem();

        assertThat(store.current()).isEqualTo(ROTATED);
        assertThat(service.received().get(1).form()).containsEntry("refresh_token", ROTATED);
    }

    @Test
    void R22_anotherReplacementThatWasFasterIsLeftAlone() {
        service.behave(request -> {
            store.replace(REFRESH_TOKEN, "newer");
            return issued(jwt(CUSTOMER, "s"));
        });

        redeem();

        assertThat(store.current()).isEqualTo("newer");
    }

    @Test
    void R22_aReplacementThatCannotBeStoredIsLoggedAndNoFailure() {
        service.answer(issued(jwt(CUSTOMER, "s")));
        RefreshTokenStore broken = new BrokenStore(REFRESH_TOKEN);
        AccessToken[] token = new AccessToken[1];

        String log = logOf(() -> token[0] = redemption(secret())
                .redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), broken, null));

        assertThat(token[0].tenant()).contains(CUSTOMER);
        assertThat(log).contains("rotated refresh token could not be stored").doesNotContain(ROTATED, REFRESH_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "broken"})
    void R22_aStoreWithoutATokenIsAFailure(String content) {
        RefreshTokenStore broken = new BrokenStore(content);

        CpvFailure failure = failureOf(() -> redemption(secret())
                .redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), broken, null));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_STORE_FAILED);
        assertThat(service.received()).isEmpty();
    }

    @Test
    void R22_aCertificateSignsAnAssertionForTheTenant(@TempDir Path folder) throws Exception {
        ClientProof proof = certificate(folder, "RSA");
        service.answer(issued(jwt(CUSTOMER, "s")));

        redemption(proof).redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), store, null);

        Map<String, String> form = onlyRequest().form();
        assertThat(form)
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .doesNotContainKey("client_secret");
        String assertion = form.getOrDefault("client_assertion", "");
        String[] parts = assertion.split("\\.", -1);
        JsonNode header = decoded(parts[0]);
        JsonNode claims = decoded(parts[1]);
        X509Certificate certificate =
                (X509Certificate) KeyStore.getInstance(folder.resolve("app.p12").toFile(), "changeit".toCharArray())
                        .getCertificate("app");
        assertThat(header.path("alg").asText()).isEqualTo("RS256");
        assertThat(Base64.getDecoder().decode(header.path("x5t#S256").asText()))
                .as("msal4j writes it in plain base64")
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        assertThat(claims.path("aud").asText())
                .isEqualTo("https://login.microsoftonline.com/" + CUSTOMER + "/oauth2/v2.0/token");
        assertThat(claims.path("iss").asText()).isEqualTo(APP.clientId().toString());
        assertThat(claims.path("sub").asText()).isEqualTo(APP.clientId().toString());
        assertThat(isSignedBy(certificate, parts)).isTrue();
    }

    @Test
    void R22_aCertificateThatCannotSignIsAFailureAndNothingIsSent(@TempDir Path folder) throws Exception {
        ClientProof proof = certificate(folder, "EC");

        CpvFailure failure = failureOf(() ->
                redemption(proof).redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), store, null));

        assertThat(failure.code()).isEqualTo(FailureCode.CLIENT_CERTIFICATE_REJECTED);
        assertThat(service.received()).isEmpty();
    }

    @Test
    void R25_aRefusalIsToldApartByWhatTheWireSaid() {
        service.answer(TokenFixtures.consentMissing());

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_MISSING);
        assertThat(failure.serviceCode()).contains("AADSTS65001");
        assertThat(failure.requestId()).contains("11111111-1111-1111-1111-111111111111");
        assertThat(service.received()).hasSize(1);
    }

    @Test
    void R25_theSameRefusalMeansSomethingElseInThePartnerTenant() {
        service.answer(TokenFixtures.consentMissing());

        CpvFailure failure = failureOf(() ->
                redemption(secret()).redeem(context(PARTNER, clock), new TokenCache.Key(PARTNER, GRAPH), store, null));

        assertThat(failure.code()).isEqualTo(FailureCode.PARTNER_APP_NOT_CONSENTED);
    }

    @Test
    void R26_aThrottledRedemptionWaitsAsLongAsItIsAsked() {
        service.answer(Answer.of(429, "").with("Retry-After", "7")).answer(issued(jwt(CUSTOMER, "s")));
        RefreshContext context = context(CUSTOMER, clock);

        redemption(secret()).redeem(context, new TokenCache.Key(CUSTOMER, GRAPH), store, null);

        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(7));
        assertThat(context.requests()).isEqualTo(2);
    }

    @Test
    void R26_anOutageIsTriedSixTimesWhateverTheBodyIs() {
        service.behave(request -> new Answer(503, Map.of("Content-Type", "text/html"), "<html>Busy</html>"));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_UNAVAILABLE);
        assertThat(failure.retryable()).isTrue();
        assertThat(service.received()).hasSize(6);
    }

    @Test
    void R26_aLostAnswerIsAskedForAgain() {
        service.answer(Answer.lost()).answer(issued(jwt(CUSTOMER, "s")));

        assertThat(redeem().tenant()).contains(CUSTOMER);
        assertThat(service.received()).hasSize(2);
    }

    @Test
    void R26_aWaitPastTheDeadlineEndsAsThrottled() {
        service.behave(request -> Answer.of(429, "").with("Retry-After", "3600"));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.THROTTLED);
        assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
        assertThat(clock.sleeps()).isEmpty();
    }

    /** The token library can wait for ever on certain answers, so it is given none: only one of ours, always the same. */
    @ParameterizedTest
    @CsvSource({
        "200, '{\"access_token\":\"of the wire\",\"expires_in\":3600}'",
        "200, '{}'",
        "200, '<html>Sign in to the proxy</html>'",
        "200, ''",
        "400, '{\"error\":\"invalid_grant\",\"error_description\":\"Of the wire\"}'",
        "503, 'Busy'"
    })
    void R25_theTokenLibraryIsGivenTheSameMadeUpAnswerWhateverCame(int status, String body) throws Exception {
        service.answer(new Answer(status, Map.of("Content-Type", "application/json", "X-Of-The-Wire", "yes"), body));
        MicrosoftCloud cloud = TokenFixtures.cloud(service);
        TokenEndpoint endpoint = new TokenEndpoint(cloud, APP.clientId(), secret(), wire(cloud, clock));
        TokenEndpoint.Recorder recorder = endpoint.new Recorder(context(CUSTOMER, clock));
        List<IHttpResponse> given = new ArrayList<>();

        IAuthenticationResult made = ConfidentialClientApplication.builder(
                        APP.clientId().toString(), ClientCredentialFactory.createFromSecret(SECRET))
                .authority(cloud.authority() + "/" + CUSTOMER + "/")
                .instanceDiscovery(false)
                .httpClient(request -> {
                    given.add(recorder.send(request));
                    return given.get(0);
                })
                .build()
                .acquireToken(RefreshTokenParameters.builder(Set.of(GRAPH + "/.default"), REFRESH_TOKEN)
                        .build())
                .join();

        assertThat(given).singleElement().satisfies(answer -> {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers()).isEqualTo(Map.of("Content-Type", List.of("application/json")));
            assertThat(answer.body()).isEqualTo("{\"token_type\":\"Bearer\",\"access_token\":\"-\",\"expires_in\":1}");
        });
        assertThat(made.accessToken()).isEqualTo("-");
        assertThat(recorder.answer(null).status()).isEqualTo(status);
        assertThat(recorder.answer(null).body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"access_token\":\"cut", "[]", ""})
    void R25_anAnswerWithoutATokenIsUnreadableWhateverItsShape(String body) {
        service.answer(new Answer(200, Map.of("Content-Type", "application/json"), body));

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void aSuccessWithoutATokenIsUnreadable() {
        service.answer(new Answer(200, Map.of("Content-Type", "text/html"), "<html>Sign in to the proxy</html>"));

        assertThat(failure().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void anIdTokenThatCannotBeReadDoesNotMatter() {
        Answer answer = issued(jwt(CUSTOMER, "s"));
        service.answer(Answer.of(200, answer.body().replace("{", "{\"id_token\":\"no.such\",\"client_info\":\"?\",")));

        assertThat(redeem().tenant()).contains(CUSTOMER);
    }

    @Test
    void anAnswerWithoutALifetimeIsUsedOnceAndNotKept() {
        service.answer(Answer.of(200, "{\"access_token\":\"" + jwt(CUSTOMER, "s") + "\"}"));

        assertThat(redeem().expiresAt()).isEqualTo(START);
    }

    @Test
    void R24_aRedirectIsNotFollowed() {
        service.answer(
                Answer.of(307, "").with("Location", service.url("elsewhere").toString()));

        assertThat(failure().retryable()).isFalse();
        assertThat(service.received()).hasSize(1);
    }

    @Test
    void anEndedOperationSendsNothing() {
        RefreshContext context = RefreshContext.start(
                CUSTOMER, TenantRoute.CUSTOMER, RefreshOptions.defaults().withTimeout(Duration.ofSeconds(1)), START);
        clock.advance(Duration.ofSeconds(1));

        CpvFailure failure =
                failureOf(() -> redemption(secret()).redeem(context, new TokenCache.Key(CUSTOMER, GRAPH), store, null));

        assertThat(failure.code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
        assertThat(service.received()).isEmpty();
    }

    @Test
    void everythingRunsOnTheCallersThread() {
        service.behave(request -> issued(jwt(CUSTOMER, "s")));
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Thread[] reader = new Thread[1];
        RefreshTokenStore watching = new BrokenStore(REFRESH_TOKEN) {
            @Override
            public boolean replace(String expected, String replacement) {
                reader[0] = Thread.currentThread();
                return true;
            }
        };

        redemption(secret()).redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), watching, null);

        assertThat(reader[0]).isSameAs(Thread.currentThread());
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::getName))
                .noneMatch(name -> name.contains("ForkJoinPool.commonPool"));
    }

    @Test
    void R23_whatIsSaidBackIsNotToldAgain() {
        service.answer(refused(400, "invalid_request", 90000, "Cannot read " + SECRET + " and " + REFRESH_TOKEN + "."));

        assertThat(failure().message()).contains("Cannot read [removed] and [removed].");
    }

    @Test
    void R23_noSecretIsLoggedOrThrown() {
        String accessToken = jwt(CUSTOMER, "signature-of-the-access-token");
        service.answer(issued(accessToken))
                .answer(refused(401, "invalid_client", 7000215, "Invalid client secret provided."))
                .answer(issued(jwt(claims(OTHER).toString(), "signature-of-the-access-token")))
                .answer(new Answer(200, Map.of(), accessToken));
        StringWriter said = new StringWriter();
        ClientProof proof = secret();

        said.append(logOf(() -> {
            for (int i = 0; i < 4; i++) {
                Throwable thrown = catchThrowable(() -> redemption(proof)
                        .redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), store, null));
                if (thrown != null) {
                    thrown.printStackTrace(new PrintWriter(said, true));
                }
            }
        }));
        said.append(proof.toString())
                .append(AppCredentials.withSecret(SECRET, store).toString())
                .append(store.toString());

        assertThat(service.received()).hasSize(4);
        assertThat(said.toString())
                .contains("CLIENT_SECRET_INVALID", "WRONG_TENANT", "ANSWER_UNREADABLE", "com.microsoft.aad.msal4j")
                .doesNotContain(SECRET, REFRESH_TOKEN, ROTATED, "signature-of-the-access-token", "eyJ");
    }

    private AccessToken redeem() {
        return redemption(secret()).redeem(context(CUSTOMER, clock), new TokenCache.Key(CUSTOMER, GRAPH), store, null);
    }

    private CpvFailure failure() {
        return failureOf(this::redeem);
    }

    private Received onlyRequest() {
        assertThat(service.received()).hasSize(1);
        return service.received().get(0);
    }

    private Redemption redemption(ClientProof proof) {
        return redemption(TokenFixtures.cloud(service), proof);
    }

    private Redemption redemption(MicrosoftCloud cloud, ClientProof proof) {
        Wire wire = wire(cloud, clock);
        TenantId partner = APP.partnerTenant();
        return new Redemption(
                new TokenEndpoint(cloud, APP.clientId(), proof, wire), partner, new Retries(clock, clock), clock);
    }

    private ClientProof certificate(Path folder, String algorithm) throws IOException, InterruptedException {
        Path file = folder.resolve("app.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "app",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=cpv",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit");
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return ClientProof.certificate(file, "changeit".toCharArray());
    }

    private static JsonNode decoded(String part) {
        return Json.readOrMissing(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    private static boolean isSignedBy(X509Certificate certificate, String[] jwt) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(certificate);
        signature.update(String.join(".", Arrays.copyOf(jwt, 2)).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(jwt[2]));
    }

    /** Cannot be written, and cannot be read if it is told so. */
    private static class BrokenStore implements RefreshTokenStore {
        private final String token;

        BrokenStore(String token) {
            this.token = token;
        }

        @Override
        public String current() {
            if (token.equals("broken")) {
                throw new IllegalStateException("The store is broken");
            }
            return token;
        }

        @Override
        public boolean replace(String expected, String replacement) {
            throw new IllegalStateException("The store is broken: " + replacement);
        }
    }
}
