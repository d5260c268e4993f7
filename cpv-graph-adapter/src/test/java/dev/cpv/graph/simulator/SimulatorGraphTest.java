package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.GraphCalls.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatorGraphTest extends ConsentedCustomer {
    private static final String EXCHANGE_ROLE = "dc50a0fb-09a3-484d-be87-e023b12c6440";
    private static final String USER_READ_ALL = "df021288-bdef-4463-88db-98f22de89214";
    private static final String DENIED = "Authorization_RequestDenied";
    private static final String NOT_FOUND = "Request_ResourceNotFound";
    private static final String BAD_REQUEST = "Request_BadRequest";
    private static final String UNSUPPORTED = "Request_UnsupportedQuery";
    private static final String SOME_ID = "12121212-1212-4212-8212-121212121212";

    private GraphCalls partner() {
        return GraphCalls.of(microsoft, calls, microsoft.partner());
    }

    private static List<String> texts(JsonNode nodes, String property) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.path(property).asText()));
        return texts;
    }

    // 10.4-1 Permissions of the caller

    @Test
    @Checklist("10.4-1")
    void aUserNeedsScopeAndDirectoryRole() {
        ObjectNode grant = GraphCalls.grant(principal(app), principal(ResourceCatalog.EXCHANGE), "Exchange.Manage");
        String path = "/oauth2PermissionGrants";

        customer.removeScopes(ResourceCatalog.GRAPH, Set.of("DelegatedPermissionGrant.ReadWrite.All"));
        assertError(graph().post(path, grant), 403, DENIED, "Insufficient privileges");
        assertError(graph().get(path), 403, DENIED, "Insufficient privileges");
        customer.consented(SimulatedTenant.BOOTSTRAP_SCOPES).relationshipRoles(Set.of(DirectoryRoles.GLOBAL_READER));
        assertError(graph().post(path, grant), 403, DENIED, "Insufficient privileges");
        graph().get(path).expect(200);
        assertError(
                graph().post("/servicePrincipals", Json.object().put("appId", ResourceCatalog.DEFENDER)),
                403,
                DENIED,
                "Insufficient privileges");
        customer.relationshipRoles(Set.of(DirectoryRoles.USER_ADMINISTRATOR));
        graph().post(path, grant).expect(201);
    }

    @Test
    @Checklist("10.4-1")
    void aTokenKeepsWhatItWasIssuedWith() {
        GraphCalls before = graph();
        customer.removeScopes(ResourceCatalog.GRAPH, Set.of("Application.ReadWrite.All"));

        before.get(own).expect(200);
        assertError(graph().get(own), 403, DENIED, "Insufficient privileges");
    }

    @Test
    @Checklist("10.4-1")
    void anAppAloneNeedsAnAppRoleAndNoDirectoryRole() {
        assertError(GraphCalls.appOnly(microsoft, calls, customer).get(own), 403, DENIED, "Insufficient privileges");
        customer.assignAppRole(ResourceCatalog.GRAPH, "Application.Read.All")
                .assignAppRole(ResourceCatalog.GRAPH, "AppRoleAssignment.ReadWrite.All")
                .relationshipRoles(Set.of(DirectoryRoles.GLOBAL_READER));

        GraphCalls graph = GraphCalls.appOnly(microsoft, calls, customer);
        graph.get(own).expect(200);
        graph.post(
                        own + "/appRoleAssignments",
                        GraphCalls.role(principal(app), principal(ResourceCatalog.GRAPH), USER_READ_ALL))
                .expect(201);
    }

    @Test
    @Checklist("10.4-1")
    void aBadTokenGets401() {
        String url = microsoft.graphUrl() + "/v1.0" + own;
        String partnerCenter = calls.partnerCenterToken();
        GraphCalls graph = graph();

        Calls.Answer none = calls.get(url);
        assertError(none, 401, "InvalidAuthenticationToken", "Access token is empty.");
        assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
        assertError(
                new GraphCalls(microsoft, calls, "garbled").get(own),
                401,
                "InvalidAuthenticationToken",
                "CompactToken parsing failed");
        assertError(
                new GraphCalls(microsoft, calls, partnerCenter).get(own),
                401,
                "InvalidAuthenticationToken",
                "Invalid audience");
        clock.advance(Duration.ofHours(2));
        assertError(graph.get(own), 401, "InvalidAuthenticationToken", "expired");
    }

    @Test
    @Checklist("10.4-1")
    void anIdentityThatIsGoneOrDisabledIsRefused() {
        customer.assignAppRole(ResourceCatalog.GRAPH, "Application.Read.All");
        GraphCalls user = graph();
        GraphCalls alone = GraphCalls.appOnly(microsoft, calls, customer);

        customer.enableServicePrincipal(app, false);
        assertError(user.get(own), 403, "Authorization_IdentityDisabled", "disabled");
        customer.deleteServicePrincipal(app);
        assertError(alone.get(own), 401, "Authorization_IdentityNotFound", "could not be established");
        assertError(user.get(own), 404, NOT_FOUND, "does not exist");
        customer.behaviour().userTokensOutliveApp(false).identityNotFoundStatus(403);
        assertError(user.get(own), 403, "Authorization_IdentityNotFound", "could not be established");
    }

    @Test
    @Checklist("10.4-1")
    void aTenantMayBeUnreadableOrChallenge() {
        GraphCalls graph = graph();

        customer.behaviour().unreadable(true);
        assertError(graph.get(own), 404, "Directory_ObjectNotFound", "Unable to read the company information");
        customer.behaviour().unreadable(false).claimsChallenge(true);
        assertThat(graph.get(own).expect(401).header("WWW-Authenticate")).contains("error=\"insufficient_claims\"");
    }

    @Test
    @Checklist("10.4-1")
    void aTokenThatWasRedeemedWithTheClaimsIsTaken() {
        String claims = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1900000000\"}}}";
        GraphCalls before = graph();
        customer.behaviour().requiredClaims(claims);
        String challenge = before.get(own).expect(401).header("WWW-Authenticate");
        Map<String, String> form = calls.redemption("https://graph.microsoft.com/.default");
        form.put("claims", claims);
        String token = calls.token(customer.id(), form)
                .expect(200)
                .json()
                .path("access_token")
                .asText();

        assertThat(challenge)
                .contains("error=\"insufficient_claims\"")
                .contains(Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)));
        new GraphCalls(microsoft, calls, token).get(own).expect(200);
        graph().get(own).expect(401);
        form.put("claims", "no JSON");
        assertThat(calls.token(customer.id(), form).expect(400).aadsts()).isEqualTo(9002313);
    }

    // 10.4-2 Tenant of the token

    @Test
    @Checklist("10.4-2")
    void theTokenDecidesTheTenant() {
        SimulatedTenant other = microsoft.addCustomer("Tailspin").consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        GraphCalls there = GraphCalls.of(microsoft, calls, other);
        String foreign = principal(ResourceCatalog.EXCHANGE);

        Set<String> seen = there.all("/servicePrincipals?$select=id").stream()
                .map(node -> node.path("id").asText())
                .collect(Collectors.toSet());
        assertThat(seen)
                .isEqualTo(other.servicePrincipals().stream()
                        .map(SimulatedServicePrincipal::id)
                        .collect(Collectors.toSet()))
                .doesNotContain(foreign);
        assertError(there.get("/servicePrincipals/" + foreign), 404, NOT_FOUND, foreign);
        assertThat(microsoft.journal().count(other.id(), Endpoint.GRAPH_GET)).isEqualTo(2);
        assertThat(microsoft.journal().count(customer.id(), Endpoint.GRAPH_GET)).isZero();
    }

    // 10.4-3 Service principals

    @Test
    @Checklist("10.4-3")
    void aPrincipalIsFoundByKeyByIdAndByFilter() {
        String id = principal(ResourceCatalog.EXCHANGE);
        GraphCalls graph = graph();

        JsonNode byKey = graph.get("/servicePrincipals(appId='" + ResourceCatalog.EXCHANGE + "')?$select=id,appId")
                .expect(200)
                .json();
        JsonNode byId = graph.get("/serviceprincipals/" + id).expect(200).json();
        JsonNode byFilter = graph.get("/servicePrincipals?$filter=appId eq '" + ResourceCatalog.EXCHANGE + "'")
                .expect(200)
                .json();
        JsonNode byList = graph.get("/servicePrincipals?$filter=appId in ('" + ResourceCatalog.EXCHANGE + "','"
                        + ResourceCatalog.SHAREPOINT + "','" + SOME_ID + "')&$select=appId")
                .expect(200)
                .json();

        assertThat(byKey.properties()).extracting(Map.Entry::getKey).containsExactly("@odata.context", "id", "appId");
        assertThat(byKey.path("id").asText()).isEqualTo(id);
        assertThat(byId.path("appId").asText()).isEqualTo(ResourceCatalog.EXCHANGE);
        assertThat(texts(byFilter.path("value"), "id")).containsExactly(id);
        assertThat(texts(byList.path("value"), "appId"))
                .containsExactlyInAnyOrder(ResourceCatalog.EXCHANGE, ResourceCatalog.SHAREPOINT);
        assertError(graph.get("/servicePrincipals(appId='" + SOME_ID + "')"), 404, NOT_FOUND, SOME_ID);
        assertThat(graph.get("/servicePrincipals?$filter=appId eq '" + SOME_ID + "'")
                        .expect(200)
                        .json()
                        .path("value"))
                .isEmpty();
    }

    @Test
    @Checklist("10.4-3")
    void queriesBeyondTheLimitsAreRefused() {
        GraphCalls graph = graph();
        String sixteen =
                IntStream.range(0, 16).mapToObj(i -> "'" + new UUID(0, i) + "'").collect(Collectors.joining(","));
        String fifteen = sixteen.substring(0, sixteen.lastIndexOf(','));
        String ors = IntStream.range(0, 16)
                .mapToObj(i -> "appId eq '" + new UUID(0, i) + "'")
                .collect(Collectors.joining(" or "));

        graph.get("/servicePrincipals?$filter=appId in (" + fifteen + ")").expect(200);
        assertError(
                graph.get("/servicePrincipals?$filter=appId in (" + sixteen + ")"),
                400,
                UNSUPPORTED,
                "Too many child clauses specified in search filter expression containing 'OR' operators: 16. Max allowed: 15.");
        assertError(graph.get("/servicePrincipals?$filter=" + ors), 400, UNSUPPORTED, "Max allowed: 15");
        graph.get("/servicePrincipals?$top=999").expect(200);
        assertError(
                graph.get("/servicePrincipals?$top=1000"),
                400,
                UNSUPPORTED,
                "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.");
        assertError(graph.get("/servicePrincipals?$top=0"), 400, UNSUPPORTED, "Invalid page size");
        assertError(graph.get("/servicePrincipals?$filter=notes eq 'x'"), 400, UNSUPPORTED, "notes");
        assertError(graph.get("/servicePrincipals?$filter=appId eq 'x"), 400, "BadRequest", "unterminated");
        assertError(graph.get("/servicePrincipals?$filter=appId in ('x'"), 400, "BadRequest", "syntax");
        assertError(graph.get("/servicePrincipals?$select=nonsense"), 400, "BadRequest", "nonsense");
        assertError(
                graph.get("/servicePrincipals?$skiptoken=nonsense"), 400, "Directory_ExpiredPageToken", "page token");
    }

    @Test
    @Checklist("10.4-3")
    void listsComeInPages() {
        customer.addServicePrincipals(250);
        GraphCalls graph = graph();

        JsonNode first = graph.get("/servicePrincipals?$select=id&$count=true")
                .expect(200)
                .json();
        assertThat(first.path("value")).hasSize(100);
        assertThat(first.path("@odata.count").asInt())
                .isEqualTo(customer.servicePrincipals().size());
        assertThat(first.path("@odata.nextLink").asText())
                .startsWith(microsoft.graphUrl() + "/v1.0/servicePrincipals?")
                .contains("$select=id", "$skiptoken=");
        Set<String> ids = new HashSet<>();
        List<JsonNode> all = graph.all("/servicePrincipals?$select=id&$top=7");
        all.forEach(node -> ids.add(node.path("id").asText()));
        assertThat(all).hasSameSizeAs(ids).hasSameSizeAs(customer.servicePrincipals());
        customer.behaviour().pageSize(3);
        assertThat(graph.get("/servicePrincipals?$top=999").expect(200).json().path("value"))
                .hasSize(3);
    }

    @Test
    @Checklist("10.4-3")
    void aDefinitionShowsWhatIsOfferedHere() {
        customer.behaviour()
                .withdrawAppRole(ResourceCatalog.GRAPH, USER_READ_ALL)
                .disableAppRole(ResourceCatalog.EXCHANGE, EXCHANGE_ROLE);
        GraphCalls graph = graph();

        JsonNode definition = graph.get("/servicePrincipals(appId='" + ResourceCatalog.GRAPH
                        + "')?$select=appRoles,oauth2PermissionScopes")
                .expect(200)
                .json();
        JsonNode exchange = graph.get("/servicePrincipals/" + principal(ResourceCatalog.EXCHANGE))
                .expect(200)
                .json();

        ResourceCatalog.Resource catalogued =
                microsoft.catalog().resource(ResourceCatalog.GRAPH).orElseThrow();
        assertThat(definition.path("appRoles")).hasSize(catalogued.appRoles().size() - 1);
        assertThat(texts(definition.path("appRoles"), "id")).doesNotContain(USER_READ_ALL);
        assertThat(definition.path("oauth2PermissionScopes"))
                .hasSize(catalogued.scopes().size());
        exchange.path("appRoles")
                .forEach(role -> assertThat(role.path("isEnabled").asBoolean())
                        .isNotEqualTo(role.path("id").asText().equals(EXCHANGE_ROLE)));
    }

    @Test
    @Checklist("10.4-3")
    void aPrincipalIsCreatedOnceAndOnlyForAnApplication() {
        customer.withoutServicePrincipal(ResourceCatalog.DEFENDER);
        ObjectNode body = Json.object().put("appId", ResourceCatalog.DEFENDER);
        GraphCalls graph = graph();

        Calls.Answer created = graph.post("/servicePrincipals", body).expect(201);
        assertThat(created.header("Location")).endsWith(principal(ResourceCatalog.DEFENDER));
        assertThat(created.json().path("id").asText()).isEqualTo(principal(ResourceCatalog.DEFENDER));
        assertError(
                graph.post("/servicePrincipals", body),
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "is already in use");
        Calls.Answer unknown = graph.post("/servicePrincipals", Json.object().put("appId", SOME_ID));
        assertError(unknown, 400, BAD_REQUEST, "does not reference a valid application object");
        JsonNode detail = unknown.json().path("error").path("details").path(0);
        assertThat(detail.path("code").asText()).isEqualTo("NoBackingApplicationObject");
        assertThat(detail.path("target").asText()).isEqualTo("appId");
    }

    @Test
    @Checklist("10.4-3")
    void aResourceThatATenantCannotHaveIsNotCreated() {
        ObjectNode body = Json.object().put("appId", ResourceCatalog.DEFENDER);
        GraphCalls graph = graph();

        customer.withoutResource(ResourceCatalog.DEFENDER, Unavailability.NO_BACKING_APPLICATION);
        assertError(graph.post("/servicePrincipals", body), 400, BAD_REQUEST, "does not reference a valid");
        customer.withoutResource(ResourceCatalog.DEFENDER, Unavailability.FORBIDDEN);
        assertError(graph.post("/servicePrincipals", body), 403, DENIED, "must in the local tenant");
        customer.withoutResource(ResourceCatalog.DEFENDER, Unavailability.INTERNAL_ERROR);
        assertError(
                graph.post("/servicePrincipals", body), 500, "Service_InternalServerError", "internal server error");
        customer.behaviour().available(ResourceCatalog.DEFENDER);
        graph.post("/servicePrincipals", body).expect(201);
    }

    @Test
    @Checklist("10.4-3")
    void aDeletedPrincipalCanBeRestoredForThirtyDays() {
        String id = principal(ResourceCatalog.EXCHANGE);
        String deletedItems = "/directory/deletedItems";
        GraphCalls graph = graph();

        graph.delete("/servicePrincipals/" + id).expect(204);
        graph.get("/servicePrincipals/" + id).expect(404);
        JsonNode deleted = graph.get(deletedItems + "/microsoft.graph.servicePrincipal?$filter=appId eq '"
                        + ResourceCatalog.EXCHANGE + "'")
                .expect(200)
                .json();
        assertThat(texts(deleted.path("value"), "id")).containsExactly(id);
        assertThat(texts(
                        graph.get(deletedItems + "/graph.servicePrincipal")
                                .expect(200)
                                .json()
                                .path("value"),
                        "id"))
                .containsExactly(id);
        assertThat(deleted.path("value").path(0).path("deletedDateTime").asText())
                .isEqualTo(clock.instant().toString());
        graph.send("POST", deletedItems + "/" + id + "/restore", Map.of(), "").expect(200);
        graph.get("/servicePrincipals/" + id).expect(200);

        graph.delete("/servicePrincipals/" + id).expect(204);
        customer.behaviour().softDeletedBlocksCreation(true);
        assertError(
                graph.post("/servicePrincipals", Json.object().put("appId", ResourceCatalog.EXCHANGE)),
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "already in use");
        graph.delete(deletedItems + "/" + id).expect(204);
        graph.post("/servicePrincipals", Json.object().put("appId", ResourceCatalog.EXCHANGE))
                .expect(201);
        assertError(graph.get(deletedItems + "/" + id), 404, NOT_FOUND, id);

        String again = principal(ResourceCatalog.EXCHANGE);
        graph.delete("/servicePrincipals/" + again).expect(204);
        clock.advance(Duration.ofDays(31));
        graph().send("POST", deletedItems + "/" + again + "/restore", Map.of(), "")
                .expect(404);
    }

    @Test
    @Checklist("10.4-3")
    void aDeltaShowsWhatChangedSince() {
        GraphCalls graph = graph();
        JsonNode first =
                graph.get("/servicePrincipals/delta?$select=appId").expect(200).json();
        String link = first.path("@odata.deltaLink").asText();
        String gone = principal(ResourceCatalog.EXCHANGE);

        assertThat(first.path("value")).hasSameSizeAs(customer.servicePrincipals());
        assertThat(graph.get(link).expect(200).json().path("value")).isEmpty();
        graph.delete("/servicePrincipals/" + gone).expect(204);
        JsonNode removed = graph.get(link).expect(200).json().path("value");
        assertThat(texts(removed, "id")).containsExactly(gone);
        assertThat(removed.path(0).path("@removed").path("reason").asText()).isEqualTo("changed");
        graph.get("/oauth2PermissionGrants/delta").expect(200);
        graph.get("/servicePrincipals/delta?$deltatoken=old").expect(410);
    }

    @Test
    @Checklist("10.4-3")
    void aPrincipalCanBeDisabled() {
        GraphCalls graph = graph();
        String path = "/servicePrincipals/" + principal(ResourceCatalog.EXCHANGE);

        graph.patch(path, Json.object().put("accountEnabled", false)).expect(204);
        assertThat(graph.get(path + "?$select=accountEnabled")
                        .expect(200)
                        .json()
                        .path("accountEnabled")
                        .asBoolean(true))
                .isFalse();
        graph.patch(path, Json.object().put("nonsense", false)).expect(400);
    }

    // 10.4-4 Application permissions

    @Test
    @Checklist("10.4-4")
    void anAppRoleIsAssignedOnEitherPathFromTheBody() {
        String client = principal(app);
        String exchange = principal(ResourceCatalog.EXCHANGE);
        GraphCalls graph = graph();
        List<String> roles = microsoft.catalog().resource(ResourceCatalog.EXCHANGE).orElseThrow().appRoles().stream()
                .map(ResourceCatalog.Permission::id)
                .toList();

        graph.post(
                        "/servicePrincipals/" + exchange + "/appRoleAssignedTo",
                        GraphCalls.role(client, exchange, roles.get(0)))
                .expect(201);
        graph.post(
                        "/servicePrincipals/" + client + "/appRoleAssignments",
                        GraphCalls.role(client, exchange, roles.get(1)))
                .expect(201);
        graph.post(
                        "/servicePrincipals/" + client + "/appRoleAssignedTo",
                        GraphCalls.role(client, exchange, roles.get(2)))
                .expect(201);

        assertThat(customer.grantedAppRoles(app)).isEqualTo(Map.of(ResourceCatalog.EXCHANGE, new TreeSet<>(roles)));
        List<JsonNode> given = graph.all(own + "/appRoleAssignments?$top=2&$select=id,appRoleId,resourceId");
        assertThat(given)
                .extracting(node -> node.path("appRoleId").asText())
                .containsExactlyInAnyOrderElementsOf(roles);
        assertThat(graph.all("/servicePrincipals/" + exchange + "/appRoleAssignedTo"))
                .hasSize(3);
        String path = "/servicePrincipals/" + client + "/appRoleAssignments/"
                + given.get(0).path("id").asText();
        assertThat(graph.get(path).expect(200).json().path("principalType").asText())
                .isEqualTo("ServicePrincipal");
        graph.delete(path).expect(204);
        graph.delete(path).expect(404);
        assertThat(graph.all(own + "/appRoleAssignments")).hasSize(2);
    }

    @Test
    @Checklist("10.4-4")
    void anAppRoleIsRefusedForEachReason() {
        String client = principal(app);
        String exchange = principal(ResourceCatalog.EXCHANGE);
        String path = "/servicePrincipals/" + exchange + "/appRoleAssignedTo";
        GraphCalls graph = graph();
        ObjectNode role = GraphCalls.role(client, exchange, EXCHANGE_ROLE);

        customer.behaviour().disableAppRole(ResourceCatalog.EXCHANGE, EXCHANGE_ROLE);
        assertError(graph.post(path, role), 400, BAD_REQUEST, "Permission being assigned was not found on application");
        assertError(
                graph.post(path, GraphCalls.role(client, exchange, SOME_ID)),
                400,
                BAD_REQUEST,
                "Permission being assigned was not found on application '" + ResourceCatalog.EXCHANGE + "'");
        assertError(
                graph.post(path, GraphCalls.role(client, exchange, new UUID(0, 0).toString())),
                400,
                BAD_REQUEST,
                "was not found");
        assertError(
                graph.post(path, GraphCalls.role(client, SOME_ID, EXCHANGE_ROLE)),
                400,
                BAD_REQUEST,
                "Not a valid reference update.");
        assertError(graph.post("/servicePrincipals/" + SOME_ID + "/appRoleAssignedTo", role), 404, NOT_FOUND, SOME_ID);
        String other = microsoft.catalog().resource(ResourceCatalog.EXCHANGE).orElseThrow().appRoles().stream()
                .map(ResourceCatalog.Permission::id)
                .filter(id -> !id.equals(EXCHANGE_ROLE))
                .findFirst()
                .orElseThrow();
        customer.assignAppRole(ResourceCatalog.EXCHANGE, other);
        ObjectNode twice = GraphCalls.role(client, exchange, other);
        assertError(
                graph.post(path, twice), 400, BAD_REQUEST, "Permission being assigned already exists on the object");
        customer.behaviour().entitlementGrantWording(true);
        assertError(graph.post(path, twice), 400, BAD_REQUEST, "EntitlementGrant entry already exists");
    }

    @Test
    @Checklist("10.4-4")
    void rolesOfGraphNeedThePrivilegedRoleAdministrator() {
        String client = principal(app);
        String path = own + "/appRoleAssignments";
        ObjectNode ofGraph = GraphCalls.role(client, principal(ResourceCatalog.GRAPH), USER_READ_ALL);
        ObjectNode ofExchange = GraphCalls.role(client, principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE);

        customer.relationshipRoles(Set.of(DirectoryRoles.CLOUD_APPLICATION_ADMINISTRATOR));
        graph().post(path, ofExchange).expect(201);
        assertError(graph().post(path, ofGraph), 403, DENIED, "Insufficient privileges");
        customer.relationshipRoles(Set.of(DirectoryRoles.PRIVILEGED_ROLE_ADMINISTRATOR));
        graph().post(path, ofGraph).expect(201);
    }

    @Test
    @Checklist("10.4-4")
    void assigningNeedsAReadPermissionToo() {
        customer.removeScopes(ResourceCatalog.GRAPH, Set.of("Application.ReadWrite.All"));
        ObjectNode role = GraphCalls.role(principal(app), principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE);

        assertError(graph().post(own + "/appRoleAssignments", role), 403, DENIED, "Insufficient privileges");
    }

    @Test
    @Checklist("10.4-4")
    void usersAssignedToTheAppAreSeenAndCanBeAssignedAgain() {
        customer.assignToApp("User", SOME_ID, new UUID(0, 0).toString());
        GraphCalls graph = graph();
        JsonNode assigned = graph.all(own + "/appRoleAssignedTo").get(0);
        ObjectNode again = GraphCalls.role(SOME_ID, principal(app), new UUID(0, 0).toString());

        assertThat(assigned.path("principalType").asText()).isEqualTo("User");
        graph.delete("/servicePrincipals/" + principal(app) + "/appRoleAssignedTo/"
                        + assigned.path("id").asText())
                .expect(204);
        assertThat(customer.assignedTo(app)).isEmpty();
        graph.post(own + "/appRoleAssignedTo", again).expect(201);
        assertThat(customer.assignedTo(app)).hasSize(1);
    }

    // 10.4-5 Delegated permissions

    @Test
    @Checklist("10.4-5")
    void aGrantIsWrittenReplacedAndRemoved() {
        String client = principal(app);
        GraphCalls graph = graph();
        Calls.Answer created = graph.post(
                        "/oauth2PermissionGrants",
                        GraphCalls.grant(
                                client, principal(ResourceCatalog.SHAREPOINT), "AllProfiles.Manage  Not.Published"))
                .expect(201);
        String path = "/oauth2PermissionGrants/" + created.json().path("id").asText();

        assertThat(customer.grantedScopes(app).get(ResourceCatalog.SHAREPOINT))
                .containsExactly("AllProfiles.Manage", "Not.Published");
        assertThat(graph.get(path).expect(200).json().path("scope").asText())
                .isEqualTo("AllProfiles.Manage  Not.Published");
        graph.patch(path, Json.object().put("scope", "AllSites.FullControl")).expect(204);
        assertThat(customer.grantedScopes(app).get(ResourceCatalog.SHAREPOINT)).containsExactly("AllSites.FullControl");
        graph.delete(path).expect(204);
        assertThat(customer.grantedScopes(app)).doesNotContainKey(ResourceCatalog.SHAREPOINT);
        assertError(graph.patch(path, Json.object().put("scope", "x")), 404, NOT_FOUND, "does not exist");
        assertError(graph.delete(path), 404, NOT_FOUND, "does not exist");
    }

    @Test
    @Checklist("10.4-5")
    void thereIsOneGrantForAKey() {
        ObjectNode grant = GraphCalls.grant(principal(app), principal(ResourceCatalog.GRAPH), "User.Read");
        ObjectNode ofUser = grant.deepCopy().put("consentType", "Principal").put("principalId", SOME_ID);
        GraphCalls graph = graph();

        assertError(
                graph.post("/oauth2PermissionGrants", grant),
                409,
                "Request_MultipleObjectsWithSameKeyValue",
                "Permission entry already exists.");
        customer.behaviour().duplicateGrantStatus(400);
        assertError(graph.post("/oauth2PermissionGrants", grant), 400, BAD_REQUEST, "Permission entry already exists.");
        graph.post("/oauth2PermissionGrants", ofUser).expect(201);
        assertError(
                graph.post("/oauth2PermissionGrants", ofUser), 400, BAD_REQUEST, "Permission entry already exists.");
        graph.post("/oauth2PermissionGrants", grant.deepCopy().put("consentType", "Principal"))
                .expect(400);
        assertThat(customer.grants(app)).hasSize(2);
    }

    @Test
    @Checklist("10.4-5")
    void aScopeStringHasALimit() {
        String exchange = principal(ResourceCatalog.EXCHANGE);
        String id = customer.grants(app).get(0).id();
        GraphCalls graph = graph();

        assertError(
                graph.post("/oauth2PermissionGrants", GraphCalls.grant(principal(app), exchange, "x".repeat(3851))),
                400,
                BAD_REQUEST,
                "scope");
        graph.patch("/oauth2PermissionGrants/" + id, Json.object().put("scope", "x".repeat(3851)))
                .expect(400);
        graph.post("/oauth2PermissionGrants", GraphCalls.grant(principal(app), exchange, "x".repeat(3850)))
                .expect(201);
    }

    @Test
    @Checklist("10.4-5")
    void grantsAreFilteredByEqualityAlone() {
        customer.userGrant(SOME_ID, ResourceCatalog.GRAPH, Set.of("User.Read"));
        String client = principal(app);
        GraphCalls graph = graph();

        assertThat(graph.all("/oauth2PermissionGrants?$filter=clientId eq '" + client + "'"))
                .hasSize(2);
        assertThat(graph.all("/oauth2PermissionGrants?$filter=clientId eq '" + client
                        + "' and consentType eq 'AllPrincipals'"))
                .hasSize(1);
        assertThat(graph.all(own + "/oauth2PermissionGrants?$filter=principalId eq '" + SOME_ID + "'"))
                .hasSize(1);
        assertThat(graph.all("/oauth2PermissionGrants?$filter=clientId eq '" + SOME_ID + "'"))
                .isEmpty();
        assertError(graph.get("/oauth2PermissionGrants?$filter=clientId in ('" + client + "')"), 400, UNSUPPORTED, "");
    }

    @Test
    @Checklist("10.4-5")
    void oldTenantsHaveSeveralGrantsForAKey() {
        customer.duplicateGrant(ResourceCatalog.GRAPH, Set.of("User.Read"))
                .duplicateGrant(ResourceCatalog.GRAPH, Set.of("Mail.Send"));
        GraphCalls graph = graph();

        List<JsonNode> grants = graph.all(own + "/oauth2PermissionGrants?$top=999");
        assertThat(grants)
                .hasSize(3)
                .extracting(node -> node.path("resourceId").asText())
                .containsOnly(principal(ResourceCatalog.GRAPH));
        graph.delete("/oauth2PermissionGrants/" + grants.get(1).path("id").asText())
                .expect(204);
        assertThat(customer.grants(app)).hasSize(2);
    }

    @Test
    @Checklist("10.4-5")
    void aGrantRefersToPrincipalsThatAreThere() {
        ObjectNode grant = GraphCalls.grant(principal(app), SOME_ID, "User.Read");
        GraphCalls graph = graph();

        assertError(graph.post("/oauth2PermissionGrants", grant), 404, NOT_FOUND, "does not exist or one of its");
        customer.behaviour().missingReferenceStatus(400);
        assertError(graph.post("/oauth2PermissionGrants", grant), 400, BAD_REQUEST, "does not exist or one of its");
    }

    // 10.4-6 Ids

    @Test
    @Checklist("10.4-6")
    void idsAreBuiltOfGuidsInDotNetOrder() {
        String client = principal(app);
        String exchange = principal(ResourceCatalog.EXCHANGE);
        customer.assignAppRole(ResourceCatalog.EXCHANGE, EXCHANGE_ROLE)
                .consented(Set.of("RoleManagement.ReadWrite.Directory"));
        GraphCalls graph = graph();
        String grant = graph.post("/oauth2PermissionGrants", GraphCalls.grant(client, exchange, "Exchange.Manage"))
                .expect(201)
                .json()
                .path("id")
                .asText();
        String assignment =
                graph.all(own + "/appRoleAssignments").get(0).path("id").asText();
        String role = graph.post(
                        "/roleManagement/directory/roleAssignments",
                        Json.object()
                                .put("roleDefinitionId", DirectoryRoles.COMPLIANCE_ADMINISTRATOR)
                                .put("principalId", client)
                                .put("directoryScopeId", "/"))
                .expect(201)
                .json()
                .path("id")
                .asText();

        assertThat(guids(grant)).containsExactly(client, exchange);
        assertThat(guids(assignment)).hasSize(2).first().isEqualTo(client);
        assertThat(role).endsWith("-1");
        assertThat(guids(role.substring(0, role.length() - 2)))
                .containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR, client);
        // Microsoft's own sample of a grant
        assertThat(guids("l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk"))
                .containsExactly("ef969797-201d-4f6b-960c-e9ed5f31dab5", "943603e4-e787-4fe9-93d1-e30f749aae39");
    }

    private static List<String> guids(String id) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id));
        List<String> guids = new ArrayList<>();
        while (bytes.hasRemaining()) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            long first = Integer.toUnsignedLong(bytes.getInt());
            long second = Short.toUnsignedLong(bytes.getShort());
            long third = Short.toUnsignedLong(bytes.getShort());
            bytes.order(ByteOrder.BIG_ENDIAN);
            guids.add(new UUID(first << 32 | second << 16 | third, bytes.getLong()).toString());
        }
        return guids;
    }

    // 10.4-7 Directory roles and groups

    @Test
    @Checklist("10.4-7")
    void aDirectoryRoleIsThereOnceItWasActivated() {
        customer.consented(Set.of("RoleManagement.ReadWrite.Directory"));
        GraphCalls graph = graph();
        String role = "/directoryRoles(roleTemplateId='" + DirectoryRoles.COMPLIANCE_ADMINISTRATOR + "')";
        ObjectNode reference =
                Json.object().put("@odata.id", "https://graph.microsoft.com/v1.0/directoryObjects/" + principal(app));

        assertError(graph.get(role), 404, NOT_FOUND, DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        assertError(graph.post(role + "/members/$ref", reference), 404, NOT_FOUND, "");
        graph.post("/directoryRoles", Json.object().put("roleTemplateId", DirectoryRoles.COMPLIANCE_ADMINISTRATOR))
                .expect(201);
        graph.post(role + "/members/$ref", reference).expect(204);
        assertError(
                graph.post(role + "/members/$ref", reference),
                400,
                BAD_REQUEST,
                "One or more added object references already exist");
        assertThat(customer.directoryRoles(app)).containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        assertThat(graph.all(role + "/members"))
                .extracting(node -> node.path("appId").asText())
                .containsExactly(app);
        assertThat(graph.all(own + "/memberOf/microsoft.graph.directoryRole"))
                .extracting(node -> node.path("roleTemplateId").asText())
                .containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        String id = graph.get(role).expect(200).json().path("id").asText();
        graph.delete("/directoryRoles/" + id + "/members/" + principal(app) + "/$ref")
                .expect(204);
        assertThat(customer.directoryRoles(app)).isEmpty();
    }

    @Test
    @Checklist("10.4-7")
    void roleAssignmentsShowThePartnerAtWork() {
        customer.consented(Set.of("RoleManagement.ReadWrite.Directory"))
                .assignDirectoryRole(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        String path = "/roleManagement/directory/roleAssignments";
        GraphCalls graph = graph();

        List<JsonNode> ofPartner = graph.all(
                path + "?$expand=principal&$filter=roleDefinitionId eq '" + DirectoryRoles.GLOBAL_READER + "'");
        assertThat(ofPartner)
                .extracting(
                        node -> node.path("principal").path("organizationId").asText())
                .containsExactly(microsoft.partner().id());
        List<JsonNode> ours = graph.all(path + "?$filter=principalId eq '" + principal(app) + "'");
        assertThat(ours)
                .extracting(node -> node.path("roleDefinitionId").asText())
                .containsExactly(DirectoryRoles.COMPLIANCE_ADMINISTRATOR);
        ObjectNode again = Json.object()
                .put("roleDefinitionId", DirectoryRoles.COMPLIANCE_ADMINISTRATOR)
                .put("principalId", principal(app))
                .put("directoryScopeId", "/");
        assertError(graph.post(path, again), 400, BAD_REQUEST, "A conflicting object");
        graph.delete(path + "/" + ours.get(0).path("id").asText()).expect(204);
        graph.post(path, again).expect(201);
        customer.relationshipRoles(Set.of(DirectoryRoles.APPLICATION_ADMINISTRATOR));
        assertError(graph().post(path, again), 403, DENIED, "Insufficient privileges");
    }

    @Test
    @Checklist("10.4-7")
    void aPrincipalIsInGroups() {
        customer.consented(Set.of("GroupMember.ReadWrite.All")).addToGroup(SOME_ID);
        GraphCalls graph = graph();
        String members = "/groups/" + SOME_ID + "/members/";

        assertThat(graph.all(own + "/memberOf"))
                .extracting(node -> node.path("id").asText())
                .containsExactly(SOME_ID);
        graph.delete(members + principal(app) + "/$ref").expect(204);
        assertThat(customer.groups(app)).isEmpty();
        graph.post(members + "$ref", Json.object().put("@odata.id", "x/directoryObjects/" + principal(app)))
                .expect(204);
        assertThat(customer.groups(app)).containsExactly(SOME_ID);
    }

    // 10.4-8 Delegated administration

    @Test
    @Checklist("10.4-8")
    void relationshipsAreListedInThePartnerTenant() {
        for (int i = 0; i < 4; i++) {
            microsoft.addCustomer("Customer " + i);
        }
        microsoft.addCustomer("Lost").relationshipStatus(GdapRelationship.Status.TERMINATED);
        GraphCalls graph = partner();
        String path = "/tenantRelationships/delegatedAdminRelationships";

        assertThat(graph.all(path)).hasSize(6);
        assertThat(graph.all(path + "?$top=2&$filter=status eq 'active'")).hasSize(5);
        List<JsonNode> one =
                graph.all(path + "?$filter=status eq 'active' and customer/tenantId eq '" + customer.id() + "'");
        assertThat(one).hasSize(1);
        GdapRelationship relationship = customer.relationships().get(0);
        assertThat(one.get(0).path("id").asText()).isEqualTo(relationship.id()).hasSize(73);
        assertThat(one.get(0).path("customer").path("displayName").asText()).isEqualTo("Fabrikam");
        assertThat(texts(one.get(0).path("accessDetails").path("unifiedRoles"), "roleDefinitionId"))
                .containsExactlyInAnyOrderElementsOf(DirectoryRoles.STANDARD);
        graph.get(path + "?$top=300").expect(200);
        assertError(graph.get(path + "?$top=301"), 400, UNSUPPORTED, "between 1 and 300");
        assertThat(graph.all("/tenantRelationships/delegatedAdminCustomers")).hasSize(6);
        assertThat(graph.all("/contracts")).hasSize(6);
        assertThat(graph.get("/tenantRelationships/findTenantInformationByTenantId(tenantId='" + customer.id() + "')")
                        .expect(200)
                        .json()
                        .path("defaultDomainName")
                        .asText())
                .isEqualTo("fabrikam.onmicrosoft.com");
    }

    @Test
    @Checklist("10.4-8")
    void anOfferThatNobodyOpenedHasNoCustomer() {
        GdapRelationship offer = microsoft.offerRelationship("For anybody", DirectoryRoles.STANDARD);
        customer.updateRelationship(
                customer.relationships().get(0).id(),
                old -> old.withDisplayName("MLT_1")
                        .withStatus(GdapRelationship.Status.UNKNOWN_FUTURE_VALUE, clock.instant()));
        GraphCalls graph = partner();
        String path = "/tenantRelationships/delegatedAdminRelationships";

        List<JsonNode> offered = graph.all(path + "?$filter=status eq 'approvalPending'");
        assertThat(offered).extracting(node -> node.path("id").asText()).containsExactly(offer.id());
        assertThat(offered.get(0).path("customer").isNull()).isTrue();
        assertThat(graph.all(path + "?$filter=displayName eq 'MLT_1'")
                        .get(0)
                        .path("status")
                        .asText())
                .isEqualTo("unknownFutureValue");
        assertThat(graph.all("/tenantRelationships/delegatedAdminCustomers"))
                .extracting(node -> node.path("tenantId").asText())
                .containsExactly(customer.id());
    }

    @Test
    @Checklist("10.4-8")
    void aRelationshipChangesAgainstItsEtag() {
        microsoft.partner().grantScopes(ResourceCatalog.GRAPH, Set.of("DelegatedAdminRelationship.ReadWrite.All"));
        GraphCalls graph = partner();
        String path = "/tenantRelationships/delegatedAdminRelationships/"
                + customer.relationships().get(0).id();
        String off = Json.object().put("autoExtendDuration", "PT0S").toString();
        JsonNode before = graph.get(path).expect(200).json();
        Map<String, String> match =
                Map.of("If-Match", before.path("@odata.etag").asText());

        assertThat(before.path("autoExtendDuration").asText()).isEqualTo("P180D");
        graph.send("PATCH", path, Map.of(), off).expect(428);
        graph.send("PATCH", path, match, off).expect(200);
        assertThat(customer.relationships().get(0).autoExtend()).isFalse();
        graph.send("PATCH", path, match, off).expect(412);
        microsoft.partnerBehaviour().relationshipUpdateStatus(202);
        graph.send("PATCH", path, Map.of("If-Match", "*"), off).expect(202);
    }

    @Test
    @Checklist("10.4-8")
    void rolesAreGivenToGroups() {
        microsoft.partner().grantScopes(ResourceCatalog.GRAPH, Set.of("DelegatedAdminRelationship.ReadWrite.All"));
        microsoft.partnerBehaviour().accessAssignmentDelay(Duration.ofMinutes(1));
        microsoft.groups().put(SOME_ID, "Helpdesk", Set.of());
        String path = "/tenantRelationships/delegatedAdminRelationships/"
                + customer.relationships().get(0).id() + "/accessAssignments";
        ObjectNode body = Json.object();
        body.putObject("accessContainer").put("accessContainerId", SOME_ID).put("accessContainerType", "securityGroup");
        body.putObject("accessDetails")
                .putArray("unifiedRoles")
                .addObject()
                .put("roleDefinitionId", DirectoryRoles.GLOBAL_READER);
        GraphCalls graph = partner();

        assertThat(graph.all(path))
                .hasSize(1)
                .first()
                .satisfies(node -> assertThat(node.path("status").asText()).isEqualTo("active"));
        JsonNode made = graph.post(path, body).expect(201).json();
        assertThat(made.path("status").asText()).isEqualTo("pending");
        String one = path + "/" + made.path("id").asText();
        assertThat(graph.get(one).expect(200).json().path("status").asText()).isEqualTo("pending");
        clock.advance(Duration.ofMinutes(1));
        assertThat(graph.get(one).expect(200).json().path("status").asText()).isEqualTo("active");
        microsoft.groups().remove(SOME_ID);
        assertError(graph.post(path, body), 404, "NotFound", "access container does not exist");
    }

    @Test
    @Checklist("10.4-8")
    void aCustomerTenantKnowsNoRelationships() {
        customer.consented(Set.of("DelegatedAdminRelationship.Read.All"));

        assertThat(graph().all("/tenantRelationships/delegatedAdminRelationships"))
                .isEmpty();
    }

    @Test
    @Checklist("10.4-8")
    void theServiceAccountSeesItsGroups() {
        GraphCalls graph = partner();

        assertThat(graph.all("/me/memberOf"))
                .extracting(node -> node.path("displayName").asText())
                .containsExactly("CPV service accounts");
        assertThat(graph.all("/groups")).hasSize(1);
        customer.consented(Set.of("User.Read"));
        graph().get("/me").expect(404);
    }

    @Test
    @Checklist("10.4-2")
    void aTenantSaysWhoItIs() {
        customer.consented(Set.of("Organization.Read.All", "Domain.Read.All"))
                .addDomain("fabrikam.example")
                .licences(Set.of("SPB"));
        GraphCalls graph = graph();

        List<JsonNode> organization = graph.all("/organization?$select=id,displayName,verifiedDomains,assignedPlans");
        assertThat(organization).hasSize(1);
        assertThat(organization.get(0).path("id").asText()).isEqualTo(customer.id());
        assertThat(texts(organization.get(0).path("verifiedDomains"), "name")).isEqualTo(customer.domains());
        assertThat(organization
                        .get(0)
                        .path("assignedPlans")
                        .path(0)
                        .path("capabilityStatus")
                        .asText())
                .isEqualTo("Enabled");
        assertThat(graph.all("/domains?$top=999")).hasSize(2);
        assertThat(graph.all("/subscribedSkus"))
                .extracting(node -> node.path("skuPartNumber").asText())
                .containsExactly("SPB");
    }

    // 10.4-11 Headers

    @Test
    @Checklist("10.4-11")
    void everyAnswerCanBeTraced() {
        GraphCalls graph = graph();
        Calls.Answer echoed =
                graph.send("GET", own, Map.of("client-request-id", SOME_ID), "").expect(200);
        Calls.Answer error = graph.get("/servicePrincipals/" + SOME_ID).expect(404);

        assertThat(echoed.header("client-request-id")).isEqualTo(SOME_ID);
        assertThat(echoed.header("request-id")).hasSize(36).isNotEqualTo(error.header("request-id"));
        assertThat(echoed.header("x-ms-ags-diagnostic")).contains("DataCenter");
        assertThat(echoed.header("Date")).isEqualTo("Fri, 20 Nov 2026 10:00:00 GMT");
        assertThat(echoed.headers().allValues("Date")).hasSize(1);
        assertThat(echoed.header("Content-Type")).startsWith("application/json;odata.metadata=minimal");
        assertThat(error.header("client-request-id")).isEqualTo(error.header("request-id"));
        JsonNode inner = error.json().path("error").path("innerError");
        assertThat(inner.path("request-id").asText()).isEqualTo(error.header("request-id"));
        assertThat(inner.path("date").asText()).isEqualTo("2026-11-20T10:00:00");
        assertThat(graph.delete("/servicePrincipals/" + principal(ResourceCatalog.EXCHANGE))
                        .expect(204)
                        .headers()
                        .firstValue("Content-Type"))
                .isEmpty();
    }

    // 10.4-12 Error bodies

    @ParameterizedTest
    @EnumSource(GraphErrorBody.class)
    @Checklist("10.4-12")
    void errorBodiesComeInEveryShape(GraphErrorBody shape) {
        GraphCalls graph = graph();
        customer.behaviour().graphErrorBody(shape);
        Calls.Answer answer = graph.post("/servicePrincipals", Json.object().put("appId", SOME_ID))
                .expect(400);
        String message = "does not reference a valid application object";

        switch (shape) {
            case EMPTY -> assertThat(answer.body()).isEmpty();
            case HTML -> {
                assertThat(answer.body()).startsWith("<html>");
                assertThat(answer.header("Content-Type")).startsWith("text/html");
            }
            case LEGACY_ROOT ->
                assertThat(answer.json()
                                .path("odata.error")
                                .path("message")
                                .path("value")
                                .asText())
                        .contains(message);
            default -> assertShape(shape, answer.json().path("error"), message);
        }
    }

    private static void assertShape(GraphErrorBody shape, JsonNode error, String message) {
        JsonNode text =
                shape == GraphErrorBody.MESSAGE_OBJECT ? error.path("message").path("value") : error.path("message");
        String code = shape == GraphErrorBody.EMPTY_CODE ? "" : BAD_REQUEST;
        assertThat(text.asText()).contains(message);
        assertThat(error.path("code").asText("none")).isEqualTo(code);
        assertThat(error.path("details").isObject()).isEqualTo(shape == GraphErrorBody.DETAILS_OBJECT);
        assertThat(error.has("innererror")).isEqualTo(shape == GraphErrorBody.LOWER_CASE);
        assertThat(error.path("innerError").path("innerError").has("message"))
                .isEqualTo(shape == GraphErrorBody.NESTED);
    }

    // The contract

    @Test
    void whatBreaksTheContractIsRefusedAndWrittenDown() {
        GraphCalls graph = graph();
        String id = customer.grants(app).get(0).id();

        assertError(
                graph.patch(
                        "/oauth2PermissionGrants/" + id,
                        Json.object().put("scope", "x").put("clientId", "y")),
                400,
                BAD_REQUEST,
                "Contract:");
        assertError(graph.post(own + "/appRoleAssignments", Json.object()), 400, BAD_REQUEST, "'principalId'");
        assertError(
                graph.post(
                        "/servicePrincipals/" + principal(app) + "/appRoleAssignments",
                        Json.object().put("principalId", principal(app))),
                400,
                BAD_REQUEST,
                "Contract:");
        assertError(graph.get("/servicePrincipals/nonsense"), 400, BAD_REQUEST, "Contract:");
        assertError(graph.get("/servicePrincipals?$selct=id"), 400, BAD_REQUEST, "Contract:");

        List<WireJournal.ContractViolation> violations = microsoft.journal().contractViolations();
        assertThat(violations).hasSize(4).allSatisfy(violation -> {
            assertThat(violation.tenantId()).isEqualTo(customer.id());
            assertThat(violation.problem()).startsWith("validation.request");
        });
        assertThat(violations.get(0).method()).isEqualTo("PATCH");
        microsoft.journal().clear();
        assertThat(microsoft.journal().contractViolations()).isEmpty();
    }

    @Test
    void theContractCheckCanBeSwitchedOff() {
        try (MicrosoftSimulator lenient = MicrosoftSimulator.builder()
                .clock(clock)
                .contractValidation(false)
                .build()) {
            SimulatedTenant tenant = lenient.addCustomer("Lenient").consented(SimulatedTenant.BOOTSTRAP_SCOPES);
            GraphCalls graph = GraphCalls.of(lenient, new Calls(lenient), tenant);

            graph.get("/servicePrincipals?$selct=id").expect(200);
            assertThat(lenient.journal().contractViolations()).isEmpty();
        }
    }

    @Test
    void otherPathsAndVersionsAreRefused() {
        GraphCalls graph = graph();

        assertError(graph.get("/nonsense"), 400, "BadRequest", "Resource not found for the segment 'nonsense'.");
        assertError(graph.get(own + "/nonsense"), 400, "BadRequest", "nonsense");
        assertError(graph.get(microsoft.graphUrl() + "/beta/me"), 400, "BadRequest", "Invalid version");
        graph.send("PUT", own, Map.of(), "{}").expect(405);
        assertThat(microsoft.journal().contractViolations()).isEmpty();
    }
}
