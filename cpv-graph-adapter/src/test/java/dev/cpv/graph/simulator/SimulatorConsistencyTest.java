package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.GraphCalls.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorConsistencyTest {
    private static final String EXCHANGE_ROLE = "dc50a0fb-09a3-484d-be87-e023b12c6440";
    private static final String BOOTSTRAP = String.join(",", SimulatedTenant.BOOTSTRAP_SCOPES);

    private final SettableClock clock = new SettableClock();
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(clock).build();
    private final Calls calls = new Calls(microsoft);
    private final SimulatedTenant customer = microsoft.addCustomer("Fabrikam");
    private final String app = microsoft.app().appId();
    private final String own = "/servicePrincipals(appId='" + app + "')";

    @AfterEach
    void stop() {
        microsoft.close();
    }

    private GraphCalls graph() {
        return GraphCalls.of(microsoft, calls, customer);
    }

    private String principal(String appId) {
        return customer.servicePrincipal(appId).orElseThrow().id();
    }

    private void lag(ReadKind kind, int seconds) {
        customer.behaviour().replicationLag(kind, Duration.ofSeconds(seconds), Duration.ofSeconds(seconds));
    }

    @Test
    @Checklist("10.5-1")
    void eachKindOfReadSeesANewPrincipalAtItsOwnTime() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).withoutServicePrincipal(ResourceCatalog.EXCHANGE);
        lag(ReadKind.BY_ID, 5);
        lag(ReadKind.LIST, 10);
        lag(ReadKind.BY_ALTERNATE_KEY, 15);
        lag(ReadKind.REFERENCE, 20);
        GraphCalls graph = graph();
        String id = graph.post("/servicePrincipals", Json.object().put("appId", ResourceCatalog.EXCHANGE))
                .expect(201)
                .json()
                .path("id")
                .asText();
        String byId = "/servicePrincipals/" + id;
        String byKey = "/servicePrincipals(appId='" + ResourceCatalog.EXCHANGE + "')";
        String byFilter = "/servicePrincipals?$filter=appId eq '" + ResourceCatalog.EXCHANGE + "'";
        ObjectNode role = GraphCalls.role(principal(app), id, EXCHANGE_ROLE);
        ObjectNode grant = GraphCalls.grant(principal(app), id, "Exchange.Manage");

        assertError(graph.get(byId), 404, "Request_ResourceNotFound", id);
        clock.advance(Duration.ofSeconds(5));
        graph.get(byId).expect(200);
        assertThat(graph.all(byFilter)).isEmpty();
        clock.advance(Duration.ofSeconds(5));
        assertThat(graph.all(byFilter)).hasSize(1);
        graph.get(byKey).expect(404);
        clock.advance(Duration.ofSeconds(5));
        graph.get(byKey).expect(200);
        assertError(
                graph.post(own + "/appRoleAssignments", role),
                400,
                "Request_BadRequest",
                "Not a valid reference update.");
        assertError(
                graph.post("/oauth2PermissionGrants", grant),
                404,
                "Request_ResourceNotFound",
                "does not exist or one of its queried reference-property objects are not present.");
        clock.advance(Duration.ofSeconds(5));
        graph.post(own + "/appRoleAssignments", role).expect(201);
        graph.post("/oauth2PermissionGrants", grant).expect(201);
    }

    @Test
    @Checklist("10.5-1")
    void theUsualLagHasATail() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).behaviour().replicationLag();
        GraphCalls graph = graph();
        String graphPrincipal = principal(ResourceCatalog.GRAPH);
        int roles = 0;
        for (ResourceCatalog.Permission role : microsoft
                .catalog()
                .resource(ResourceCatalog.GRAPH)
                .orElseThrow()
                .appRoles()) {
            graph.post(own + "/appRoleAssignments", GraphCalls.role(principal(app), graphPrincipal, role.id()))
                    .expect(201);
            roles++;
        }
        String path = own + "/appRoleAssignments?$top=999";

        assertThat(graph.all(path)).isEmpty();
        clock.advance(Duration.ofSeconds(4));
        assertThat(graph.all(path)).isEmpty();
        clock.advance(Duration.ofSeconds(13));
        assertThat(graph.all(path)).hasSizeBetween(10, roles - 10);
        clock.advance(Duration.ofSeconds(14));
        assertThat(graph.all(path)).hasSizeGreaterThan(roles * 9 / 10);
        clock.advance(Duration.ofMinutes(4));
        assertThat(graph.all(path)).hasSize(roles);
    }

    @Test
    @Checklist("10.5-2")
    void theTokenEndpointLearnsOfAConsentLater() {
        customer.behaviour().consentTokenDelay(Duration.ofSeconds(40));
        calls.consent(customer, BOOTSTRAP).expect(201);

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(65001);
        clock.advance(Duration.ofSeconds(40));
        graph().get(own).expect(200);
    }

    @Test
    @Checklist("10.5-2")
    void graphLearnsOfAConsentLater() {
        customer.behaviour().consentGraphDelay(Duration.ofSeconds(40));
        calls.consent(customer, BOOTSTRAP).expect(201);
        GraphCalls graph = graph();

        assertError(graph.get(own), 404, "Request_ResourceNotFound", app);
        clock.advance(Duration.ofSeconds(40));
        graph.get(own).expect(200);
        assertThat(graph.all(own + "/oauth2PermissionGrants")).hasSize(1);
    }

    @Test
    @Checklist("10.5-3")
    void aGrantMayBeWrittenAndAnsweredWith404() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).behaviour().grantAppliedBut404(1);
        ObjectNode grant = GraphCalls.grant(principal(app), principal(ResourceCatalog.EXCHANGE), "Exchange.Manage");
        lag(ReadKind.LIST, 10);
        GraphCalls graph = graph();

        assertError(
                graph.post("/oauth2PermissionGrants", grant),
                404,
                "Directory_ObjectNotFound",
                "Unable to read the company information from the directory.");
        assertThat(customer.grantedScopes(app)).containsEntry(ResourceCatalog.EXCHANGE, Set.of("Exchange.Manage"));
        assertError(
                graph.post("/oauth2PermissionGrants", grant),
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "Permission entry already exists.");
        assertThat(graph.all(own + "/oauth2PermissionGrants")).hasSize(1);
        clock.advance(Duration.ofSeconds(10));
        assertThat(graph.all(own + "/oauth2PermissionGrants")).hasSize(2);
    }

    @Test
    @Checklist("10.5-3")
    void anAppRoleMayExistAndNotBeListed() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        lag(ReadKind.LIST, 10);
        ObjectNode role = GraphCalls.role(principal(app), principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE);
        GraphCalls graph = graph();

        graph.post(own + "/appRoleAssignments", role).expect(201);
        assertThat(graph.all(own + "/appRoleAssignments")).isEmpty();
        assertError(graph.post(own + "/appRoleAssignments", role), 400, "Request_BadRequest", "already exists");
        clock.advance(Duration.ofSeconds(10));
        assertThat(graph.all(own + "/appRoleAssignments")).hasSize(1);
    }

    @Test
    @Checklist("10.5-4")
    void oneOfTwoReplicasIsBehind() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).behaviour().flapping(Duration.ofSeconds(30));
        GraphCalls graph = graph();
        graph.post(
                        own + "/appRoleAssignments",
                        GraphCalls.role(principal(app), principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE))
                .expect(201);

        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            seen.add(graph.all(own + "/appRoleAssignments").size());
        }
        assertThat(Collections.frequency(seen, 1)).isEqualTo(3);
        assertThat(seen.get(0)).isNotEqualTo(seen.get(1));
        clock.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 4; i++) {
            assertThat(graph.all(own + "/appRoleAssignments")).hasSize(1);
        }
    }

    @Test
    @Checklist("10.5-5")
    void aNewRelationshipDoesNotWorkAtOnce() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES)
                .relationshipRoles(Set.of(DirectoryRoles.GLOBAL_READER))
                .behaviour()
                .relationshipPropagation(Duration.ofMinutes(15));
        ObjectNode role = GraphCalls.role(principal(app), principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE);

        assertThat(calls.redeem(customer, Calls.GRAPH).aadsts()).isEqualTo(50020);
        clock.advance(Duration.ofMinutes(15));
        customer.addRelationship(Set.of(DirectoryRoles.APPLICATION_ADMINISTRATOR));
        GraphCalls early = graph();
        assertError(early.post(own + "/appRoleAssignments", role), 403, "Authorization_RequestDenied", "Insufficient");
        clock.advance(Duration.ofMinutes(15));
        assertError(early.post(own + "/appRoleAssignments", role), 403, "Authorization_RequestDenied", "Insufficient");
        graph().post(own + "/appRoleAssignments", role).expect(201);
    }

    @Test
    @Checklist("10.5-6")
    void aNewSecretWorksAfterAWhile() {
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        microsoft.app().credentialPropagation(Duration.ofSeconds(20)).addSecret("new-secret");
        var form = calls.redemption(Calls.GRAPH);
        form.put("client_secret", "new-secret");

        assertThat(calls.token(customer.id(), form).aadsts()).isEqualTo(7000215);
        clock.advance(Duration.ofSeconds(20));
        calls.token(customer.id(), form).expect(200);
    }
}
