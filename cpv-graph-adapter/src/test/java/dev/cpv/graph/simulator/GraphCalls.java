package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests to Microsoft Graph with one token. */
final class GraphCalls {
    private final MicrosoftSimulator microsoft;
    private final Calls calls;
    private final String token;

    GraphCalls(MicrosoftSimulator microsoft, Calls calls, String token) {
        this.microsoft = microsoft;
        this.calls = calls;
        this.token = token;
    }

    /** With a token of the service account, issued now. */
    static GraphCalls of(MicrosoftSimulator microsoft, Calls calls, SimulatedTenant tenant) {
        return new GraphCalls(microsoft, calls, calls.graphToken(tenant));
    }

    /** With an app-only token, issued now. */
    static GraphCalls appOnly(MicrosoftSimulator microsoft, Calls calls, SimulatedTenant tenant) {
        Calls.Answer answer = calls.token(tenant.id(), calls.appOnly(Calls.GRAPH));
        return new GraphCalls(
                microsoft, calls, answer.expect(200).json().path("access_token").asText());
    }

    Calls.Answer send(String method, String path, Map<String, String> headers, String body) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            all.put("Content-Type", "application/json");
        }
        all.putAll(headers);
        String url = path.startsWith("http") ? path : microsoft.graphUrl() + "/v1.0" + path;
        return calls.send(method, url.replace(" ", "%20").replace("'", "%27"), all, body);
    }

    Calls.Answer get(String path) {
        return send("GET", path, Map.of(), "");
    }

    Calls.Answer post(String path, JsonNode body) {
        return send("POST", path, Map.of(), body.toString());
    }

    Calls.Answer patch(String path, JsonNode body) {
        return send("PATCH", path, Map.of(), body.toString());
    }

    Calls.Answer delete(String path) {
        return send("DELETE", path, Map.of(), "");
    }

    /** All pages of a collection. */
    List<JsonNode> all(String path) {
        List<JsonNode> values = new ArrayList<>();
        String next = path;
        while (!next.isEmpty()) {
            JsonNode page = get(next).expect(200).json();
            page.path("value").forEach(values::add);
            next = page.path("@odata.nextLink").asText("");
        }
        return values;
    }

    // Batches

    /** A batch being written: ids are the positions of the parts, from 1. */
    static final class Batch {
        private final ArrayNode requests = Json.array();

        Batch get(String url) {
            return add("GET", url, null);
        }

        Batch add(String method, String url, @Nullable JsonNode body) {
            ObjectNode part = requests.addObject();
            part.put("id", String.valueOf(requests.size()));
            part.put("method", method);
            part.put("url", url);
            if (body != null) {
                part.putObject("headers").put("Content-Type", "application/json");
                part.set("body", body);
            }
            return this;
        }

        Batch dependsOn(String id) {
            last().withArray("dependsOn").add(id);
            return this;
        }

        ObjectNode last() {
            return (ObjectNode) requests.get(requests.size() - 1);
        }

        ObjectNode json() {
            return Json.object().set("requests", requests);
        }
    }

    Calls.Answer batch(Batch batch) {
        return post("/$batch", batch.json());
    }

    /** The answers to the parts by id. */
    Map<String, JsonNode> parts(Batch batch) {
        return parts(batch(batch));
    }

    static Map<String, JsonNode> parts(Calls.Answer answer) {
        Map<String, JsonNode> parts = new TreeMap<>();
        answer.expect(200)
                .json()
                .path("responses")
                .forEach(part -> parts.put(part.path("id").asText(), part));
        return parts;
    }

    /** The statuses of the parts by id. */
    Map<String, Integer> statuses(Batch batch) {
        Map<String, Integer> statuses = new TreeMap<>();
        parts(batch).forEach((id, part) -> statuses.put(id, part.path("status").asInt()));
        return statuses;
    }

    // Bodies

    static ObjectNode role(String principalId, String resourceId, String roleId) {
        return Json.object()
                .put("principalId", principalId)
                .put("resourceId", resourceId)
                .put("appRoleId", roleId);
    }

    static ObjectNode grant(String clientId, String resourceId, String scope) {
        return Json.object()
                .put("clientId", clientId)
                .put("consentType", "AllPrincipals")
                .put("resourceId", resourceId)
                .put("scope", scope);
    }

    static void assertError(Calls.Answer answer, int status, String code, String text) {
        answer.expect(status);
        assertError(answer.json(), code, text);
    }

    static void assertError(JsonNode body, String code, String text) {
        assertThat(body.path("error").path("code").asText()).as(body.toString()).isEqualTo(code);
        assertThat(body.path("error").path("message").asText()).contains(text);
    }
}
