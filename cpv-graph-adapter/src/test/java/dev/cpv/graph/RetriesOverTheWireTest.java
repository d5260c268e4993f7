package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ReadKind;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R26 over the wire: what is sent again, how often, after which pause, and what never is. */
class RetriesOverTheWireTest extends OverTheWire {
    private static final String USER_READ_ALL = "User.Read.All";
    private static final int MOST = 6;

    @ParameterizedTest
    @CsvSource({"2, 2000", "1.5, 1500", "00090, 90000"})
    void R26_aPartWaitsAsLongAsItIsAskedTo(String retryAfter, long millis) {
        SimulatedTenant tenant = withoutOneRole("Throttled part");
        partner.simulator.faults().onPart(tenant.id(), "POST", ROLES).respond(429, retryAfter(retryAfter), THROTTLED);

        assertThat(sleepsDuring(() -> assertMended(tenant))).containsExactly(Duration.ofMillis(millis));
        assertThat(writes(tenant)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"2, 2000", "1.5, 1500"})
    void R26_aBatchOfWritesOrReadsWaitsAsLongAsItIsAskedTo(String retryAfter, long millis) {
        SimulatedTenant tenant = withoutOneRole("Throttled batch");
        partner.simulator.faults().on(tenant.id(), Endpoint.BATCH).respond(429, retryAfter(retryAfter), THROTTLED);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"POST\""))
                .respond(429, retryAfter(retryAfter), THROTTLED);

        assertThat(sleepsDuring(() -> assertMended(tenant)))
                .containsExactly(Duration.ofMillis(millis), Duration.ofMillis(millis));
        assertThat(batches(tenant))
                .as("turned away, read, turned away, written")
                .hasSize(4);
        assertThat(writes(tenant)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"TOKEN_REFRESH", "CONSENT_POST", "BATCH"})
    void R26_aDateIsWaitedFor(Endpoint endpoint) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Dated");
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                partner.time.instant().plusSeconds(90).atOffset(ZoneOffset.UTC));
        partner.simulator.faults().on(tenant.id(), endpoint).respond(429, retryAfter(date), THROTTLED);

        List<Duration> sleeps = sleepsDuring(() -> assertOutcome(refresh(tenant), RefreshOutcome.UPDATED));

        assertThat(sleeps).hasSize(1);
        assertThat(sleeps.get(0)).isBetween(Duration.ofSeconds(88), Duration.ofSeconds(90));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", ""})
    void R26_aRetryAfterOfNoUseIsReplacedByAPauseThatGrows(String useless) {
        SimulatedTenant tenant = withoutOneRole("Useless");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .times(3)
                .respond(429, retryAfter(useless), THROTTLED);

        List<Duration> sleeps = sleepsDuring(() -> assertMended(tenant));

        assertThat(sleeps).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(sleeps.get(i)).isBetween(Duration.ofMillis(750L << i), Duration.ofMillis(1250L << i));
        }
    }

    @ParameterizedTest
    @CsvSource({"5, true", "6, false"})
    void R26_eachPartHasItsOwnCountAndOthersAnswersAreKept(int turnedAway, boolean mended) {
        String unlucky = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";
        SimulatedTenant tenant = inSync("One unlucky part")
                .removeAppRole(ResourceCatalog.EXCHANGE, unlucky)
                .removeAppRole(ResourceCatalog.EXCHANGE, "Exchange.ManageAsApp")
                .removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .when(part -> part.body().contains(unlucky))
                .times(turnedAway)
                .respond(429, retryAfter("1"), THROTTLED);

        CpvResult result = refresh(tenant);

        assertThat(writes(tenant)).hasSize(2 + MOST);
        assertThat(writes(tenant)).filteredOn(part -> part.status() == 429).hasSize(turnedAway);
        if (mended) {
            assertOutcome(result, RefreshOutcome.UPDATED);
            assertHoldsExactlyTheRequiredSet(tenant);
        } else {
            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(missed(result))
                    .containsExactly(
                            Map.entry(ResourceCatalog.EXCHANGE + " Calendars.ReadWrite.All", FailureCode.THROTTLED));
            assertThat(result.worthRetrying()).isTrue();
            assertThat(roles(tenant, ResourceCatalog.GRAPH))
                    .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
        }
    }

    @Test
    void R26_readsThatWereTurnedAwayAreSentAgainWithoutTheOthers() {
        SimulatedTenant tenant = inSync("Throttled read");
        partner.simulator.faults().onPart(tenant.id(), "GET", GRANTS).times(2).respond(429, retryAfter("3"), THROTTLED);

        assertThat(sleepsDuring(() -> assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE)))
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));

        assertThat(sent(tenant).stream()
                        .filter(entry -> entry.endpoint() == Endpoint.BATCH)
                        .map(entry -> entry.parts().size()))
                .containsExactly(4, 1, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, Request_BadRequest, UNKNOWN",
        "403, Authorization_RequestDenied, DELEGATED_ADMIN_ROLE_MISSING",
        "405, Request_BadRequest, UNKNOWN"
    })
    void R26_aPermanentAnswerIsNeverRetried(int status, String code, FailureCode told) {
        SimulatedTenant tenant = withoutOneRole("Refused");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .always()
                .respond(status, JSON, graphError(code, "Nothing that anybody has seen before"));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result).values()).containsExactly(told);
        assertThat(writes(tenant)).hasSize(1);
        assertThat(result.worthRetrying()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"409, Request_ConcurrencyViolation", "400, Not a valid reference update.", "503, ServiceUnavailable"})
    void R26_aPassingAnswerIsRetriedWithoutALook(int status, String said) {
        SimulatedTenant tenant = withoutOneRole("Passing");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .times(2)
                .respond(status, JSON, graphError(said.contains(" ") ? "Request_BadRequest" : said, said));

        assertMended(tenant);

        assertThat(batches(tenant)).containsExactly("GET", "POST", "POST", "POST");
    }

    @Test
    void R26_aResourceThatIsNotReplicatedYetIsWaitedFor() {
        SimulatedTenant tenant = inSync("New Exchange").withoutServicePrincipal(ResourceCatalog.EXCHANGE);
        tenant.behaviour().replicationLag(ReadKind.REFERENCE, Duration.ofSeconds(10), Duration.ofSeconds(10));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).anyMatch(part -> part.status() == 400 || part.status() == 404);
    }

    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"TOKEN_REFRESH", "CONSENT_POST", "BATCH"})
    void R26_aRetryAfterPastTheDeadlineEndsTheTenantAsThrottled(Endpoint endpoint) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Later than the deadline");
        partner.simulator.faults().on(tenant.id(), endpoint).always().respond(429, retryAfter("3600"), THROTTLED);

        List<Duration> sleeps = sleepsDuring(() -> {
            CpvResult result = refresh(tenant);
            CpvFailure failure =
                    assertFailed(result, FailureCode.THROTTLED, FailureScope.TENANT, Remediation.Party.NOBODY);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
            assertThat(result.worthRetrying()).isTrue();
        });

        assertThat(sleeps).isEmpty();
        assertThat(sent(tenant, endpoint)).isEqualTo(1);
        assertThat(writes(tenant)).isEmpty();
    }

    @Test
    void R26_aPartsRetryAfterPastTheDeadlineEndsThatStepAloneAsThrottled() {
        SimulatedTenant tenant =
                withoutOneRole("Later part").removeScopes(ResourceCatalog.EXCHANGE, Set.of("Exchange.Manage"));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .always()
                .respond(429, retryAfter("3600"), THROTTLED);

        List<Duration> sleeps = sleepsDuring(() -> {
            CpvResult result = refresh(tenant);
            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(missed(result))
                    .containsExactly(Map.entry(ResourceCatalog.GRAPH + " " + USER_READ_ALL, FailureCode.THROTTLED));
            assertThat(result.worthRetrying()).isTrue();
        });

        assertThat(sleeps).isEmpty();
        assertThat(writes(tenant)).hasSize(2);
        assertThat(scopes(tenant, ResourceCatalog.EXCHANGE))
                .isEqualTo(partner.requiredScopes().get(ResourceCatalog.EXCHANGE));
    }

    /** One part is asked to wait for longer than there is time, and another for a second: that one still has its turn. */
    @Test
    void R26_aPartThatWaitsTooLongDoesNotTakeOthersAlong() {
        SimulatedTenant tenant =
                withoutOneRole("Short and long").removeScopes(ResourceCatalog.EXCHANGE, Set.of("Exchange.Manage"));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .always()
                .respond(429, retryAfter("3600"), THROTTLED);
        partner.simulator.faults().onPart(tenant.id(), "PATCH", GRANTS).respond(429, retryAfter("1"), THROTTLED);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result))
                .containsExactly(Map.entry(ResourceCatalog.GRAPH + " " + USER_READ_ALL, FailureCode.THROTTLED));
        assertThat(scopes(tenant, ResourceCatalog.EXCHANGE))
                .isEqualTo(partner.requiredScopes().get(ResourceCatalog.EXCHANGE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Endpoint.class,
            names = {"TOKEN_REFRESH", "CONSENT_POST", "BATCH"})
    void R26_noRequestIsSentMoreThanSixTimes(Endpoint endpoint) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Always busy");
        FaultPlan.Step fault =
                partner.simulator.faults().on(tenant.id(), endpoint).always();
        fault.respond(503, retryAfter("1"), THROTTLED);

        CpvFailure failure = assertFailed(
                refresh(tenant), FailureCode.SERVICE_UNAVAILABLE, FailureScope.TENANT, Remediation.Party.NOBODY);

        assertThat(failure.retryable()).isTrue();
        assertThat(sent(tenant, endpoint)).isEqualTo(MOST);
    }

    private SimulatedTenant withoutOneRole(String name) {
        return inSync(name).removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
    }

    private void assertMended(SimulatedTenant tenant) {
        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }
}
