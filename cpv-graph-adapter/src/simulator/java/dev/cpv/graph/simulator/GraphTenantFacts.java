package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A tenant's data about itself: {@code /organization}, {@code /domains}, {@code /subscribedSkus}, {@code /me}. */
final class GraphTenantFacts {
    private static final GraphCollection ORGANIZATION = GraphCollection.of(
            "organization",
            Set.of(
                    "id",
                    "displayName",
                    "tenantType",
                    "verifiedDomains",
                    "assignedPlans",
                    "countryLetterCode",
                    "partnerTenantType"),
            Set.of());
    private static final GraphCollection DOMAINS = GraphCollection.of(
            "domains",
            Set.of("id", "isDefault", "isInitial", "isVerified", "authenticationType", "isAdminManaged"),
            Set.of());
    private static final GraphCollection SKUS =
            GraphCollection.of("subscribedSkus", Set.of("id", "skuId", "skuPartNumber", "capabilityStatus"), Set.of());
    private static final GraphCollection USERS =
            GraphCollection.of("users", Set.of("id", "userPrincipalName", "displayName"), Set.of());
    private static final GraphCollection GROUPS = GraphCollection.of(
            "directoryObjects", Set.of("id", "displayName", "securityEnabled", "isAssignableToRole"), Set.of());

    /** The error of every request while a tenant is being created or deleted. */
    static GraphError unreadable() {
        return GraphError.of(
                404, "Directory_ObjectNotFound", "Unable to read the company information from the directory.");
    }

    GraphAnswer organization(GraphCall call) {
        read(call, GraphPermission.READ_ORGANIZATION, 1);
        SimulatedTenant tenant = call.tenant();
        ObjectNode node = Json.object();
        node.put("id", tenant.id());
        node.put("displayName", tenant.displayName());
        node.put("tenantType", "AAD");
        node.put("countryLetterCode", "DE");
        node.putNull("partnerTenantType");
        ArrayNode domains = node.putArray("verifiedDomains");
        tenant.domainsByName()
                .forEach((name, initial) -> domains.addObject()
                        .put("name", name)
                        .put("type", "Managed")
                        .put("isDefault", initial)
                        .put("isInitial", initial));
        ArrayNode plans = node.putArray("assignedPlans");
        new TreeSet<>(tenant.licences())
                .forEach(licence -> plans.addObject()
                        .put("service", licence)
                        .put("capabilityStatus", "Enabled")
                        .put("servicePlanId", guid("plan/" + licence)));
        return ORGANIZATION.page(call, List.of(node));
    }

    GraphAnswer domains(GraphCall call) {
        read(call, GraphPermission.READ_DOMAINS, 1);
        List<ObjectNode> nodes = new ArrayList<>();
        call.tenant().domainsByName().forEach((name, initial) -> {
            ObjectNode node = Json.object();
            node.put("id", name);
            node.put("isDefault", initial);
            node.put("isInitial", initial);
            node.put("isVerified", true);
            nodes.add(node.put("authenticationType", "Managed"));
        });
        return DOMAINS.page(call, nodes);
    }

    GraphAnswer subscribedSkus(GraphCall call) {
        read(call, GraphPermission.READ_ORGANIZATION, 1);
        List<ObjectNode> nodes = new ArrayList<>();
        for (String licence : new TreeSet<>(call.tenant().licences())) {
            ObjectNode node = Json.object();
            node.put("id", call.tenant().id() + "_" + guid("sku/" + licence));
            node.put("skuId", guid("sku/" + licence));
            node.put("skuPartNumber", licence);
            nodes.add(node.put("capabilityStatus", "Enabled"));
        }
        return SKUS.page(call, nodes);
    }

    /** The user of the token. A user who has access through GDAP is not an object of the customer's tenant. */
    GraphAnswer me(GraphCall call) {
        String userId = call.token().objectId();
        String name = call.token().userPrincipalName();
        if (userId == null || name == null) {
            throw GraphError.malformed("/me request is only valid with delegated authentication flow.")
                    .refusal();
        }
        String navigation = call.request().name(1);
        read(call, GraphPermission.READ_ME, navigation.isEmpty() ? 1 : 2);
        boolean home = call.world()
                .user(userId)
                .filter(user -> user.homeTenantId().equals(call.tenant().id()))
                .isPresent();
        if (!home) {
            throw GraphError.notFound(userId).refusal();
        }
        return switch (navigation) {
            case "" ->
                USERS.one(
                        call,
                        Json.object()
                                .put("id", userId)
                                .put("userPrincipalName", name)
                                .put("displayName", name));
            case "memberof", "transitivememberof" -> GROUPS.page(call, groups(call, userId, navigation));
            default -> throw GraphError.noSegment(navigation).refusal();
        };
    }

    private static List<ObjectNode> groups(GraphCall call, String userId, String navigation) {
        boolean nested = navigation.equals("transitivememberof");
        PartnerGroups groups = call.world().groups();
        return groups.all().values().stream()
                .filter(group -> nested
                        ? groups.contains(group.id(), userId)
                        : group.members().contains(userId))
                .map(group -> GraphMemberships.group(group.id(), group.displayName())
                        .put("@odata.type", "#" + GraphMemberships.GROUP_TYPE))
                .sorted((left, right) ->
                        left.path("id").asText().compareTo(right.path("id").asText()))
                .toList();
    }

    private static void read(GraphCall call, GraphPermission permission, int steps) {
        if (!call.request().read()) {
            throw GraphError.notAllowed().refusal();
        }
        if (call.request().size() > steps) {
            throw GraphError.noSegment(call.request().step(steps).text()).refusal();
        }
        call.require(permission);
    }

    private static String guid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
