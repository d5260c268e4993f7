package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.GraphCalls.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatorBatchTest extends ConsentedCustomer {
    private static final String EXCHANGE_ROLE = "dc50a0fb-09a3-484d-be87-e023b12c6440";

    private static GraphCalls.Batch batch() {
        return new GraphCalls.Batch();
    }

    /** A batch of the given number of reads. */
    private GraphCalls.Batch reads(int count) {
        GraphCalls.Batch batch = batch();
        for (int i = 0; i < count; i++) {
            batch.get(own + "?$select=id");
        }
        return batch;
    }

    private static List<String> order(Calls.Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.expect(200)
                .json()
                .path("responses")
                .forEach(part -> ids.add(part.path("id").asText()));
        return ids;
    }

    @Test
    @Checklist("10.4-9")
    void aTenantIsReadInOneBatch() {
        customer.granted(Fixtures.manifest());
        String resources = microsoft.catalog().resources().stream()
                .map(resource -> "'" + resource.appId() + "'")
                .collect(Collectors.joining(","));

        Map<String, JsonNode> parts = graph().parts(batch().get(own + "?$select=id,appId,displayName,accountEnabled")
                .get(own + "/appRoleAssignments?$top=999&$select=id,appRoleId,resourceId")
                .get(own + "/oauth2PermissionGrants?$top=999")
                .get("servicePrincipals?$filter=appId in (" + resources
                        + ")&$select=id,appId,displayName,accountEnabled")
                .get("/servicePrincipals/" + principal(ResourceCatalog.GRAPH) + "?$select=id,appId"));

        assertThat(parts.values()).hasSize(5).allSatisfy(part -> {
            assertThat(part.path("status").asInt()).isEqualTo(200);
            assertThat(part.path("headers").path("x-ms-resource-unit").asText()).matches("[12]");
            assertThat(part.path("headers").path("Content-Type").asText()).startsWith("application/json");
        });
        assertThat(body(parts, "1").path("id").asText()).isEqualTo(principal(app));
        assertThat(body(parts, "2").path("value"))
                .hasSize(customer.grantedAppRoles(app).values().stream()
                        .mapToInt(Set::size)
                        .sum());
        assertThat(body(parts, "3").path("value")).hasSameSizeAs(customer.grants(app));
        assertThat(body(parts, "4").path("value"))
                .hasSize(microsoft.catalog().resources().size() - 1)
                .allSatisfy(node -> assertThat(node.properties())
                        .extracting(Map.Entry::getKey)
                        .containsExactlyInAnyOrder("id", "appId", "displayName", "accountEnabled"));
        assertThat(microsoft.journal().contractViolations()).isEmpty();
    }

    private static JsonNode body(Map<String, JsonNode> parts, String id) {
        return Objects.requireNonNull(parts.get(id)).path("body");
    }

    @Test
    @Checklist("10.4-9")
    void aTenantIsWrittenByBatches() {
        customer.withoutServicePrincipal(ResourceCatalog.DEFENDER);
        String client = principal(app);
        String exchange = principal(ResourceCatalog.EXCHANGE);
        String own = customer.grants(app).get(0).id();

        Map<String, JsonNode> parts = graph().parts(batch().add(
                        "POST",
                        "/servicePrincipals/" + exchange + "/appRoleAssignedTo",
                        GraphCalls.role(client, exchange, EXCHANGE_ROLE))
                .add("POST", "/oauth2PermissionGrants", GraphCalls.grant(client, exchange, "Exchange.Manage"))
                .add("PATCH", "/oauth2PermissionGrants/" + own, Json.object().put("scope", "User.Read"))
                .add("POST", "/servicePrincipals", Json.object().put("appId", ResourceCatalog.DEFENDER)));

        assertThat(parts.values())
                .extracting(part -> part.path("status").asInt())
                .containsExactly(201, 201, 204, 201);
        assertThat(Objects.requireNonNull(parts.get("3")).has("body")).isFalse();
        assertThat(customer.grantedAppRoles(app)).isEqualTo(Map.of(ResourceCatalog.EXCHANGE, Set.of(EXCHANGE_ROLE)));
        assertThat(customer.grantedScopes(app))
                .isEqualTo(Map.of(
                        ResourceCatalog.GRAPH,
                        Set.of("User.Read"),
                        ResourceCatalog.EXCHANGE,
                        Set.of("Exchange.Manage")));
        assertThat(customer.servicePrincipal(ResourceCatalog.DEFENDER)).isPresent();
    }

    @Test
    @Checklist("10.4-9")
    void twentyPartsAreTheLimit() {
        assertThat(order(graph().batch(reads(20)))).hasSize(20);
        assertError(
                graph().batch(reads(21)),
                400,
                "BadRequest",
                "Number of batch request steps exceeds the maximum value of 20.");
        assertThat(microsoft.journal().requests(customer.id(), Endpoint.BATCH))
                .extracting(WireJournal.Entry::status)
                .containsExactly(200, 400);
    }

    @Test
    @Checklist("10.4-9")
    void aMalformedBatchIsRefusedAsAWhole() {
        GraphCalls graph = graph();
        GraphCalls.Batch sameId = batch();
        sameId.get(own).last().put("id", "a");
        sameId.get(own).last().put("id", "A");
        GraphCalls.Batch noId = batch().get(own);
        noId.last().remove("id");
        GraphCalls.Batch numericId = batch().get(own);
        numericId.last().put("id", 7);
        GraphCalls.Batch noUrl = batch().get(own);
        noUrl.last().remove("url");
        GraphCalls.Batch absolute = batch().get(microsoft.graphUrl() + "/v1.0" + own);
        GraphCalls.Batch noType =
                batch().add("POST", "/servicePrincipals", Json.object().put("appId", ResourceCatalog.DEFENDER));
        noType.last().remove("headers");
        GraphCalls.Batch stranger = batch().get(own).dependsOn("9");

        for (GraphCalls.Batch bad : List.of(sameId, noId, numericId, noUrl, absolute, stranger, batch())) {
            graph.batch(bad).expect(400);
        }
        assertError(graph.batch(noType), 400, "BadRequest", "does not contain Content-Type header or body");
        graph.send("POST", "/$batch", Map.of(), "{").expect(400);
        graph.send(
                        "POST",
                        "/$batch",
                        Map.of("Content-Type", "text/plain"),
                        batch().get(own).json().toString())
                .expect(400);
        graph.send("GET", "/$batch", Map.of(), "").expect(405);
    }

    @Test
    @Checklist("10.4-9")
    void theWholeBatchNeedsAGoodToken() {
        Calls.Answer answer = new GraphCalls(microsoft, calls, "garbled").batch(reads(2));

        assertError(answer, 401, "InvalidAuthenticationToken", "CompactToken");
    }

    @Test
    @Checklist("10.4-9")
    void answersComeInAnyOrderThatTheSeedDecides() {
        GraphCalls graph = graph();
        List<String> sent = List.of("1", "10", "2", "3", "4", "5", "6", "7", "8", "9");
        Set<List<String>> orders = new HashSet<>();
        List<List<String>> here = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<String> order = order(graph.batch(reads(10)));
            here.add(order);
            orders.add(order);
            assertThat(order).containsExactlyInAnyOrderElementsOf(sent);
        }
        assertThat(orders).hasSizeGreaterThan(1);
        assertThat(orders(1)).isEqualTo(here);
        assertThat(orders(2)).isNotEqualTo(here);
        customer.behaviour().shuffleBatches(false);
        assertThat(order(graph.batch(reads(10)))).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    /** The orders of the same batches in another simulator. */
    private List<List<String>> orders(long seed) {
        try (MicrosoftSimulator other = MicrosoftSimulator.builder()
                .seed(seed)
                .clock(new SettableClock())
                .build()) {
            SimulatedTenant tenant = other.addCustomer("Fabrikam").consented(SimulatedTenant.BOOTSTRAP_SCOPES);
            GraphCalls graph = GraphCalls.of(other, new Calls(other), tenant);
            List<List<String>> orders = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                orders.add(order(graph.batch(reads(10))));
            }
            return orders;
        }
    }

    @Test
    @Checklist("10.4-9")
    void aPartWaitsForOthersAndFailsWithThem() {
        customer.withoutServicePrincipal(ResourceCatalog.DEFENDER);
        ObjectNode defender = Json.object().put("appId", ResourceCatalog.DEFENDER);
        String byKey = "/servicePrincipals(appId='" + ResourceCatalog.DEFENDER + "')";

        for (int i = 0; i < 5; i++) {
            Map<String, Integer> statuses = graph().statuses(batch().add("POST", "/servicePrincipals", defender)
                    .get(byKey)
                    .dependsOn("1")
                    .add("DELETE", byKey, null)
                    .dependsOn("2"));
            assertThat(statuses).isEqualTo(Map.of("1", 201, "2", 200, "3", 204));
        }
        Map<String, JsonNode> failed = graph().parts(batch().get(byKey)
                .add("POST", "/servicePrincipals", defender)
                .dependsOn("1")
                .get(own)
                .dependsOn("2")
                .get(own));
        assertThat(failed.values())
                .extracting(part -> part.path("status").asInt())
                .containsExactly(404, 424, 424, 200);
        assertError(body(failed, "2"), "FailedDependency", "depends on");
        assertThat(customer.servicePrincipal(ResourceCatalog.DEFENDER)).isEmpty();
    }

    @Test
    @Checklist("10.4-9")
    void whateverThePartsDoTheBatchIs200() {
        GraphCalls graph = graph();
        Map<String, JsonNode> parts = graph.parts(batch().get("/servicePrincipals/" + new UUID(0x4000, 1))
                .get("/nonsense")
                .add(
                        "POST",
                        "/oauth2PermissionGrants",
                        GraphCalls.grant(principal(app), principal(ResourceCatalog.GRAPH), "x"))
                .add("POST", "/oauth2PermissionGrants", Json.object().put("scope", "x"))
                .get("/organization")
                .add("POST", "/$batch", Json.object()));

        assertThat(parts.values())
                .extracting(part -> part.path("status").asInt())
                .containsExactly(404, 400, 409, 400, 403, 400);
        assertError(body(parts, "3"), "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.");
        assertError(body(parts, "4"), "Request_BadRequest", "Contract:");
        assertThat(microsoft.journal().contractViolations())
                .singleElement()
                .extracting(WireJournal.ContractViolation::url)
                .isEqualTo("/oauth2PermissionGrants");
    }

    @Test
    @Checklist("10.4-9")
    void aBodyMayBeBase64() {
        String text = GraphCalls.role(principal(app), principal(ResourceCatalog.EXCHANGE), EXCHANGE_ROLE)
                .toString();
        GraphCalls.Batch batch = batch().add("POST", own + "/appRoleAssignments", Json.object());
        batch.last().put("body", Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(graph().statuses(batch)).isEqualTo(Map.of("1", 201));
    }

    @Test
    @Checklist("10.4-9")
    void onePartMayBeThrottled() {
        microsoft
                .faults()
                .onPart(customer.id(), "GET", "/appRoleAssignments")
                .respond(
                        429,
                        Map.of("Retry-After", "7", "Content-Type", "application/json"),
                        "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"\"}}");
        GraphCalls graph = graph();
        GraphCalls.Batch batch = batch().get(own).get(own + "/appRoleAssignments");

        Map<String, JsonNode> parts = graph.parts(batch);
        assertThat(parts.values())
                .extracting(part -> part.path("status").asInt())
                .containsExactly(200, 429);
        JsonNode throttled = Objects.requireNonNull(parts.get("2"));
        assertThat(throttled.path("headers").path("Retry-After").asText()).isEqualTo("7");
        assertError(throttled.path("body"), "TooManyRequests", "");
        assertThat(graph.statuses(batch)).isEqualTo(Map.of("1", 200, "2", 200));
    }

    @Test
    @Checklist("10.4-9")
    void aPartMayFailAfterItsEffectOrCutTheBatch() {
        String client = principal(app);
        GraphCalls.Batch grant = batch().get(own)
                .add(
                        "POST",
                        "/oauth2PermissionGrants",
                        GraphCalls.grant(client, principal(ResourceCatalog.EXCHANGE), "x"));
        GraphCalls graph = graph();

        microsoft
                .faults()
                .onPart(customer.id(), "POST", "/oauth2PermissionGrants")
                .respond(503);
        assertThat(graph.statuses(grant)).isEqualTo(Map.of("1", 200, "2", 503));
        assertThat(customer.grantedScopes(app)).doesNotContainKey(ResourceCatalog.EXCHANGE);
        microsoft
                .faults()
                .onPart(customer.id(), "POST", "/oauth2PermissionGrants")
                .afterEffect()
                .respond(504);
        assertThat(graph.statuses(grant)).isEqualTo(Map.of("1", 200, "2", 504));
        assertThat(customer.grantedScopes(app)).containsKey(ResourceCatalog.EXCHANGE);
        microsoft
                .faults()
                .onPart(customer.id(), "POST", "/oauth2PermissionGrants")
                .reset();
        assertThatThrownBy(() -> graph.batch(grant)).isInstanceOf(UncheckedIOException.class);
        assertThat(microsoft.journal().requests(customer.id(), Endpoint.BATCH).get(2))
                .satisfies(entry -> assertThat(entry.status()).isZero())
                .satisfies(entry -> assertThat(entry.parts())
                        .extracting(WireJournal.Part::status)
                        .containsExactly(200, 0));
    }

    @Test
    @Checklist("10.4-9")
    void theJournalShowsTheParts() {
        String grant = "/oauth2PermissionGrants/" + customer.grants(app).get(0).id();
        graph().batch(batch().get(own + "?$select=id").add("DELETE", grant, null));

        WireJournal.Entry entry =
                microsoft.journal().requests(customer.id(), Endpoint.BATCH).get(0);
        assertThat(entry.path()).isEqualTo("/v1.0/$batch");
        assertThat(entry.parts())
                .containsExactly(
                        new WireJournal.Part("1", "GET", own + "?$select=id", 200),
                        new WireJournal.Part("2", "DELETE", grant, 204));
        assertThat(microsoft.journal().parts(customer.id()))
                .filteredOn(WireJournal.Part::write)
                .extracting(WireJournal.Part::status)
                .containsExactly(204);
        assertThat(microsoft.journal().count(customer.id(), Endpoint.GRAPH_GET)).isZero();
    }

    @Test
    @Checklist({"10.4-3", "10.4-9"})
    void partsHavePagesThatCanBeAskedForByBatch() {
        customer.granted(Fixtures.manifest()).behaviour().pageSize(25);
        String root = microsoft.graphUrl() + "/v1.0";
        GraphCalls graph = graph();
        Set<String> ids = new HashSet<>();
        String url = own + "/appRoleAssignments?$top=999&$select=id";
        int pages = 0;
        while (!url.isEmpty()) {
            JsonNode page = body(graph.parts(batch().get(url)), "1");
            page.path("value").forEach(node -> ids.add(node.path("id").asText()));
            String next = page.path("@odata.nextLink").asText("");
            assertThat(next.isEmpty() || next.startsWith(root + "/")).isTrue();
            url = next.isEmpty() ? "" : next.substring(root.length());
            pages++;
        }
        assertThat(ids).hasSize(70);
        assertThat(pages).isEqualTo(3);
    }
}
