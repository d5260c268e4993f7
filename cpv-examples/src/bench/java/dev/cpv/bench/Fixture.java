package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.ResourceCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The permissions that all benchmarks use: 12 resources, 70 app roles, 107 scopes. */
final class Fixture {
    static final int ROLES = 70;
    /** Partner Center's scope is never granted in a customer tenant. */
    static final int SCOPES_IN_CUSTOMER = 106;
    /** The scope that a drifted tenant lacks. */
    static final String LOST_SCOPE = "User.Read.All";

    static final ObjectMapper JSON = new ObjectMapper();

    private Fixture() {}

    /** The simulator's manifest, plus all other scopes that its resources publish. */
    static JsonNode manifest() {
        try {
            JsonNode manifest = JSON.readTree(Fixtures.manifest());
            for (JsonNode resource : manifest.path("requiredResourceAccess")) {
                addPublishedScopes(
                        resource.path("resourceAppId").asText(), (ArrayNode) resource.withArray("resourceAccess"));
            }
            return manifest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addPublishedScopes(String resource, ArrayNode access) {
        Set<String> there = new HashSet<>();
        access.forEach(entry -> there.add(entry.path("id").asText()));
        ResourceCatalog.standard()
                .resource(resource)
                .ifPresent(published -> published.scopes().stream()
                        .filter(scope -> !there.contains(scope.id()) && !there.contains(scope.value()))
                        .forEach(scope ->
                                access.addObject().put("id", scope.id()).put("type", "Scope")));
    }

    /** For each resource of a customer tenant: role ids, and the scope names in order, separated by blanks. */
    static ObjectNode wanted(JsonNode manifest, MicrosoftSimulator simulator) {
        ObjectNode wanted = JSON.createObjectNode();
        for (JsonNode resource : manifest.path("requiredResourceAccess")) {
            String appId = resource.path("resourceAppId").asText();
            if (!appId.equals(ResourceCatalog.PARTNER_CENTER)) {
                ObjectNode own = wanted.putObject(appId);
                ArrayNode roles = own.putArray("roles");
                Set<String> scopes = new TreeSet<>();
                for (JsonNode access : resource.path("resourceAccess")) {
                    String id = access.path("id").asText();
                    if (access.path("type").asText().equals("Role")) {
                        roles.add(id);
                    } else {
                        scopes.add(simulator
                                .catalog()
                                .resource(appId)
                                .flatMap(known -> known.scope(id))
                                .map(ResourceCatalog.Permission::value)
                                .orElse(id));
                    }
                }
                own.put("scopes", String.join(" ", scopes));
            }
        }
        return wanted;
    }
}
