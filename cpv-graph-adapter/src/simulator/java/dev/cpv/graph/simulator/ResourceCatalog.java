package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first-party APIs that the simulator knows, with the permissions that they publish. Immutable and thread-safe.
 *
 * <p>Ids are Microsoft's where they are publicly known; the others are invented and never change. As at Microsoft, some
 * resources do not publish every scope that can be granted by name.
 */
public final class ResourceCatalog {
    /** The application id of Microsoft Graph. */
    public static final String GRAPH = "00000003-0000-0000-c000-000000000000";

    /** The application id of Microsoft Partner Center, which only partner tenants have. */
    public static final String PARTNER_CENTER = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd";

    /** The application id of Office 365 Exchange Online. */
    public static final String EXCHANGE = "00000002-0000-0ff1-ce00-000000000000";

    /** The application id of Office 365 SharePoint Online. */
    public static final String SHAREPOINT = "00000003-0000-0ff1-ce00-000000000000";

    /** The application id of WindowsDefenderATP, absent from tenants without its licence. */
    public static final String DEFENDER = "fc780465-2017-40d4-a0c5-307022471b92";

    /**
     * One permission that a resource publishes.
     *
     * @param id its GUID
     * @param value its name
     */
    public record Permission(String id, String value) {}

    /**
     * One API.
     *
     * @param appId its application id
     * @param displayName its name
     * @param identifierUris the URIs that scopes and audiences name it by, in all clouds
     * @param appRoles its application permissions
     * @param scopes its delegated permissions
     */
    public record Resource(
            String appId,
            String displayName,
            List<String> identifierUris,
            List<Permission> appRoles,
            List<Permission> scopes) {

        /**
         * Copies the lists.
         *
         * @param appId its application id
         * @param displayName its name
         * @param identifierUris the URIs that scopes and audiences name it by
         * @param appRoles its application permissions
         * @param scopes its delegated permissions
         */
        public Resource {
            identifierUris = List.copyOf(identifierUris);
            appRoles = List.copyOf(appRoles);
            scopes = List.copyOf(scopes);
        }

        /**
         * Looks up an application permission.
         *
         * @param idOrValue its GUID or its name
         * @return the permission; empty if the resource does not publish it
         */
        public Optional<Permission> appRole(String idOrValue) {
            return find(appRoles, idOrValue);
        }

        /**
         * Looks up a delegated permission.
         *
         * @param idOrValue its GUID or its name
         * @return the permission; empty if the resource does not publish it
         */
        public Optional<Permission> scope(String idOrValue) {
            return find(scopes, idOrValue);
        }

        private static Optional<Permission> find(List<Permission> permissions, String idOrValue) {
            return permissions.stream()
                    .filter(permission -> permission.id().equalsIgnoreCase(idOrValue)
                            || permission.value().equalsIgnoreCase(idOrValue))
                    .findFirst();
        }
    }

    private final Map<String, Resource> byAppId;

    private ResourceCatalog(Map<String, Resource> byAppId) {
        this.byAppId = Collections.unmodifiableMap(byAppId);
    }

    /**
     * The catalog that comes with the simulator.
     *
     * @return twelve resources, including Microsoft Graph with 64 app roles and 89 scopes
     */
    public static ResourceCatalog standard() {
        Map<String, Resource> resources = new LinkedHashMap<>();
        for (JsonNode node : Json.parse(Fixtures.read("catalog.json"))) {
            List<String> uris = new ArrayList<>();
            node.path("identifierUris").forEach(uri -> uris.add(uri.asText()));
            Resource resource = new Resource(
                    node.path("appId").asText(),
                    node.path("displayName").asText(),
                    uris,
                    permissions(node.path("appRoles")),
                    permissions(node.path("scopes")));
            resources.put(resource.appId(), resource);
        }
        return new ResourceCatalog(resources);
    }

    private static List<Permission> permissions(JsonNode nodes) {
        List<Permission> permissions = new ArrayList<>();
        nodes.forEach(node -> permissions.add(
                new Permission(node.path("id").asText(), node.path("value").asText())));
        return permissions;
    }

    /**
     * All resources.
     *
     * @return the resources, Microsoft Graph first
     */
    public Collection<Resource> resources() {
        return byAppId.values();
    }

    /**
     * One resource.
     *
     * @param appId its application id
     * @return the resource; empty if the catalog does not have it
     */
    public Optional<Resource> resource(String appId) {
        return Optional.ofNullable(byAppId.get(appId.toLowerCase(Locale.ROOT)));
    }

    /** The resource that an audience names: by identifier URI, with or without a slash at its end, or by app id. */
    Optional<Resource> byAudience(String audience) {
        String uri = audience.endsWith("/") ? audience.substring(0, audience.length() - 1) : audience;
        return byAppId.values().stream()
                .filter(resource -> resource.appId().equalsIgnoreCase(uri)
                        || resource.identifierUris().stream().anyMatch(known -> known.equalsIgnoreCase(uri)))
                .findFirst();
    }
}
