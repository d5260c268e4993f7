package dev.cpv.graph.internal.consent;

import static dev.cpv.graph.internal.token.TokenFixtures.APP;
import static dev.cpv.graph.internal.token.TokenFixtures.CUSTOMER;
import static dev.cpv.graph.internal.token.TokenFixtures.OTHER;
import static dev.cpv.graph.internal.token.TokenFixtures.PARTNER;
import static dev.cpv.graph.internal.token.TokenFixtures.REFRESH_TOKEN;
import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static dev.cpv.graph.internal.token.TokenFixtures.cloud;
import static dev.cpv.graph.internal.token.TokenFixtures.context;
import static dev.cpv.graph.internal.token.TokenFixtures.issued;
import static dev.cpv.graph.internal.token.TokenFixtures.jwt;
import static dev.cpv.graph.internal.token.TokenFixtures.logOf;
import static dev.cpv.graph.internal.token.TokenFixtures.refused;
import static dev.cpv.graph.internal.token.TokenFixtures.source;
import static dev.cpv.graph.internal.token.TokenFixtures.wire;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.resilience.ConsentLimit;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.ScriptedService;
import dev.cpv.graph.internal.token.ScriptedService.Answer;
import dev.cpv.graph.internal.token.ScriptedService.Received;
import dev.cpv.graph.internal.token.TokenFixtures;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Remediation.Party;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartnerCenterConsentTest {
    private static final String CHALLENGE =
            "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1700000000\"}}}";
    private static final PlanStep.Consent STEP = new PlanStep.Consent(
            AppId.MICROSOFT_GRAPH, List.of("DelegatedPermissionGrant.ReadWrite.All", "Application.ReadWrite.All"));
    private static final String PATH = "/partnercenter/v1/customers/" + CUSTOMER + "/applicationconsents";

    private final ManualClock clock = new ManualClock(START);
    private final AtomicInteger issuedTokens = new AtomicInteger();
    private ScriptedService service;
    private PartnerCenterConsent consent;
    private RefreshContext context;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService();
        consent = consent(ConsentLimit.PER_SECOND);
        context = context(CUSTOMER, clock);
        answerConsentWith(Answer.of(201, ""));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void R5_oneResourceIsConsentedWithOnePost() throws IOException {
        StepResult result = consent.consent(context, STEP);

        assertThat(result.status()).isEqualTo(StepResult.Status.APPLIED);
        assertThat(context.requests()).isEqualTo(2);
        assertThat(posts()).hasSize(1);
        Received post = posts().get(0);
        assertThat(post.method()).isEqualTo("POST");
        assertThat(post.path()).isEqualTo(PATH);
        assertThat(post.header("Authorization")).isEqualTo("Bearer " + jwt(PARTNER, "token-1"));
        assertThat(post.header("Accept")).isEqualTo("application/json");
        assertThat(post.header("Content-Type")).startsWith("application/json");
        assertThat(post.header("MS-Contract-Version")).isEqualTo("v1");
        assertThat(post.header("MS-CorrelationId"))
                .isEqualTo(context.correlationId().toString());
        assertThat(post.header("MS-RequestId")).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(post.header("ValidateMfa")).isEqualTo("true");
        JsonNode expected = new ObjectMapper()
                .readTree("{\"applicationId\":\"" + APP.clientId() + "\",\"applicationGrants\":[{"
                        + "\"enterpriseApplicationId\":\"00000003-0000-0000-c000-000000000000\","
                        + "\"scope\":\"Application.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All\"}]}");
        assertThat(new ObjectMapper().readTree(post.body())).isEqualTo(expected);
    }

    @Test
    void R5_everyCallHasARequestIdOfItsOwn() {
        consent.consent(context, STEP);
        consent.consent(context, STEP);

        assertThat(requestIds()).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void R5_aRetryKeepsTheRequestId(int status) {
        answerConsentWith(Answer.of(status, ""), Answer.of(201, ""));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(requestIds()).hasSize(2);
        assertThat(requestIds().get(1)).isEqualTo(requestIds().get(0));
        assertThat(clock.sleeps()).isNotEmpty();
    }

    @Test
    void R5_aLostAnswerIsAskedForAgainWithTheSameRequestId() {
        answerConsentWith(Answer.lost(), Answer.of(201, ""));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(requestIds()).hasSize(2);
        assertThat(requestIds().get(1)).isEqualTo(requestIds().get(0));
    }

    @Test
    void R26_theGatewaysSentenceSaysHowLongToWait() {
        answerConsentWith(
                Answer.of(429, "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 57 seconds.\"}"),
                Answer.of(201, ""));

        consent.consent(context, STEP);

        assertThat(clock.sleeps()).contains(Duration.ofSeconds(57));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409})
    void R6_anEntryThatExistsIsAlreadySo(int status) {
        answerConsentWith(error(status, "1", "Permission entry already exists."));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.UNCHANGED);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void R25_aRefusalIsToldApartAndNotRepeated() {
        answerConsentWith(error(403, "2032", "Access denied"));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.PARTNER_CENTER_ACCESS_DENIED);
        assertThat(failure.serviceCode()).contains("2032");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void R26_anOutageEndsAfterSixTries() {
        answerConsentWith(Answer.of(500, ""));

        assertThat(failure().code()).isEqualTo(FailureCode.SERVICE_UNAVAILABLE);
        assertThat(posts()).hasSize(6);
    }

    @Test
    void R29_everyPostTakesItsTurn() {
        consent = consent(1);
        answerConsentWith(Answer.of(201, ""));

        consent.consent(context, STEP);
        assertThat(clock.sleeps()).isEmpty();
        consent.consent(context(OTHER, clock), STEP);

        assertThat(clock.sleeps()).hasSize(1);
    }

    @Test
    void aRefusedTokenIsDroppedAndFetchedAnewOnce() {
        answerConsentWith(error(401, "400", "Access denied"), Answer.of(201, ""));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(posts().stream().map(post -> post.header("Authorization")))
                .containsExactly("Bearer " + jwt(PARTNER, "token-1"), "Bearer " + jwt(PARTNER, "token-2"));
        assertThat(requestIds().get(1)).isEqualTo(requestIds().get(0));
    }

    @Test
    void aTokenThatIsRefusedTwiceIsAFailure() {
        answerConsentWith(error(401, "400", "Access denied"));

        assertThat(failure().code()).isEqualTo(FailureCode.TOKEN_REFUSED);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void R28_missingMfaIsNotMendedByANewToken() {
        answerConsentWith(error(401, "900421", "Unauthorized - MFA required"));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(posts()).hasSize(1);
        assertThat(issuedTokens).hasValue(1);
    }

    @Test
    void aTokenWithoutMfaIsLoggedWithTheServiceAccountsName() {
        answerConsentWith(Answer.of(201, "").with("isMfaCompliant", "false"));

        String log = logOf(() -> consent.consent(context, STEP));

        assertThat(log)
                .contains("service account service@partner.example", "MFA")
                .doesNotContain("eyJ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"isMfaCompliant\":false}", "{\"data\":{\"IsMfaCompliant\":\"False\"}}"})
    void aTokenWithoutMfaMayBeToldInTheBody(String body) {
        answerConsentWith(Answer.of(201, body));

        String log =
                logOf(() -> assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED));

        assertThat(log).contains("service account service@partner.example", "MFA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"isMfaCompliant\":true}",
                "{\"isMfaCompliant\":null}",
                "{\"isMfaCompliant\":{}}",
                "isMfaCompliant"
            })
    void anyOtherBodySaysNothingOfMfa(String body) {
        answerConsentWith(Answer.of(201, body));

        assertThat(logOf(() -> consent.consent(context, STEP))).doesNotContain("service account");
    }

    @Test
    void R21_aClaimsChallengeIsAnsweredWithANewTokenOnce() throws IOException {
        answerConsentWith(challenged(CHALLENGE), Answer.of(201, ""));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(posts()).hasSize(2);
        assertThat(requestIds()).hasSize(2).containsOnly(requestIds().get(0));
        assertThat(issuedTokens).hasValue(2);
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(service.received("/login/").get(1).form().get("claims")))
                .isEqualTo(json.readTree(CHALLENGE));
    }

    @Test
    void R21_aClaimsChallengeThatComesAgainIsThePartnersToAnswer() {
        answerConsentWith(challenged(CHALLENGE), challenged(CHALLENGE));

        CpvFailure failure = failure();

        assertThat(failure.code()).isEqualTo(FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED);
        assertThat(failure.remediation().party()).isEqualTo(Party.PARTNER);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void R21_aGarbledClaimsChallengeCountsAsARefusedToken() {
        Answer garbled = error(401, "400", "Access denied")
                .with("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"e30\"");
        answerConsentWith(garbled, Answer.of(201, ""));

        assertThat(consent.consent(context, STEP).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(service.received("/login/"))
                .hasSize(2)
                .noneMatch(request -> request.form().containsKey("claims"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", ""})
    void aTokenWithMfaIsNotWorthALine(String header) {
        Answer answer = Answer.of(201, "");
        answerConsentWith(header.isEmpty() ? answer : answer.with("isMfaCompliant", header));

        assertThat(logOf(() -> consent.consent(context, STEP))).doesNotContain("service account");
    }

    @Test
    void R7_thePartnerTenantIsNeverConsentedThroughPartnerCenter() {
        for (TenantRoute route : List.of(TenantRoute.PARTNER, TenantRoute.CUSTOMER)) {
            StepResult result = consent.consent(context(PARTNER, route, clock), STEP);

            CpvFailure failure = result.failure().orElseThrow();
            assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_ROUTE);
            assertThat(failure.remediation().party()).isEqualTo(Party.PARTNER);
        }
        assertThat(service.received()).isEmpty();
    }

    @Test
    void R7_aDirectTenantsAdministratorIsToldWhereToConsent() {
        StepResult result = consent.consent(context(OTHER, TenantRoute.DIRECT, clock), STEP);

        CpvFailure failure = result.failure().orElseThrow();
        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_ROUTE);
        assertThat(failure.remediation().party()).isEqualTo(Party.CUSTOMER);
        assertThat(failure.remediation().action())
                .contains("https://login.microsoftonline.com/" + OTHER + "/adminconsent?client_id=" + APP.clientId());
        assertThat(service.received()).isEmpty();
    }

    @Test
    void withoutATokenTheStepFailsAndNothingIsThrown() {
        service.behave(request -> refused(400, "invalid_grant", 50173, "The grant was revoked."));

        assertThat(failure().code()).isEqualTo(FailureCode.REFRESH_TOKEN_REVOKED);
        assertThat(posts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "DEADLINE_EXCEEDED"})
    void R18_anEndedOperationConsentsToNothing(FailureCode code) {
        consent.consent(context, STEP); // The token is at hand.
        Cancellation cancellation = new Cancellation();
        RefreshContext ended = RefreshContext.start(
                CUSTOMER,
                TenantRoute.CUSTOMER,
                RefreshOptions.defaults().withCancellation(cancellation),
                clock.instant());
        if (code == FailureCode.CANCELLED) {
            cancellation.cancel();
        } else {
            clock.advance(RefreshOptions.defaults().timeout());
        }

        StepResult result = consent.consent(ended, STEP);

        assertThat(result.failure().orElseThrow().code()).isEqualTo(code);
        assertThat(posts()).hasSize(1);
    }

    private PartnerCenterConsent consent(int perSecond) {
        MicrosoftCloud cloud = cloud(service);
        Retries retries = new Retries(clock, clock);
        return new PartnerCenterConsent(
                APP,
                cloud,
                source(service, clock, RefreshTokenStore.inMemory(REFRESH_TOKEN), Map.of()),
                wire(cloud, clock),
                retries,
                new ConsentLimit(perSecond, retries, clock));
    }

    private CpvFailure failure() {
        return consent.consent(context, STEP).failure().orElseThrow();
    }

    private List<Received> posts() {
        return service.received("/partnercenter/");
    }

    private List<String> requestIds() {
        return posts().stream().map(post -> post.header("MS-RequestId")).toList();
    }

    private static Answer error(int status, String code, String description) {
        return Answer.of(
                status,
                "{\"code\":\"" + code + "\",\"description\":\"" + description
                        + "\",\"data\":[],\"source\":\"PartnerFD\"}");
    }

    /** Partner Center answers with these, the last one for ever; each token is another one. */
    private void answerConsentWith(Answer... answers) {
        AtomicInteger next = new AtomicInteger();
        service.behave(request -> request.path().startsWith("/login/")
                ? issued(jwt(TokenFixtures.tenantIn(request), "token-" + issuedTokens.incrementAndGet()))
                : answers[Math.min(next.getAndIncrement(), answers.length - 1)]);
    }

    private static Answer challenged(String claims) {
        return error(401, "400", "Access denied")
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"\", error=\"insufficient_claims\", claims=\""
                                + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "\"");
    }
}
