package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ReadKind;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedServicePrincipal;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.graph.simulator.WireRequest;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R17 where lists lag a minute behind writes whose answer was lost: what the service says is there is looked for until it is
 * seen; and what is in the way without ever being seen is told (API §4.8, §7).
 */
class LaggingListsTest extends OverTheWire {
    private static final String EXCHANGE = ResourceCatalog.EXCHANGE;
    private static final String PRINCIPALS = "/servicePrincipals";
    private static final String OWNED_BY = "18a4783c-866b-4cc7-a460-3d5e5662c884";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String IN_USE = graphError(
            "Request_MultipleObjectsWithSameKeyValue",
            "The service principal cannot be created, updated, or restored because the service principal name is already"
                    + " in use.");

    @ParameterizedTest
    @EnumSource(LostAnswersTest.Loss.class)
    void R17_anAppRole(LostAnswersTest.Loss loss) {
        SimulatedTenant tenant = lagging(inSync("Role").removeAppRole(ResourceCatalog.GRAPH, "User.Read.All"), MINUTE);
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "POST", ROLES), true);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(writes(tenant))
                .as("sent again once: it exists, says the answer")
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(LostAnswersTest.Loss.class)
    void R17_aGrant(LostAnswersTest.Loss loss) {
        SimulatedTenant tenant = lagging(consented("Grant"), MINUTE);
        loss.strike(partner.simulator.faults().onPart(tenant.id(), "POST", GRANTS), true);

        List<Duration> slept = sleepsDuring(
                () -> assertOutcome(needing(requiredOf(EXCHANGE)).refresh(id(tenant)), RefreshOutcome.UPDATED));

        assertThat(scopes(tenant, EXCHANGE)).isEqualTo(partner.requiredScopes().get(EXCHANGE));
        assertThat(grantsOn(tenant, EXCHANGE)).hasSize(1);
        assertThat(writes(tenant, "POST", GRANTS))
                .as("sent again once, then looked for")
                .isEqualTo(2);
        assertThat(slept.stream().reduce(Duration.ZERO, Duration::plus)).isBetween(MINUTE, MINUTE.plusSeconds(40));
    }

    @ParameterizedTest
    @EnumSource(LostAnswersTest.Loss.class)
    void R17_aResource(LostAnswersTest.Loss loss) {
        SimulatedTenant tenant = lagging(inSync("Resource").withoutServicePrincipal(EXCHANGE), MINUTE);
        loss.strike(creation(tenant), true);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertNothingTwice(tenant);
        assertThat(creations(tenant)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 502, 504})
    void R17_everyAnswerOfAFirstRefreshIsLostOnce(int status) {
        SimulatedTenant tenant = lagging(consented("All lost").withoutServicePrincipal(EXCHANGE), MINUTE);
        Set<String> lost = ConcurrentHashMap.newKeySet();
        FaultPlan.Step fault = partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", "/")
                .when(part -> lost.add(part.path() + part.body()))
                .times(1_000)
                .afterEffect();
        if (status == 0) {
            fault.reset();
        } else {
            fault.respond(status, JSON, graphError("UnknownError", ""));
        }

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertNothingTwice(tenant);
        assertThat(lost).hasSizeGreaterThan(50);
    }

    @Test
    void R17_aRevocation() {
        SimulatedTenant tenant = inSync("Revocation").assignAppRole(ResourceCatalog.GRAPH, OWNED_BY);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "DELETE", "/appRoleAssignments")
                .when(deletion -> keepListing(tenant, deletion))
                .afterEffect()
                .respond(504);

        CpvResult result = refresh(tenant, RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE));

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(result.extras()).hasSize(1).allMatch(extra -> extra.revoked());
        assertThat(roles(tenant, ResourceCatalog.GRAPH))
                .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
        assertThat(batches(tenant)).containsExactly("GET", "DELETE", "GET", "DELETE");
    }

    @Test
    void R17_theWindowEndsAndTheNextRefreshFindsIt() {
        SimulatedTenant tenant = lagging(inSync("Long lag").withoutServicePrincipal(EXCHANGE), Duration.ofMinutes(4));
        LostAnswersTest.Loss.BAD_GATEWAY.strike(creation(tenant), true);

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(missed(result).values()).containsOnly(FailureCode.NOT_REPLICATED_YET);
        assertThat(creations(tenant)).as("to send it again tells nothing new").hasSize(2);
        assertThat(batches(tenant)).as("looks are bounded").hasSizeLessThan(14);
        partner.time.advance(Duration.ofMinutes(4));
        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R26_noLookIsMadePastTheDeadline() {
        SimulatedTenant tenant = lagging(inSync("Short of time").withoutServicePrincipal(EXCHANGE), MINUTE);
        LostAnswersTest.Loss.BAD_GATEWAY.strike(creation(tenant), true);

        List<Duration> slept = sleepsDuring(() -> {
            CpvResult result = refresh(tenant, RefreshOptions.defaults().withTimeout(Duration.ofSeconds(20)));
            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(result.worthRetrying()).isTrue();
        });

        assertThat(slept.stream().reduce(Duration.ZERO, Duration::plus)).isLessThan(Duration.ofSeconds(20));
    }

    // What is in the way of a resource (R15)

    @Test
    void R15_aResourceThatSomebodyAddedAMomentAgoIsAlreadySo() {
        SimulatedTenant tenant = lagging(inSync("Added meanwhile").withoutServicePrincipal(EXCHANGE), MINUTE);
        creation(tenant).afterEffect().respond(409, JSON, IN_USE);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(creations(tenant)).hasSize(1);
    }

    @Test
    void R15_aDeletedResourceIsToldWithTheCureAndBlocksNothing() {
        SimulatedTenant tenant = inSync("Deleted resource")
                .deleteServicePrincipal(EXCHANGE)
                .removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        tenant.behaviour().softDeletedBlocksCreation(true);

        List<Duration> slept = sleepsDuring(() -> {
            CpvResult result = refresh(tenant);

            assertOutcome(result, RefreshOutcome.PARTIAL);
            assertThat(missed(result).keySet()).allMatch(permission -> permission.startsWith(EXCHANGE));
            assertThat(failedOn(result, EXCHANGE)).allSatisfy(outcome -> {
                Remediation remedy = outcome.failure().orElseThrow().remediation();
                assertThat(outcome.failure().orElseThrow().code()).isEqualTo(FailureCode.RESOURCE_DELETED);
                assertThat(remedy.party()).isEqualTo(Remediation.Party.CUSTOMER);
                assertThat(remedy.action()).contains("Restore", "delete it there permanently");
            });
            assertThat(result.notices()).isEmpty();
        });

        assertThat(slept).isEmpty();
        assertThat(roles(tenant, ResourceCatalog.GRAPH))
                .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
        assertThat(creations(tenant)).hasSize(1);
        assertThat(tenant.deletedServicePrincipals())
                .as("nothing is restored or purged unasked")
                .extracting(SimulatedServicePrincipal::appId)
                .contains(EXCHANGE);

        tenant.behaviour().softDeletedBlocksCreation(false);
        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R15_whereTheRecycleBinCannotBeReadTheResourceAloneSuffers() {
        SimulatedTenant tenant = inSync("Closed recycle bin")
                .deleteServicePrincipal(EXCHANGE)
                .removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        tenant.behaviour().softDeletedBlocksCreation(true);
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/directory/deletedItems")
                .always()
                .respond(403, JSON, graphError("Authorization_RequestDenied", "Insufficient privileges."));

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result).values()).containsOnly(FailureCode.NOT_REPLICATED_YET);
        assertThat(roles(tenant, ResourceCatalog.GRAPH))
                .isEqualTo(partner.requiredAppRoles().get(ResourceCatalog.GRAPH));
    }

    @Test
    void R15_aDeletedResourceIsNotBlamedForWhatWeAddedOurselves() {
        SimulatedTenant tenant = lagging(inSync("Deleted and new").deleteServicePrincipal(EXCHANGE), MINUTE);
        LostAnswersTest.Loss.CONNECTION_RESET.strike(creation(tenant), true);

        assertOutcome(refresh(tenant), RefreshOutcome.UPDATED);

        assertHoldsExactlyTheRequiredSet(tenant);
    }

    private static SimulatedTenant lagging(SimulatedTenant tenant, Duration lag) {
        tenant.behaviour().replicationLag(ReadKind.LIST, lag, lag);
        return tenant;
    }

    private FaultPlan.Step creation(SimulatedTenant tenant) {
        return partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", PRINCIPALS)
                .when(part -> part.path().endsWith(PRINCIPALS));
    }

    private List<WireJournal.Part> creations(SimulatedTenant tenant) {
        return writes(tenant).stream()
                .filter(part -> part.url().endsWith(PRINCIPALS))
                .toList();
    }

    private static List<PermissionOutcome> failedOn(CpvResult result, String resource) {
        return result.permissions().stream()
                .filter(outcome -> outcome.permission().resource().toString().equals(resource))
                .toList();
    }

    /** Lists the assignment that is being deleted for ever, as it was before. */
    private boolean keepListing(SimulatedTenant tenant, WireRequest deletion) {
        String assignment = deletion.path().substring(deletion.path().lastIndexOf('/') + 1);
        String graph =
                tenant.servicePrincipal(ResourceCatalog.GRAPH).orElseThrow().id();
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/appRoleAssignments")
                .always()
                .respond(
                        200,
                        JSON,
                        "{\"value\":[{\"id\":\"" + assignment + "\",\"appRoleId\":\"" + OWNED_BY
                                + "\",\"resourceId\":\"" + graph + "\"}]}");
        return true;
    }
}
