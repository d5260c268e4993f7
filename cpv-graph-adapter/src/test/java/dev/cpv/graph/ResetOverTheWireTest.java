package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.DirectoryRoles;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.GroupTrait;
import dev.cpv.graph.simulator.MissingConsent;
import dev.cpv.graph.simulator.ReadKind;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedServicePrincipal;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Unavailability;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.spi.ResetRecord.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R19 and R20 as Microsoft's services make them: what is taken away, given back, lost, and left as it was. */
class ResetOverTheWireTest extends OverTheWire {
    private static final int BUDGET = 16;
    private static final String EXCHANGE = ResourceCatalog.EXCHANGE;
    private static final String ANN = "0e0e0e0e-0000-4000-8000-00000000000a";
    private static final String BOB = "0e0e0e0e-0000-4000-8000-00000000000b";
    private static final String STAFF = "0e0e0e0e-0000-4000-8000-00000000000c";
    private static final String GROUP = "0e0e0e0e-0000-4000-8000-00000000000d";
    private static final String DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

    @TempDir
    private Path directory;

    private FileRefreshJournal journal;
    private CpvClient client;

    @BeforeEach
    void open() {
        journal = FileRefreshJournal.open(directory.resolve("journal"));
        client = builder(partner.required).journal(journal).build();
    }

    /** A tenant in sync whose customer gave the application more than it asks for, of every kind. */
    private SimulatedTenant rich(String name) {
        return enrich(inSync(name));
    }

    private static SimulatedTenant enrich(SimulatedTenant tenant) {
        return tenant.userGrant(ANN, ResourceCatalog.GRAPH, Set.of("Mail.Read", "openid"))
                .userGrant(BOB, EXCHANGE, Set.of("EWS.AccessAsUser.All"))
                .assignToApp("User", ANN, DEFAULT_ACCESS)
                .assignToApp("Group", STAFF, DEFAULT_ACCESS)
                .assignDirectoryRole(DirectoryRoles.COMPLIANCE_ADMINISTRATOR)
                .addToGroup(GROUP);
    }

    private CpvResult reset(SimulatedTenant tenant) {
        CpvResetPlan plan = client.planReset(id(tenant));
        assertThat(plan.failure()).isEmpty();
        forget();
        return checked(tenant, client.reset(plan));
    }

    private void assertPhase(SimulatedTenant tenant, Phase phase) {
        assertThat(journal.findReset(id(tenant)).orElseThrow().phase()).isEqualTo(phase);
    }

    private static CpvFailure failure(CpvResult result) {
        return result.failure().orElseThrow(() -> new AssertionError(result.toString()));
    }

    /** All that a tenant keeps of the application, by names that outlive its service principal. */
    private record Holdings(
            Map<String, Set<String>> appRoles,
            Map<String, Set<String>> scopes,
            Set<String> userGrants,
            Set<String> assigned,
            Set<String> directoryRoles,
            Set<String> groups) {}

    private Holdings holdings(SimulatedTenant tenant) {
        Map<String, String> apps = tenant.servicePrincipals().stream()
                .collect(Collectors.toMap(SimulatedServicePrincipal::id, SimulatedServicePrincipal::appId));
        return new Holdings(
                tenant.grantedAppRoles(partner.clientId()),
                tenant.grantedScopes(partner.clientId()),
                tenant.grants(partner.clientId()).stream()
                        .filter(grant -> !grant.tenantWide())
                        .map(grant -> grant.principalId() + " " + apps.get(grant.resourceId()) + " "
                                + new TreeSet<>(grant.scopes()))
                        .collect(Collectors.toCollection(TreeSet::new)),
                tenant.assignedTo(partner.clientId()).stream()
                        .map(assigned -> assigned.principalType() + assigned.principalId() + assigned.appRoleId())
                        .collect(Collectors.toCollection(TreeSet::new)),
                tenant.directoryRoles(partner.clientId()),
                tenant.groups(partner.clientId()));
    }

    private String principalId(SimulatedTenant tenant) {
        return tenant.servicePrincipal(partner.clientId()).orElseThrow().id();
    }

    // All is given back

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R19_everythingComesBackOnANewServicePrincipalWithinTheBudget(boolean removalDeletes) {
        SimulatedTenant tenant = rich("Whole");
        tenant.behaviour().deletePrincipalWithConsent(removalDeletes);
        Holdings before = holdings(tenant);
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        assertThat(plan.losses()).isEmpty();
        partner.directory.close();
        SimulatedPartner cold = partner;
        try (GraphTenantDirectory fresh = cold.directory()) {
            CpvClient other = CpvClient.builder(fresh, cold.required)
                    .clock(cold.time)
                    .sleeper(cold.time)
                    .journal(journal)
                    .build();
            other.refresh(cold.simulator.addCustomer("Warms the other").id());
            forget();

            CpvResult result = checked(tenant, other.reset(plan));

            assertOutcome(result, RefreshOutcome.UPDATED);
            assertThat(holdings(tenant)).isEqualTo(before);
            assertThat(principalId(tenant)).isNotEqualTo(old);
            int requests = partner.simulator.journal().requests().size();
            System.out.println("Reset with every kind of assignment: " + requests + " requests");
            assertThat(requests).isEqualTo(result.requests()).isLessThanOrEqualTo(BUDGET);
            assertPhase(tenant, Phase.DONE);
        }
    }

    @Test
    void R19_permissionsAloneTakeFewerRequests() {
        SimulatedTenant tenant = inSync("Permissions alone");
        Holdings before = holdings(tenant);

        CpvResult result = reset(tenant);

        assertOutcome(result, RefreshOutcome.UPDATED);
        assertThat(holdings(tenant)).isEqualTo(before);
        System.out.println("Reset of permissions alone, token at hand: " + result.requests() + " requests");
        assertThat(partner.simulator.journal().requests()).hasSizeLessThanOrEqualTo(BUDGET - 2);
    }

    @Test
    void R19_aSecondResetFindsNothingOfTheFirst() {
        SimulatedTenant tenant = rich("Twice");
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);
        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(tenant.deletedServicePrincipals()).hasSize(2);
        assertThat(client.planReset(id(tenant)).losses()).isEmpty();
    }

    @Test
    void R19_whatTheCustomerGrantedBesideIsGivenBack() {
        SimulatedTenant tenant = rich("Extras")
                .grantScopes("00000009-0000-0000-c000-000000000000", Set.of("Tenant.Read.All"))
                .userGrant(ANN, "00000015-0000-0000-c000-000000000000", Set.of("Financials.All"))
                .duplicateGrant(EXCHANGE, Set.of("Exchange.Manage", "Mail.Send"));
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
    }

    @Test
    void R19_underRevokeOnlyWhatIsRequiredComesBack() {
        SimulatedTenant tenant = rich("Strict").grantScopes(EXCHANGE, Set.of("Mail.Send"));
        RefreshOptions revoke = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);

        CpvResetPlan plan = client.planReset(id(tenant), revoke);
        CpvResult result = checked(tenant, client.reset(plan, revoke));

        assertThat(plan.losses()).extracting(UnrestorableItem::reason).contains("not required");
        assertOutcome(result, RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(holdings(tenant).userGrants()).isEmpty();
        assertThat(holdings(tenant).groups()).isEmpty();
    }

    @Test
    void R19_pagesAreFollowed() {
        SimulatedTenant tenant = rich("Small pages");
        tenant.behaviour().pageSize(1);
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
    }

    // What is removed

    @ParameterizedTest
    @CsvSource({"false, 200", "true, 201", "false, 204"})
    void R19_consentIsRemovedOnceAndThenTheServicePrincipalIfItSurvived(boolean removalDeletes, int status) {
        SimulatedTenant tenant = inSync("Removal");
        tenant.behaviour().deletePrincipalWithConsent(removalDeletes);
        partner.simulator.partnerBehaviour().removedConsentStatus(status);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_DELETE)).isEqualTo(1);
        assertThat(sent(tenant, Endpoint.CONSENT_POST)).isEqualTo(1);
        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
    }

    @Test
    void R19_consentThatPartnerCenterNeverGaveIsNotMissed() {
        SimulatedTenant tenant = inSync("Consented by hand");
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .always()
                .respond(
                        404,
                        JSON,
                        "{\"code\":\"1000\",\"description\":\"Not found\",\"data\":[],\"source\":\"PartnerFD\"}");

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R19_customerWhoIsGoneIsNotTakenForAMissingConsent() {
        SimulatedTenant tenant = inSync("Gone");
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .always()
                .respond(
                        404,
                        JSON,
                        "{\"code\":\"60003\",\"description\":\"Tenant not found\",\"data\":[],\"source\":\"PartnerFD\"}");

        CpvResult result = client.reset(plan);

        assertThat(failure(result).code()).isEqualTo(FailureCode.TENANT_GONE);
        assertThat(principalId(tenant)).isEqualTo(old);
        assertPhase(tenant, Phase.ABORTED);
    }

    @Test
    void R19_removalOfConsentIsRepeatedAfterA500() {
        SimulatedTenant tenant = inSync("Stumbling");
        CpvResetPlan plan = client.planReset(id(tenant));
        forget();
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .nth(1)
                .respond(500);

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(sent(tenant, Endpoint.CONSENT_DELETE)).isEqualTo(2);
    }

    @Test
    void R20_removalOfConsentThatIsRefusedAbortsAndChangesNothing() {
        SimulatedTenant tenant = rich("Refused");
        Holdings before = holdings(tenant);
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .always()
                .respond(403);
        forget();

        CpvResult result = checked(tenant, client.reset(plan));

        assertThat(failure(result).code()).isEqualTo(FailureCode.PARTNER_CENTER_ACCESS_DENIED);
        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(principalId(tenant)).isEqualTo(old);
        assertNothingWritten(tenant);
        assertPhase(tenant, Phase.ABORTED);
        assertOutcome(client.refresh(id(tenant)), RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R19_removalOfConsentWithoutEffectIsNoObstacle() {
        SimulatedTenant tenant = rich("Without effect");
        tenant.behaviour().consentRemovalWithoutEffect(true);
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
    }

    @Test
    void R20_deletionThatIsRefusedAbortsAndGivesBackWhatTheConsentTookAlong() {
        SimulatedTenant tenant = rich("Deletion refused");
        Holdings before = holdings(tenant);
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "DELETE", "/servicePrincipals/" + old)
                .always()
                .respond(403, JSON, graphError("Authorization_RequestDenied", "Insufficient privileges."));

        CpvResult result = checked(tenant, client.reset(plan));

        assertThat(failure(result).code()).isEqualTo(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
        assertThat(principalId(tenant)).isEqualTo(old);
        assertThat(holdings(tenant)).isEqualTo(before);
        assertPhase(tenant, Phase.ABORTED);
    }

    @Test
    void R19_deletionWithoutEffectIsNotBelieved() {
        SimulatedTenant tenant = rich("Deletion without effect");
        tenant.behaviour().deletionWithoutEffect(true);
        Holdings before = holdings(tenant);
        String old = principalId(tenant);

        CpvResult result = reset(tenant);

        assertThat(failure(result).code()).isEqualTo(FailureCode.RESET_NOT_CONFIRMED);
        assertThat(principalId(tenant)).isEqualTo(old);
        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(writes(tenant, "DELETE", "/servicePrincipals/" + old))
                .as("an answer of success is not repeated")
                .isEqualTo(1);
        assertPhase(tenant, Phase.ABORTED);
    }

    @Test
    void R19_deletionIsConfirmedByLookingUntilTheReplicasKnow() {
        SimulatedTenant tenant = rich("Slow replicas");
        tenant.behaviour().deletionDelay(Duration.ofSeconds(50));
        Holdings before = holdings(tenant);

        Instant start = partner.time.instant();
        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(Duration.between(start, partner.time.instant())).isGreaterThan(Duration.ofSeconds(50));
        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
    }

    @Test
    void R19_theTokenEndpointConfirmsWhereGraphLagsForLong() {
        SimulatedTenant tenant = inSync("Very slow replicas");
        tenant.behaviour().deletionDelay(Duration.ofMinutes(4)).missingConsent(MissingConsent.AADSTS700016);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R19_theOldServicePrincipalOfALaggingReplicaIsNotTakenForTheNewOne() {
        SimulatedTenant tenant = rich("Two replicas");
        // Shorter than six attempts at a write take (R26).
        tenant.behaviour().flapping(Duration.ofSeconds(25));
        Holdings before = holdings(tenant);
        String old = principalId(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(principalId(tenant)).isNotEqualTo(old);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R19_anIdentityThatGraphNoLongerKnowsConfirmsTheDeletion(int status) {
        SimulatedTenant tenant = rich("Unknown caller");
        tenant.behaviour().userTokensOutliveApp(false).identityNotFoundStatus(status);
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R19_deletionWhoseAnswerWasLostIsLookedUpAndNotRepeated(boolean timeout) {
        SimulatedTenant tenant = rich("Lost");
        Holdings before = holdings(tenant);
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        forget();
        var fault = partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"DELETE\""))
                .nth(1)
                .afterEffect();
        if (timeout) {
            fault.reset();
        } else {
            fault.respond(502);
        }

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
        assertThat(writes(tenant, "DELETE", "/servicePrincipals/" + old)).isLessThanOrEqualTo(1);
    }

    @Test
    void R19_deletionThatNeverArrivedIsRepeatedOnceThatIsSeen() {
        SimulatedTenant tenant = inSync("Never arrived");
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "DELETE", "/servicePrincipals/" + old)
                .nth(1)
                .respond(503);

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(principalId(tenant)).isNotEqualTo(old);
    }

    // The token

    @ParameterizedTest
    @EnumSource(
            value = MissingConsent.class,
            names = {"AADSTS65001", "AADSTS90099", "AADSTS700016"})
    void R19_theTokenIsHeldOutsideTheCacheUntilTheDeletionIsConfirmed(MissingConsent refusal) {
        SimulatedTenant tenant = rich("No more tokens");
        tenant.behaviour().missingConsent(refusal);
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        List<Endpoint> order =
                sent(tenant).stream().map(WireJournal.Entry::endpoint).toList();
        assertThat(order.subList(order.indexOf(Endpoint.CONSENT_DELETE), order.indexOf(Endpoint.CONSENT_POST)))
                .as("nobody gets a token between removal and consent")
                .doesNotContain(Endpoint.TOKEN_REFRESH);
    }

    @Test
    void R19_aTokenThatEndsSoonIsRenewedBeforeAnythingIsRemoved() {
        SimulatedTenant tenant = inSync("Old token");
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.time.advance(Duration.ofMinutes(54));
        forget();

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        List<Endpoint> order =
                sent(tenant).stream().map(WireJournal.Entry::endpoint).toList();
        assertThat(order.subList(0, order.indexOf(Endpoint.CONSENT_DELETE))).contains(Endpoint.TOKEN_REFRESH);
    }

    @Test
    void R20_withoutATokenConsentIsGivenToRemoveAgain() {
        SimulatedTenant tenant = rich("Killed while removing");
        Holdings before = holdings(tenant);
        String old = principalId(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "DELETE", "/servicePrincipals/" + old)
                .always()
                .respond(503);

        CpvResult stopped = client.reset(plan);
        assertThat(failure(stopped).retryable()).as(stopped.toString()).isTrue();
        assertPhase(tenant, Phase.REMOVING);
        assertThat(scopes(tenant, ResourceCatalog.GRAPH)).isEmpty();
        partner.simulator.faults().clear();

        assertOutcome(checked(tenant, client.refresh(id(tenant))), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(principalId(tenant)).isNotEqualTo(old);
        assertPhase(tenant, Phase.DONE);
    }

    @Test
    void R19_softDeletedServicePrincipalsAreNoObstacle() {
        SimulatedTenant tenant = inSync("Recycle bin");
        tenant.behaviour().softDeletedBlocksCreation(true);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(tenant.deletedServicePrincipals()).hasSize(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void R19_aTenantThatLagsEverywhereGetsAllBack() {
        SimulatedTenant tenant = rich("Lagging");
        tenant.behaviour()
                .consentTokenDelay(Duration.ofSeconds(20))
                .consentGraphDelay(Duration.ofSeconds(15))
                .replicationLag(ReadKind.REFERENCE, Duration.ofSeconds(5), Duration.ofSeconds(10))
                .deletionDelay(Duration.ofSeconds(10));
        Holdings before = holdings(tenant);

        assertOutcome(reset(tenant), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
    }

    // What is given back

    @Test
    void R19_whoIsGoneMeanwhileIsToldAndStopsNothing() {
        SimulatedTenant tenant = rich("Leavers");
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .when(request -> {
                    tenant.deleteUserOrGroup(ANN).deleteUserOrGroup(GROUP);
                    return false;
                })
                .respond(500);

        CpvResult result = checked(tenant, client.reset(plan));

        assertThat(failure(result).code()).isEqualTo(FailureCode.RESET_INCOMPLETE);
        assertThat(failure(result).retryable()).isFalse();
        assertThat(failure(result).message()).contains(ANN).contains(GROUP).contains("no longer exists");
        assertThat(missed(result)).isEmpty();
        assertThat(holdings(tenant).userGrants()).hasSize(1).first().asString().startsWith(BOB);
        assertThat(holdings(tenant).directoryRoles()).containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        assertPhase(tenant, Phase.DONE);
    }

    @Test
    void R19_aUserWhoConsentedAnewKeepsBoth() {
        SimulatedTenant tenant = rich("Eager user");
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> {
                    if (request.body().contains("\"Principal\"")
                            && request.body().contains(ANN)) {
                        tenant.userGrant(ANN, ResourceCatalog.GRAPH, Set.of("Mail.Send"));
                    }
                    return false;
                })
                .respond(500);

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(tenant.grants(partner.clientId()).stream()
                        .filter(grant -> ANN.equals(grant.principalId()))
                        .map(SimulatedGrant::scopes))
                .containsExactly(Set.of("Mail.Read", "Mail.Send", "openid"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/appRoleAssignedTo", "/oauth2PermissionGrants", "/members/$ref", "/roleAssignments"})
    void R17_whatWasGivenBackWithoutAnAnswerIsNotGivenTwice(String path) {
        SimulatedTenant tenant = rich("Lost restoring");
        Holdings before = holdings(tenant);
        CpvResetPlan plan = client.planReset(id(tenant));
        partner.simulator
                .faults()
                .onPart(tenant.id(), "POST", path)
                .times(3)
                .afterEffect()
                .respond(504);

        assertOutcome(checked(tenant, client.reset(plan)), RefreshOutcome.UPDATED);

        assertThat(holdings(tenant)).isEqualTo(before);
        assertPhase(tenant, Phase.DONE);
    }

    // What is lost

    @Test
    void R19_whatCannotBeGivenBackIsListedAndNothingIsTouched() {
        SimulatedTenant tenant = rich("Losses")
                .addToGroup("0e0e0e0e-0000-4000-8000-000000000001", Set.of(GroupTrait.DYNAMIC))
                .addToGroup("0e0e0e0e-0000-4000-8000-000000000002", Set.of(GroupTrait.SYNCED))
                .addToGroup("0e0e0e0e-0000-4000-8000-000000000003", Set.of(GroupTrait.ROLE_ASSIGNABLE));
        Holdings before = holdings(tenant);
        forget();

        CpvResetPlan plan = client.planReset(id(tenant));

        assertThat(plan.losses())
                .extracting(UnrestorableItem::toString)
                .satisfiesExactly(
                        loss -> assertThat(loss).contains("000000000001").contains("rule"),
                        loss -> assertThat(loss).contains("000000000002").contains("on premises"));
        assertThat(plan.assignments()).hasSize(7);
        assertNothingWritten(tenant);
        assertThat(sent(tenant, Endpoint.CONSENT_DELETE)).isZero();
        assertThat(holdings(tenant)).isEqualTo(before);
        assertThat(journal.findReset(id(tenant))).isEmpty();
    }

    @Test
    void R19_whatTheRightsAtHandCannotGrantAgainIsListed() {
        SimulatedTenant tenant = enrich(consented("Poor")
                        .grantScopes(ResourceCatalog.GRAPH, Set.of("GroupMember.ReadWrite.All", "Directory.Read.All")))
                .addToGroup("0e0e0e0e-0000-4000-8000-000000000003", Set.of(GroupTrait.ROLE_ASSIGNABLE));

        CpvResetPlan plan = client.planReset(id(tenant));

        assertThat(plan.failure()).isEmpty();
        assertThat(plan.losses())
                .extracting(UnrestorableItem::toString)
                .satisfiesExactly(
                        loss -> assertThat(loss)
                                .startsWith("directory role")
                                .contains("RoleManagement.ReadWrite.Directory"),
                        loss -> assertThat(loss)
                                .contains("000000000003")
                                .contains("RoleManagement.ReadWrite.Directory"));
        assertThat(plan.assignments()).hasSize(5);
    }

    @Test
    void R19_whatCannotBeReadIsALossAndNoFailure() {
        SimulatedTenant tenant = enrich(consented("Blind"));

        CpvResetPlan plan = client.planReset(id(tenant));

        assertThat(plan.losses())
                .extracting(UnrestorableItem::toString)
                .satisfiesExactly(
                        loss -> assertThat(loss).startsWith("directory role").contains("may read only its id"),
                        loss -> assertThat(loss).startsWith("member of group").contains("may read only its id"));

        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/memberOf")
                .always()
                .respond(403, JSON, graphError("Authorization_RequestDenied", "Insufficient privileges."));

        assertThat(client.planReset(id(tenant)).losses())
                .extracting(UnrestorableItem::toString)
                .singleElement()
                .asString()
                .contains("directory roles and group memberships")
                .contains("could not be read");
    }

    @Test
    void R19_aRequiredRoleThatMicrosoftNoLongerOffersStopsTheReset() {
        SimulatedTenant tenant = inSync("Would lose");
        String old = principalId(tenant);
        String role = roles(tenant, ResourceCatalog.GRAPH).iterator().next();
        tenant.behaviour().withdrawAppRole(ResourceCatalog.GRAPH, role);
        partner.simulator.partner().behaviour().withdrawAppRole(ResourceCatalog.GRAPH, role);
        partner.time.advance(Duration.ofHours(25)); // What resources publish is read once a day.
        forget();

        CpvResetPlan plan = client.planReset(id(tenant));
        CpvResult result = client.reset(plan);

        assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_WOULD_LOSE);
        assertThat(failure(result).code()).isEqualTo(FailureCode.RESET_WOULD_LOSE);
        assertThat(failure(result).message()).contains(role);
        assertNothingWritten(tenant);
        assertThat(sent(tenant, Endpoint.CONSENT_DELETE)).isZero();
        assertThat(principalId(tenant)).isEqualTo(old);
    }

    // Who is not reset

    @Test
    void R19_partnerAndDirectTenantsAreRefused() {
        SimulatedTenant direct = inSync("Direct");
        try (GraphTenantDirectory over = Directories.over(
                        partner.simulator, partner.simulator.credentials().refreshToken())
                .directTenant(id(direct), RefreshTokenStore.inMemory(direct.signInAdministrator()))
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            CpvClient routed = CpvClient.builder(over, partner.required)
                    .clock(partner.time)
                    .sleeper(partner.time)
                    .journal(journal)
                    .build();
            for (SimulatedTenant tenant : List.of(direct, partner.simulator.partner())) {
                forget();
                CpvResetPlan plan = routed.planReset(id(tenant));

                assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_ROUTE);
                assertThat(failure(routed.reset(plan)).code()).isEqualTo(FailureCode.CONSENT_ROUTE);
                assertThat(partner.simulator.journal().requests()).isEmpty();
            }
        }
    }

    @Test
    void R19_resourceThatWentMeanwhileIsToldForTheGrantOfAUser() {
        String resource = "00000015-0000-0000-c000-000000000000";
        SimulatedTenant tenant = inSync("Resource gone").userGrant(ANN, resource, Set.of("Financials.All"));
        CpvResetPlan plan = client.planReset(id(tenant));
        assertThat(plan.assignments()).hasSize(1);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.CONSENT_DELETE)
                .when(request -> {
                    tenant.withoutResource(resource, Unavailability.NO_BACKING_APPLICATION);
                    return false;
                })
                .respond(500);

        CpvResult result = checked(tenant, client.reset(plan));

        assertThat(failure(result).code()).isEqualTo(FailureCode.RESET_INCOMPLETE);
        assertThat(failure(result).message())
                .contains(AppId.of(resource).toString())
                .contains("no service principal");
        assertPhase(tenant, Phase.DONE);
    }
}
