package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests with which the best known tool of this kind refreshes one tenant, one after the other, limited to consent and grants.
 * docs/performance.md names their source. Thread-safe.
 */
final class PeerSequence {
    private static final String GRAPH_APP = "00000003-0000-0000-c000-000000000000";
    private static final String GRAPH_SCOPE = "https://graph.microsoft.com/.default";
    private static final String PARTNER_CENTER_SCOPE = "https://api.partnercenter.microsoft.com/.default";
    private static final String BOOTSTRAP =
            "DelegatedPermissionGrant.ReadWrite.All,Directory.ReadWrite.All," + "AppRoleAssignment.ReadWrite.All";
    private static final int BATCH = 20;
    /** Graph is the sixth of eleven resources whose grants are written. */
    private static final int BEFORE_GRAPH = 5;

    private final Service service;
    private final Http http = new Http();
    private final String graph;
    private final String partnerCenterToken;

    PeerSequence(Service service) {
        this.service = service;
        graph = service.text("graph") + "/v1.0";
        partnerCenterToken = token(service.text("partner"), PARTNER_CENTER_SCOPE);
    }

    /** In sync: 8 requests. */
    void steady(String tenant) {
        look(tenant);
    }

    /** One scope missing: 10 requests. */
    void drifted(String tenant) {
        Looked looked = look(tenant);
        patchGrant(fresh(tenant), looked);
    }

    /** Never consented: 27 requests. */
    void firstConsent(String tenant) {
        http.json("POST", consents(tenant), partnerCenterToken, consent());
        Map<String, String> ids = servicePrincipals(tenant);
        String own = id(ids, service.text("client"));
        assignments(tenant, own);
        assignRoles(fresh(tenant), own, ids);
        Looked looked = lookAtGrants(tenant);
        String token = fresh(tenant);
        List<String> others = new ArrayList<>();
        service.hello().path("wanted").fieldNames().forEachRemaining(others::add);
        others.remove(GRAPH_APP);
        others.subList(0, BEFORE_GRAPH).forEach(resource -> createGrant(token, looked, resource));
        patchGrant(token, looked);
        String after = fresh(tenant);
        others.subList(BEFORE_GRAPH, others.size()).forEach(resource -> createGrant(after, looked, resource));
    }

    /** Reset, where deleting the consent deletes the service principal: 28 requests. */
    void reset(String tenant) {
        http.json("DELETE", consents(tenant) + "/" + service.text("client"), partnerCenterToken, "");
        firstConsent(tenant);
    }

    /** The ids that reading the grants returned. */
    private record Looked(Map<String, String> ids, String own, String graphGrant) {}

    private Looked look(String tenant) {
        Map<String, String> ids = servicePrincipals(tenant);
        assignments(tenant, id(ids, service.text("client")));
        return lookAtGrants(tenant);
    }

    private Looked lookAtGrants(String tenant) {
        Map<String, String> ids = servicePrincipals(tenant);
        String own = id(ids, service.text("client"));
        String graphGrant = "";
        JsonNode grants = get(fresh(tenant), "/servicePrincipals/" + own + "/oauth2PermissionGrants");
        for (JsonNode grant : grants.path("value")) {
            if (grant.path("resourceId").asText().equals(ids.get(GRAPH_APP))) {
                graphGrant = grant.path("id").asText();
            }
        }
        return new Looked(ids, own, graphGrant);
    }

    private Map<String, String> servicePrincipals(String tenant) {
        Map<String, String> ids = new HashMap<>();
        JsonNode page = get(fresh(tenant), "/servicePrincipals?$select=appId,id,displayName&$top=999");
        for (JsonNode principal : page.path("value")) {
            ids.put(principal.path("appId").asText(), principal.path("id").asText());
        }
        return ids;
    }

    private JsonNode assignments(String tenant, String own) {
        return get(fresh(tenant), "/servicePrincipals/" + own + "/appRoleAssignments");
    }

    private void assignRoles(String token, String own, Map<String, String> ids) {
        List<ObjectNode> parts = new ArrayList<>();
        service.hello().path("wanted").properties().forEach(resource -> {
            for (JsonNode role : resource.getValue().path("roles")) {
                ObjectNode part = Fixture.JSON
                        .createObjectNode()
                        .put("id", String.valueOf(parts.size() + 1))
                        .put("method", "POST")
                        .put("url", "/servicePrincipals/" + own + "/appRoleAssignedTo");
                part.putObject("headers").put("Content-Type", "application/json");
                part.putObject("body")
                        .put("principalId", own)
                        .put("resourceId", id(ids, resource.getKey()))
                        .put("appRoleId", role.asText());
                parts.add(part);
            }
        });
        for (int from = 0; from < parts.size(); from += BATCH) {
            ObjectNode batch = Fixture.JSON.createObjectNode();
            ArrayNode requests = batch.putArray("requests");
            parts.subList(from, Math.min(from + BATCH, parts.size())).forEach(requests::add);
            tree(http.json("POST", graph + "/$batch", token, batch.toString()));
        }
    }

    private void createGrant(String token, Looked looked, String resource) {
        ObjectNode grant = Fixture.JSON
                .createObjectNode()
                .put("clientId", looked.own)
                .put("consentType", "AllPrincipals")
                .put("resourceId", id(looked.ids, resource))
                .put("scope", scopes(resource));
        tree(http.json("POST", graph + "/oauth2PermissionGrants", token, grant.toString()));
    }

    private void patchGrant(String token, Looked looked) {
        ObjectNode grant = Fixture.JSON.createObjectNode().put("scope", scopes(GRAPH_APP));
        drain(http.json("PATCH", graph + "/oauth2PermissionGrants/" + looked.graphGrant, token, grant.toString()));
    }

    private String scopes(String resource) {
        return service.hello().path("wanted").path(resource).path("scopes").asText();
    }

    private String consents(String tenant) {
        return service.text("partnerCenter") + "/v1/customers/" + tenant + "/applicationconsents";
    }

    private String consent() {
        ObjectNode consent = Fixture.JSON.createObjectNode().put("applicationId", service.text("client"));
        consent.putArray("applicationGrants")
                .addObject()
                .put("enterpriseApplicationId", GRAPH_APP)
                .put("scope", BOOTSTRAP);
        return consent.toString();
    }

    private String fresh(String tenant) {
        return token(tenant, GRAPH_SCOPE);
    }

    private String token(String tenant, String scope) {
        return tree(http.form(service.tokenUrl(tenant), Http.redemption(service, scope)))
                .path("access_token")
                .asText();
    }

    private JsonNode get(String token, String path) {
        return tree(http.json("GET", graph + path, token, ""));
    }

    private static String id(Map<String, String> ids, String appId) {
        String id = ids.get(appId);
        if (id == null) {
            throw new IllegalStateException("No service principal of " + appId);
        }
        return id;
    }

    private static JsonNode tree(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            // Read to the end: closing the stream earlier would close the connection, and the next request would need a
            // new one.
            return Fixture.JSON.readTree(body.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
