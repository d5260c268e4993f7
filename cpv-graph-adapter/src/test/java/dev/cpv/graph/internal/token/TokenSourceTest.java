package dev.cpv.graph.internal.token;

import static dev.cpv.graph.internal.token.TokenFixtures.CUSTOMER;
import static dev.cpv.graph.internal.token.TokenFixtures.OTHER;
import static dev.cpv.graph.internal.token.TokenFixtures.PARTNER;
import static dev.cpv.graph.internal.token.TokenFixtures.REFRESH_TOKEN;
import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static dev.cpv.graph.internal.token.TokenFixtures.claims;
import static dev.cpv.graph.internal.token.TokenFixtures.context;
import static dev.cpv.graph.internal.token.TokenFixtures.failureOf;
import static dev.cpv.graph.internal.token.TokenFixtures.issued;
import static dev.cpv.graph.internal.token.TokenFixtures.issuedAsAsked;
import static dev.cpv.graph.internal.token.TokenFixtures.jwt;
import static dev.cpv.graph.internal.token.TokenFixtures.refused;
import static dev.cpv.graph.internal.token.TokenFixtures.source;
import static dev.cpv.graph.internal.token.TokenFixtures.tenantIn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.token.ScriptedService.Answer;
import dev.cpv.graph.internal.token.ScriptedService.Received;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSourceTest {
    private final ManualClock clock = new ManualClock(START);
    private final RefreshTokenStore store = RefreshTokenStore.inMemory(REFRESH_TOKEN);
    private ScriptedService service;
    private TokenSource source;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService();
        service.behave(TokenFixtures::issuedAsAsked);
        source = source(service, clock, store, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void R21_everyTokenIsAskedForInItsTenantAndForItsAudienceOnce() {
        RefreshContext context = context(CUSTOMER, clock);

        for (int round = 0; round < 2; round++) {
            assertThat(source.graph(context).tenant()).contains(CUSTOMER);
            assertThat(source.partnerGraphCredential(context).token().tenant()).contains(PARTNER);
            assertThat(source.partnerCenterCredential(context).token().tenant()).contains(PARTNER);
        }

        assertThat(service.received().stream().map(TokenSourceTest::asked))
                .containsExactly(
                        CUSTOMER + " https://graph.microsoft.com/.default",
                        PARTNER + " https://graph.microsoft.com/.default",
                        PARTNER + " https://api.partnercenter.microsoft.com/.default");
        assertThat(context.requests()).isEqualTo(3);
    }

    @Test
    void R21_aDroppedTenantsTokenIsFetchedAnew() {
        RefreshContext context = context(CUSTOMER, clock);
        source.graph(context);
        source.partnerCenterCredential(context).token();
        source.drop(CUSTOMER);

        source.graph(context);
        source.partnerCenterCredential(context).token();

        assertThat(service.received(CUSTOMER.toString())).hasSize(2);
        assertThat(service.received(PARTNER.toString())).hasSize(1);
        source.drop(PARTNER);
        source.partnerCenterCredential(context).token();
        assertThat(service.received(PARTNER.toString())).hasSize(2);
    }

    @Test
    void R21_aRefusalThatComesLateKeepsTheTokenThatReplacedTheRefusedOne() {
        RefreshContext context = context(CUSTOMER, clock);
        Credential early = source.graphCredential(context);
        Credential late = source.graphCredential(context);
        AccessToken refused = early.token();
        source.partnerGraphCredential(context).token();
        early.drop(refused);
        AccessToken renewed = early.token();

        late.drop(refused);

        assertThat(renewed).isNotSameAs(refused);
        assertThat(late.token()).isSameAs(renewed);
        assertThat(service.received(CUSTOMER.toString())).hasSize(2);
        source.partnerGraphCredential(context).token();
        assertThat(service.received(PARTNER.toString())).hasSize(1);
    }

    @Test
    void R21_concurrentRequestsWhoseTokenIsRefusedRenewItOnce() throws Exception {
        int requests = 12;
        AccessToken refused = source.graph(context(CUSTOMER, clock));
        CyclicBarrier allSent = new CyclicBarrier(requests);
        ExecutorService threads = Executors.newFixedThreadPool(requests);
        try {
            Callable<Integer> request = () -> AuthorizedSender.send(
                            source.graphCredential(context(CUSTOMER, clock)),
                            token -> new WireAnswer(token == refused ? refusedTogether(allSent) : 200, Map.of(), ""))
                    .status();
            for (Future<Integer> status : threads.invokeAll(Collections.nCopies(requests, request))) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(service.received(CUSTOMER.toString())).hasSize(2);
    }

    private static int refusedTogether(CyclicBarrier all) {
        try {
            all.await(30, TimeUnit.SECONDS);
            return 401;
        } catch (Exception e) {
            throw new AssertionError("Not all requests were sent with the same token", e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-600, 600})
    void R21_whatATokenClaimsOfItsTimesIsNotComparedWithOurClock(int skew) {
        long entra = START.getEpochSecond() + skew;
        String claims =
                claims(CUSTOMER).put("nbf", entra + 300).put("exp", entra - 300).toString();
        service.behave(request -> issued(jwt(claims, "s")));
        RefreshContext context = context(CUSTOMER, clock);

        AccessToken token = source.graph(context);

        assertThat(token.expiresAt()).isEqualTo(START.plusSeconds(3600));
        assertThat(source.graph(context)).isSameAs(token);
        assertThat(service.received()).hasSize(1);
    }

    @Test
    void R21_aClaimsChallengeReplacesTheTokenThatWasChallenged() {
        RefreshContext context = context(CUSTOMER, clock);
        AccessToken challenged = source.graph(context);
        source.partnerGraphCredential(context).token();

        AccessToken answered = source.graphCredential(context).answer(challenge());

        assertThat(answered).isNotSameAs(challenged);
        assertThat(source.graph(context)).isSameAs(answered);
        assertThat(service.received(CUSTOMER.toString()))
                .extracting(request -> request.form().containsKey("claims"))
                .containsExactly(false, true);
        assertThat(service.received(PARTNER.toString()))
                .as("others' tokens stay")
                .hasSize(1);
    }

    @Test
    void R21_aClaimsChallengeThatIsNotAnsweredLeavesNoToken() {
        RefreshContext context = context(CUSTOMER, clock);
        source.graph(context);
        service.answer(TokenFixtures.refused(400, "interaction_required", 50076, "MFA."));

        assertThat(failureOf(() -> source.graphCredential(context).answer(challenge()))
                        .code())
                .isEqualTo(FailureCode.EXTRA_AUTHENTICATION_REQUIRED);

        source.graph(context);
        assertThat(service.received(CUSTOMER.toString())).hasSize(3);
    }

    private static ClaimsChallenge challenge() {
        String claims = Base64.getEncoder()
                .encodeToString("{\"access_token\":{\"nbf\":{\"value\":\"1\"}}}".getBytes(StandardCharsets.UTF_8));
        return ClaimsChallenge.in(new WireAnswer(
                        401,
                        Map.of("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"" + claims + "\""),
                        ""))
                .orElseThrow();
    }

    @Test
    void R21_aTokenOfAWrongTenantIsNotKept() {
        service.answer(issued(jwt(OTHER, "s")));
        RefreshContext context = context(CUSTOMER, clock);

        assertThat(failureOf(() -> source.graph(context)).code()).isEqualTo(FailureCode.WRONG_TENANT);

        assertThat(source.graph(context).tenant()).contains(CUSTOMER);
    }

    @Test
    void thePartnersOwnTenantHasOneGraphToken() {
        AccessToken token = source.graph(context(PARTNER, clock));

        assertThat(source.partnerGraphCredential(context(CUSTOMER, clock)).token())
                .isSameAs(token);
    }

    @Test
    void R4_whereConsentIsMissingTheCustomersEndpointAloneIsAsked() {
        service.answer(TokenFixtures.consentMissing());

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_MISSING);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(service.received()).hasSize(1);
    }

    @Test
    void R7_aDirectTenantRedeemsItsOwnRefreshToken() {
        RefreshTokenStore own = RefreshTokenStore.inMemory("a-direct-tenants-refresh-token");
        source = source(service, clock, store, Map.of(OTHER, own));
        RefreshContext context = context(OTHER, TenantRoute.DIRECT, clock);

        source.graph(context);

        assertThat(service.received().get(0).form()).containsEntry("refresh_token", "a-direct-tenants-refresh-token");
        assertThat(own.current()).isEqualTo(TokenFixtures.ROTATED);
        assertThat(store.current()).isEqualTo(REFRESH_TOKEN);
    }

    @Test
    void R7_aDirectTenantWithoutAStoreFailsAlone() {
        CpvFailure failure = failureOf(() -> source.graph(context(OTHER, TenantRoute.DIRECT, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_STORE_FAILED);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(service.received()).isEmpty();
    }

    @Test
    void R28_aDirectTenantsRevokedRefreshTokenIsItsOwnAffair() {
        source = source(service, clock, store, Map.of(OTHER, RefreshTokenStore.inMemory("own")));
        behave(OTHER.toString(), revoked());

        CpvFailure failure = failureOf(() -> source.graph(context(OTHER, TenantRoute.DIRECT, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
    }

    @Test
    void R28_aPartnerWideFailureIsConfirmedInThePartnerTenant() {
        service.behave(request -> revoked());
        RefreshContext context = context(CUSTOMER, clock);

        CpvFailure failure = failureOf(() -> source.graph(context));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(service.received().stream().map(TokenFixtures::tenantIn)).containsExactly(CUSTOMER, PARTNER);
        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void R28_whatThePartnerTenantDoesNotConfirmIsTheTenants() {
        source.partnerGraphCredential(context(CUSTOMER, clock)).token();
        behave(CUSTOMER.toString(), revoked());

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(failure.retryable()).isFalse();
        assertThat(service.received(PARTNER.toString()))
                .as("a token that is kept confirms nothing")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {7000215, 700027})
    void R28_aCredentialThatIsRefusedTwiceWithinFifteenSecondsIsPartnerWide(int code) {
        service.behave(request -> refused(401, "invalid_client", code, "The credential is not accepted."));

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.serviceCode()).contains("AADSTS" + code);
        assertThat(failure.scope()).isEqualTo(FailureScope.PARTNER);
        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(15));
        assertThat(service.received().stream().map(TokenFixtures::tenantIn))
                .containsExactly(CUSTOMER, PARTNER, PARTNER);
    }

    @Test
    void R28_aCredentialThatIsAcceptedAtTheSecondLookIsWorthAnotherTry() {
        Answer refusal = refused(401, "invalid_client", 7000215, "Invalid client secret provided.");
        service.answer(refusal).answer(refusal);

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.CLIENT_SECRET_INVALID);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(failure.retryable()).isTrue();
        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(15));
    }

    @Test
    void R28_thePartnersOwnEndpointGetsASecondLookToo() {
        service.answer(refused(401, "invalid_client", 7000215, "Invalid client secret provided."));

        assertThat(source.partnerCenterCredential(context(CUSTOMER, clock))
                        .token()
                        .tenant())
                .contains(PARTNER);
        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(15));
    }

    @Test
    void R28_whereThePartnerTenantCannotBeAskedNoRunIsStopped() {
        behave(CUSTOMER.toString(), revoked(), Answer.of(503, ""));

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(failure.scope()).isEqualTo(FailureScope.TENANT);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void R28_anAppThatACustomerDisabledIsNeverPartnerWide() {
        behave(CUSTOMER.toString(), refused(400, "unauthorized_client", 7000112, "Application is disabled."));

        CpvFailure failure = failureOf(() -> source.graph(context(CUSTOMER, clock)));

        assertThat(failure.code()).isEqualTo(FailureCode.APP_DISABLED_BY_CUSTOMER);
        assertThat(service.received()).hasSize(1);
    }

    @Test
    void aDomainIsResolvedByDiscoveryOnceAnHour() {
        service.behave(request -> discovered("https://login.microsoftonline.com/" + CUSTOMER + "/v2.0"));

        assertThat(source.resolve(" Fabrikam.Example ")).isEqualTo(CUSTOMER);
        assertThat(source.resolve("fabrikam.example")).isEqualTo(CUSTOMER);

        assertThat(service.received()).hasSize(1);
        assertThat(service.received().get(0).method()).isEqualTo("GET");
        assertThat(service.received().get(0).path())
                .isEqualTo("/login/fabrikam.example/v2.0/.well-known/openid-configuration");
        clock.advance(Duration.ofHours(1));
        source.resolve("fabrikam.example");
        assertThat(service.received()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {90002, 900023})
    void aDomainOfNoTenantIsNotResolved(int code) {
        service.behave(request -> refused(400, "invalid_tenant", code, "Tenant 'no.example' not found."));

        CpvFailure failure = failureOf(() -> source.resolve("no.example"));

        assertThat(failure.code()).isEqualTo(FailureCode.TENANT_NOT_RESOLVED);
        assertThat(failure.message()).contains("no.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "../common",
                "a.example/b",
                "a.example?x=.y",
                "bbbbbbbb-0000-0000-0000-00000000000b"
            })
    void whatIsNoDomainIsNotAskedFor(String text) {
        assertThat(failureOf(() -> source.resolve(text)).code()).isEqualTo(FailureCode.TENANT_NOT_RESOLVED);
        assertThat(service.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.microsoftonline.com/{tenantid}/v2.0",
                "https://login.microsoftonline.com/------------------------------------/v2.0",
                ""
            })
    void aDocumentThatNamesNoTenantIsUnreadable(String issuer) {
        service.behave(request -> discovered(issuer));

        assertThat(failureOf(() -> source.resolve("fabrikam.example")).code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void anOutageSaysNothingOfADomain() {
        service.behave(request -> Answer.of(503, ""));

        assertThat(failureOf(() -> source.resolve("fabrikam.example")).code())
                .isEqualTo(FailureCode.SERVICE_UNAVAILABLE);
        service.behave(request -> discovered("https://login.microsoftonline.com/" + CUSTOMER + "/v2.0"));
        assertThat(source.resolve("fabrikam.example")).isEqualTo(CUSTOMER);
    }

    /** Lets one tenant's endpoint refuse, and the others issue or answer as told. */
    private void behave(String tenant, Answer refusal, Answer... others) {
        Queue<Answer> script = new ArrayDeque<>(List.of(others));
        service.behave(request -> {
            if (tenantIn(request).toString().equals(tenant)) {
                return refusal;
            }
            Answer other = script.peek();
            return other == null ? issuedAsAsked(request) : other;
        });
    }

    private static Answer revoked() {
        return refused(400, "invalid_grant", 50173, "The provided grant has expired due to it being revoked.");
    }

    private static Answer discovered(String issuer) {
        return Answer.of(200, "{\"issuer\":\"" + issuer + "\"}");
    }

    private static String asked(Received request) {
        String scope = List.of(request.form().getOrDefault("scope", "").split(" ", -1)).stream()
                .filter(word -> word.startsWith("https:"))
                .findFirst()
                .orElse("");
        return tenantIn(request) + " " + scope;
    }
}
