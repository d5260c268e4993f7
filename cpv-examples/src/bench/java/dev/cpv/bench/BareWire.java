package dev.cpv.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sends the requests that cpv sends with {@code java.net.http}, and parses the responses with Jackson's streaming parser: the least
 * work that is possible. Thread-safe.
 */
final class BareWire {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Service service;
    private final Http http = new Http();
    private final Map<String, String> tokens = new HashMap<>();

    BareWire(Service service) {
        this.service = service;
    }

    /** Builds the body of a batch from the parts that the simulator received. */
    static String batch(JsonNode request) {
        ObjectNode batch = Fixture.JSON.createObjectNode();
        ArrayNode parts = batch.putArray("requests");
        for (JsonNode part : request.path("parts")) {
            parts.addObject()
                    .put("id", String.valueOf(parts.size() - 1))
                    .put("method", part.path("method").asText())
                    .put("url", part.path("url").asText());
        }
        return batch.toString();
    }

    /** A tenant in sync: a token and a batch. Returns the number of permissions. */
    int steady(String tenant, String batch) {
        String token = token(tenant, "https://graph.microsoft.com/.default");
        return look(http.json("POST", service.batchUrl(), token, batch));
    }

    /** Sends the requests that cpv sent, in the same order. */
    void replay(JsonNode sent) {
        for (JsonNode request : sent) {
            String tenant = request.path("tenant").asText();
            if (request.path("endpoint").asText().equals("BATCH")) {
                String token = tokens.getOrDefault(tenant, "");
                look(http.json("POST", service.batchUrl(), token, batch(request)));
            } else {
                tokens.put(tenant, token(tenant, "https://graph.microsoft.com/.default"));
            }
        }
    }

    private String token(String tenant, String scope) {
        HttpResponse<InputStream> response = http.form(service.tokenUrl(tenant), Http.redemption(service, scope));
        try (JsonParser json = FACTORY.createParser(response.body())) {
            String token = "";
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (next == JsonToken.FIELD_NAME && json.currentName().equals("access_token")) {
                    token = json.nextTextValue();
                }
            }
            return token;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int look(HttpResponse<InputStream> response) {
        Set<String> seen = new HashSet<>();
        try (JsonParser json = FACTORY.createParser(response.body())) {
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (next == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (name.equals("appRoleId")) {
                        seen.add(json.nextTextValue());
                    } else if (name.equals("scope")) {
                        for (String scope : json.nextTextValue().split(" ", -1)) {
                            seen.add(scope);
                        }
                    }
                }
            }
            return seen.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
