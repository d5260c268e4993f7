package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.GraphCalls.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The end of a service principal: memberships, deletions that lag, objects that were deleted. */
class SimulatorResetTest extends ConsentedCustomer {
    private static final String SOME_ID = "12121212-1212-4212-8212-121212121212";
    private static final String DEFAULT_ACCESS = new UUID(0, 0).toString();

    private String principal() {
        return principal(app);
    }

    @Test
    @Checklist("10.4-7")
    void whatMayNotBeReadIsListedByTypeAndIdAlone() {
        customer.addToGroup(SOME_ID).assignDirectoryRole(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);

        assertThat(graph().all(own + "/memberOf")).hasSize(2).allSatisfy(member -> {
            assertThat(member.path("@odata.type").asText()).startsWith("#microsoft.graph.");
            assertThat(member.path("id").asText()).isNotEmpty();
            assertThat(member.path("displayName").isNull()).isTrue();
        });
        customer.grantScopes(ResourceCatalog.GRAPH, Set.of("GroupMember.Read.All"));
        assertThat(graph().all(own + "/memberOf"))
                .extracting(member -> member.path("displayName").asText("")
                        + member.path("roleTemplateId").asText(""))
                .containsExactlyInAnyOrder("Group " + SOME_ID, "");
    }

    @Test
    @Checklist("10.4-7")
    void specialGroupsSaySoAndTakeNobodyWithoutTheRight() {
        customer.grantScopes(ResourceCatalog.GRAPH, Set.of("GroupMember.ReadWrite.All"));
        for (GroupTrait trait : GroupTrait.values()) {
            String id = UUID.nameUUIDFromBytes(trait.name().getBytes(StandardCharsets.UTF_8))
                    .toString();
            customer.addToGroup(id, Set.of(trait));
            ObjectNode member = Json.object().put("@odata.id", "x/directoryObjects/" + principal());

            JsonNode group =
                    graph()
                            .all(own + "/memberOf?$select=id,groupTypes,onPremisesSyncEnabled,isAssignableToRole")
                            .stream()
                            .filter(node -> node.path("id").asText().equals(id))
                            .findFirst()
                            .orElseThrow();

            assertThat(group.path("groupTypes").toString().contains("DynamicMembership"))
                    .isEqualTo(trait == GroupTrait.DYNAMIC);
            assertThat(group.path("onPremisesSyncEnabled").asBoolean()).isEqualTo(trait == GroupTrait.SYNCED);
            assertThat(group.path("isAssignableToRole").asBoolean()).isEqualTo(trait == GroupTrait.ROLE_ASSIGNABLE);
            assertThat(graph().post("/groups/" + id + "/members/$ref", member).status())
                    .as(trait.name())
                    .isEqualTo(trait == GroupTrait.ROLE_ASSIGNABLE ? 403 : 400);
        }
    }

    @Test
    @Checklist("10.5-1")
    void aDeletedServicePrincipalMayBeShownForAWhile() {
        customer.behaviour().deletionDelay(Duration.ofSeconds(20));
        GraphCalls graph = graph();
        String old = principal();

        graph.delete("/servicePrincipals/" + old).expect(204);

        assertThat(customer.servicePrincipal(app)).isEmpty();
        assertThat(graph.get(own).expect(200).json().path("id").asText()).isEqualTo(old);
        clock.advance(Duration.ofSeconds(21));
        graph.get(own).expect(404);
    }

    @Test
    @Checklist("10.5-4")
    void everySecondRequestMayShowADeletedServicePrincipalInPlaceOfTheNewOne() {
        customer.behaviour().flapping(Duration.ofSeconds(30));
        GraphCalls graph = graph();
        String old = principal();
        graph.delete("/servicePrincipals/" + old).expect(204);
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);

        String first = graph.get(own).expect(200).json().path("id").asText();
        String second = graph.get(own).expect(200).json().path("id").asText();

        assertThat(List.of(first, second)).containsExactlyInAnyOrder(old, principal());
    }

    @Test
    @Checklist("10.4-3")
    void aDeletionMayBeAnsweredWithSuccessAndDoNothing() {
        customer.behaviour().deletionWithoutEffect(true);

        graph().delete("/servicePrincipals/" + principal()).expect(204);

        graph().get(own).expect(200);
        assertThat(customer.deletedServicePrincipals()).isEmpty();
    }

    @Test
    @Checklist("10.1-5")
    void usersAndGroupsThatAreGoneAreGivenNothing() {
        customer.grantScopes(ResourceCatalog.GRAPH, Set.of("GroupMember.ReadWrite.All"))
                .addToGroup(SOME_ID)
                .assignToApp("User", SOME_ID, DEFAULT_ACCESS)
                .userGrant(SOME_ID, ResourceCatalog.EXCHANGE, Set.of("Mail.Read"));
        String exchange = customer.servicePrincipal(ResourceCatalog.EXCHANGE)
                .orElseThrow()
                .id();

        customer.deleteUserOrGroup(SOME_ID);

        assertThat(customer.assignedTo(app)).isEmpty();
        assertThat(customer.groups(app)).isEmpty();
        assertThat(customer.grants(app).stream().map(SimulatedGrant::tenantWide).collect(Collectors.toSet()))
                .containsExactly(true);
        ObjectNode grant = GraphCalls.grant(principal(), exchange, "Mail.Read");
        grant.put("consentType", "Principal").put("principalId", SOME_ID);
        String notFound = "Request_ResourceNotFound";
        assertError(graph().post("/oauth2PermissionGrants", grant), 404, notFound, SOME_ID);
        assertError(
                graph().post(own + "/appRoleAssignedTo", GraphCalls.role(SOME_ID, principal(), DEFAULT_ACCESS)),
                404,
                notFound,
                SOME_ID);
        assertError(
                graph().post(
                                "/groups/" + SOME_ID + "/members/$ref",
                                Json.object().put("@odata.id", "x/directoryObjects/" + principal())),
                404,
                notFound,
                SOME_ID);
    }
}
