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
import static dev.cpv.graph.internal.token.TokenFixtures.source;
import static dev.cpv.graph.internal.token.TokenFixtures.wire;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.internal.resilience.ConsentLimit;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.ScriptedService;
import dev.cpv.graph.internal.token.ScriptedService.Answer;
import dev.cpv.graph.internal.token.ScriptedService.Received;
import dev.cpv.graph.internal.token.TokenFixtures;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R19: the consent is withdrawn through Partner Center. */
class ConsentRemovalTest {
    private final ManualClock clock = new ManualClock(START);
    private final AtomicInteger issuedTokens = new AtomicInteger();
    private ScriptedService service;
    private PartnerCenterConsent consent;
    private RefreshContext context;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedService();
        MicrosoftCloud cloud = cloud(service);
        Retries retries = new Retries(clock, clock);
        consent = new PartnerCenterConsent(
                APP,
                cloud,
                source(service, clock, RefreshTokenStore.inMemory(REFRESH_TOKEN), Map.of()),
                wire(cloud, clock),
                retries,
                new ConsentLimit(1, retries, clock));
        context = context(CUSTOMER, clock);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void R19_anySuccessIsApplied(int status) {
        answerWith(Answer.of(status, ""));

        assertThat(consent.withdraw(context).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(removals()).singleElement().satisfies(removal -> {
            assertThat(removal.method()).isEqualTo("DELETE");
            assertThat(removal.path())
                    .isEqualTo("/partnercenter/v1/customers/" + CUSTOMER + "/applicationconsents/" + APP.clientId());
            assertThat(removal.body()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{\"code\":\"1000\",\"description\":\"Not found\",\"data\":[],\"source\":\"PartnerFD\"}"
            })
    void R19_aConsentThatIsNotThereIsAlreadySo(String body) {
        answerWith(Answer.of(404, body));

        assertThat(consent.withdraw(context).status()).isEqualTo(StepResult.Status.UNCHANGED);
    }

    @ParameterizedTest
    @CsvSource({
        "404, 60003, TENANT_GONE",
        "404, 900118, CUSTOMER_NOT_FOUND",
        "403, 2032, PARTNER_CENTER_ACCESS_DENIED",
        "401, 900421, SERVICE_ACCOUNT_MFA_REQUIRED"
    })
    void R25_aRefusalIsToldApartAndNotRepeated(int status, String code, FailureCode expected) {
        answerWith(error(status, code));

        assertThat(consent.withdraw(context).failure().orElseThrow().code()).isEqualTo(expected);
        assertThat(removals()).hasSize(1);
    }

    @Test
    void R26_whatPassesIsRepeatedWithTheSameRequestId() {
        answerWith(Answer.of(500, ""), Answer.lost(), Answer.of(429, ""), Answer.of(200, ""));

        assertThat(consent.withdraw(context).status()).isEqualTo(StepResult.Status.APPLIED);

        assertThat(removals().stream().map(removal -> removal.header("MS-RequestId")))
                .hasSize(4)
                .containsOnly(removals().get(0).header("MS-RequestId"));
    }

    @Test
    void R21_aRefusedTokenIsDroppedAndFetchedAnewOnce() {
        answerWith(error(401, "400"), Answer.of(200, ""));

        assertThat(consent.withdraw(context).status()).isEqualTo(StepResult.Status.APPLIED);
        assertThat(removals().stream().map(removal -> removal.header("Authorization")))
                .containsExactly("Bearer " + jwt(PARTNER, "token-1"), "Bearer " + jwt(PARTNER, "token-2"));
    }

    @Test
    void R29_removalsTakeTurnsWithConsents() {
        answerWith(Answer.of(200, ""));

        consent.withdraw(context);
        assertThat(clock.sleeps()).isEmpty();
        consent.withdraw(context(OTHER, clock));

        assertThat(clock.sleeps()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = TenantRoute.class,
            names = {"PARTNER", "DIRECT"})
    void R7_onlyACustomersConsentIsWithdrawn(TenantRoute route) {
        answerWith(Answer.of(200, ""));

        StepResult result = consent.withdraw(context(route == TenantRoute.PARTNER ? PARTNER : OTHER, route, clock));

        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_ROUTE);
        assertThat(service.received()).isEmpty();
    }

    private List<Received> removals() {
        return service.received("/partnercenter/");
    }

    private static Answer error(int status, String code) {
        return Answer.of(
                status, "{\"code\":\"" + code + "\",\"description\":\"No.\",\"data\":[],\"source\":\"PartnerFD\"}");
    }

    /** Partner Center answers with these, the last one for ever; each token is another one. */
    private void answerWith(Answer... answers) {
        AtomicInteger next = new AtomicInteger();
        service.behave(request -> request.path().startsWith("/login/")
                ? issued(jwt(TokenFixtures.tenantIn(request), "token-" + issuedTokens.incrementAndGet()))
                : answers[Math.min(next.getAndIncrement(), answers.length - 1)]);
    }
}
