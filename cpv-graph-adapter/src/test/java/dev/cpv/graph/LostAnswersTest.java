package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ReadKind;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R17 over the wire: a write whose answer was lost is looked up before it is sent again, so that nothing is doubled and
 * nothing lost, whether it had taken effect or not.
 */
class LostAnswersTest extends OverTheWire {
    private static final String EXCHANGE = ResourceCatalog.EXCHANGE;
    private static final String USER_READ_ALL = "User.Read.All";
    private static final RefreshOptions REVOKE = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);

    /** The ways in which an answer is lost. */
    enum Loss {
        GATEWAY_TIMEOUT(fault -> fault.respond(504)),
        BAD_GATEWAY(fault -> fault.respond(502)),
        SERVER_ERROR(fault -> fault.respond(500, JSON, graphError("UnknownError", "Oops"))),
        CONNECTION_RESET(FaultPlan.Step::reset),
        COMPANY_NOT_READABLE(fault -> fault.respond(
                404,
                JSON,
                graphError("Directory_ObjectNotFound", "Unable to read the company information from the directory.")));

        private final Consumer<FaultPlan.Step> strike;

        Loss(Consumer<FaultPlan.Step> strike) {
            this.strike = strike;
        }

        void strike(FaultPlan.Step fault, boolean applied) {
            strike.accept(applied ? fault.afterEffect() : fault);
        }
    }

    private static Stream<Arguments> lossesWithAndWithoutEffect() {
        return Stream.of(Loss.values()).flatMap(loss -> Stream.of(Arguments.of(loss, true), Arguments.of(loss, false)));
    }

    @ParameterizedTest
    @MethodSource("lossesWithAndWithoutEffect")
    void R17_anAppRole(Loss loss, boolean applied) {
        SimulatedTenant tenant = inSync("Lost role").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "POST", ROLES), applied);

        assertLookedUpAndDone(tenant, refresh(tenant), "POST", applied);
    }

    @Test
    void R17_aLookThatSeesNothingOfOursIsNoReasonToSendAgain() {
        SimulatedTenant tenant = inSync("Seen late").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        Loss.GATEWAY_TIMEOUT.strike(partner.simulator.faults().onPart(tenant.id(), "POST", ROLES), true);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/servicePrincipals(appId=")
                .when(part -> part.path().endsWith(")"))
                .nth(2)
                .times(2)
                .respond(404, JSON, graphError("Request_ResourceNotFound", "Resource does not exist."));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(batches(tenant)).containsExactly("GET", "POST", "GET", "GET", "GET");
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @MethodSource("lossesWithAndWithoutEffect")
    void R17_aNewGrant(Loss loss, boolean applied) {
        SimulatedTenant tenant = consented("Lost grant");
        requiredOf(EXCHANGE).permissions().forEach(permission -> tenant.assignAppRole(EXCHANGE, permission.id()));
        requiredOf(EXCHANGE).permissions().stream()
                .filter(permission -> partner.simulator
                        .catalog()
                        .resource(EXCHANGE)
                        .flatMap(resource -> resource.scope(permission.id()))
                        .isPresent())
                .forEach(scope -> tenant.removeAppRole(EXCHANGE, scope.id()));
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "POST", GRANTS), applied);

        CpvResult result = needing(requiredOf(EXCHANGE)).refresh(id(tenant));

        assertLookedUp(tenant, result, "POST", applied);
        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(partner.requiredScopes().get(EXCHANGE));
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("lossesWithAndWithoutEffect")
    void R17_theScopesOfAGrant(Loss loss, boolean applied) {
        SimulatedTenant tenant = inSync("Lost scopes").removeScopes(EXCHANGE, Set.of("Exchange.Manage"));
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "PATCH", GRANTS), applied);

        assertLookedUpAndDone(tenant, refresh(tenant), "PATCH", applied);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void R17_aResource(Loss loss) {
        SimulatedTenant tenant = inSync("Lost resource").withoutServicePrincipal(EXCHANGE);
        loss.strike(
                partner.simulator
                        .faults()
                        .onPart(tenant.id(), "POST", "/servicePrincipals")
                        .when(part -> part.path().endsWith("/servicePrincipals")),
                true);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(batches(tenant)).containsExactly("GET", "POST", "GET", "POST");
        assertThat(tenant.servicePrincipals().stream().filter(sp -> sp.appId().equals(EXCHANGE)))
                .hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void R17_aRevocation(Loss loss) {
        SimulatedTenant tenant =
                inSync("Lost revocation").assignAppRole(ResourceCatalog.GRAPH, "Application.ReadWrite.OwnedBy");
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "DELETE", "/appRoleAssignments"), true);

        CpvResult result = refresh(tenant, REVOKE);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.extras()).hasSize(1).allMatch(extra -> extra.revoked());
        assertThat(batches(tenant)).containsExactly("GET", "DELETE", "GET");
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void R17_theDeletionOfAFurtherGrant(Loss loss) {
        SimulatedTenant tenant = inSync("Lost deletion").duplicateGrant(EXCHANGE, Set.of("Exchange.Manage"));
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "DELETE", GRANTS), true);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(batches(tenant)).containsExactly("GET", "DELETE", "GET");
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @ParameterizedTest
    @MethodSource("wholeBatches")
    void R17_aWholeBatchOfWrites(int status, boolean applied) {
        SimulatedTenant tenant = consented("Lost batch");
        FaultPlan.Step fault = partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"method\":\"POST\""))
                .nth(2);
        FaultPlan.Step when = applied ? fault.afterEffect() : fault;
        if (status == 0) {
            when.reset();
        } else {
            when.respond(status);
        }

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant)).as("nothing is sent that is there").allMatch(part -> part.status() < 300);
        assertThat(batches(tenant).stream().filter("GET"::equals))
                .as("one look at first, one for what was lost")
                .hasSize(2);
    }

    private static Stream<Arguments> wholeBatches() {
        return Stream.of(0, 500, 502, 504)
                .flatMap(status -> Stream.of(Arguments.of(status, true), Arguments.of(status, false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"responses\":[", "{\"responses\":[]}", "<html></html>", ""})
    void R17_aBatchWhoseAnswerCannotBeRead(String body) {
        SimulatedTenant tenant = inSync("Garbled").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"POST\""))
                .afterEffect()
                .respond(200, JSON, body);

        assertLookedUpAndDone(tenant, refresh(tenant), "POST", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error", "{}", "[]", ""})
    void R17_aPartWhoseAnswerCannotBeRead(String body) {
        SimulatedTenant tenant = inSync("Garbled part").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", ROLES)
                .afterEffect()
                .respond(201, JSON, body);

        assertLookedUpAndDone(tenant, refresh(tenant), "POST", true);
    }

    /** Graph answers what has no body with 204 and none, so a text says nothing of what was written. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void R17_aPartThatAnswersWithATextWhereNoneIsDue(boolean applied) {
        SimulatedTenant tenant = inSync("Garbled change").removeScopes(EXCHANGE, Set.of("Exchange.Manage"));
        FaultPlan.Step fault = partner.simulator.faults().onPart(tenant.id(), "PATCH", GRANTS);
        (applied ? fault.afterEffect() : fault).respond(200, JSON, "{\"responses\":[{\"id\":\"0\",\"sta");

        assertLookedUpAndDone(tenant, refresh(tenant), "PATCH", applied);
    }

    /** Else what the tenant holds would be granted again, and under REVOKE nothing of it would be known. */
    @ParameterizedTest
    @ValueSource(strings = {"/oauth2PermissionGrants", "/appRoleAssignments", "')", "/servicePrincipals"})
    void R16_aListThatCannotBeReadIsNoEmptyOne(String path) {
        SimulatedTenant tenant = inSync("Garbled list");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", path)
                .when(part -> part.path().endsWith(path))
                .respond(200, JSON, "{\"value\":[{\"id\"");

        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);

        assertThat(batches(tenant)).containsExactly("GET", "GET");
    }

    @Test
    void R25_aListThatCanNeverBeReadIsUnreadable() {
        SimulatedTenant tenant = inSync("Garbled for good");
        partner.simulator.faults().onPart(tenant.id(), "GET", GRANTS).always().respond(200, JSON, "<html></html>");

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.ANSWER_UNREADABLE);
        assertThat(result.worthRetrying()).isTrue();
    }

    @Test
    void R17_consentIsSentAgainUnderTheSameRequestId() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Lost consent");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_POST)
                .afterEffect()
                .reset();

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(2);
        assertThat(sent(tenant).stream()
                        .filter(entry -> entry.endpoint() == Endpoint.CONSENT_POST)
                        .map(WireJournal.Entry::status))
                .as("lost, then the first answer again instead of a conflict")
                .containsExactly(0, 201);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    /** The write is there, says 404, and is not listed for a while; who sends it again is told that it exists. */
    @Test
    void R17_aGrantThatAnswers404AndIsNotListedYet() {
        SimulatedTenant tenant = consented("Lost and not listed");
        tenant.behaviour()
                .grantAppliedBut404(1)
                .replicationLag(ReadKind.LIST, Duration.ofSeconds(20), Duration.ofSeconds(20));

        CpvResult result = needing(requiredOf(EXCHANGE)).refresh(id(tenant));

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(partner.requiredScopes().get(EXCHANGE));
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(1);
        assertThat(roles(tenant, EXCHANGE)).hasSize(3);
    }

    @Test
    void R17_whatStaysUnansweredIsNotClaimed() {
        SimulatedTenant tenant = inSync("Never answered").removeAppRole(ResourceCatalog.GRAPH, USER_READ_ALL);
        partner.simulator.faults().onPart(tenant.id(), "POST", ROLES).always().respond(504);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result)).containsOnlyKeys(ResourceCatalog.GRAPH + " " + USER_READ_ALL);
        assertThat(missed(result).values()).containsOnly(FailureCode.SERVICE_UNAVAILABLE);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(writes(tenant)).as("six tries, a look between any two").hasSize(6);
        assertThat(batches(tenant)).startsWith("GET", "POST", "GET", "POST", "GET");
    }

    @Test
    void R17_aWriteThatWasAnsweredIsBelievedThoughItIsNotListedYet() {
        SimulatedTenant tenant = consented("Lists lag");
        tenant.behaviour().replicationLag(ReadKind.LIST, Duration.ofMinutes(2), Duration.ofMinutes(2));

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(batches(tenant))
                .filteredOn("GET"::equals)
                .as("the first look is the only one")
                .hasSize(1);
    }

    private void assertLookedUpAndDone(SimulatedTenant tenant, CpvResult result, String method, boolean applied) {
        assertLookedUp(tenant, result, method, applied);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    private void assertLookedUp(SimulatedTenant tenant, CpvResult result, String method, boolean applied) {
        assertOutcome(result, RefreshOutcome.UPDATED);
        if (applied) {
            assertThat(batches(tenant)).containsExactly("GET", method, "GET");
        } else {
            assertThat(batches(tenant)).containsExactly("GET", method, "GET", method);
        }
    }
}
