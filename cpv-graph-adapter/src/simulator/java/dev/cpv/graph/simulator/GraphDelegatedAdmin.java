package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code /tenantRelationships} and {@code /contracts}: what the partner tenant knows about its customers. */
final class GraphDelegatedAdmin implements GraphEndpoint {
    private static final int MAX_RELATIONSHIPS = 300;
    private static final Set<String> NO_EXTENSION = Set.of("P0D", "PT0S");
    private static final String EXTENSION = "P180D";
    private static final String RELATIONSHIP_PATH = "tenantRelationships/delegatedAdminRelationships";

    private static final GraphCollection RELATIONSHIPS = GraphCollection.of(
                    RELATIONSHIP_PATH,
                    Set.of(
                            "id",
                            "displayName",
                            "duration",
                            "autoExtendDuration",
                            "customer",
                            "accessDetails",
                            "status",
                            "createdDateTime",
                            "lastModifiedDateTime",
                            "activatedDateTime",
                            "endDateTime"),
                    Set.of("id", "status", "displayName", "customer/tenantId"))
            .withMaxTop(MAX_RELATIONSHIPS);
    private static final GraphCollection CUSTOMERS = GraphCollection.of(
                    "tenantRelationships/delegatedAdminCustomers",
                    Set.of("id", "tenantId", "displayName"),
                    Set.of("id", "tenantId", "displayName"))
            .withMaxTop(MAX_RELATIONSHIPS);
    private static final GraphCollection CONTRACTS = GraphCollection.of(
            "contracts",
            Set.of("id", "contractType", "customerId", "defaultDomainName", "displayName"),
            Set.of("customerId", "contractType", "defaultDomainName", "displayName"));

    @Override
    public GraphAnswer answer(GraphCall call) {
        GraphRequest request = call.request();
        String what = request.name(1);
        return switch (what) {
            case "delegatedadminrelationships" -> relationships(call);
            case "delegatedadmincustomers" -> customers(call);
            case "findtenantinformationbytenantid" -> tenantInformation(call);
            default -> throw GraphError.noSegment(request.step(1).text()).refusal();
        };
    }

    // Relationships

    private static GraphAnswer relationships(GraphCall call) {
        GraphRequest request = call.request();
        call.require(request.read() ? GraphPermission.READ_RELATIONSHIPS : GraphPermission.WRITE_RELATIONSHIPS);
        if (request.size() == 2) {
            if (!request.read()) {
                throw GraphError.notAllowed().refusal();
            }
            return RELATIONSHIPS.page(call, all(call), r -> field -> field(call, r, field), r -> json(call, r));
        }
        GdapRelationship relationship = all(call).stream()
                .filter(known -> known.id().equals(request.name(2)))
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(request.name(2)).refusal());
        if (request.name(3).equals("accessassignments")) {
            return assignments(call, relationship);
        }
        return switch (request.shape()) {
            case "GET 3" -> RELATIONSHIPS.one(call, json(call, relationship));
            case "PATCH 3" -> update(call, relationship);
            default -> throw GraphError.noSegment(request.step(3).text()).refusal();
        };
    }

    private static String field(GraphCall call, GdapRelationship relationship, String name) {
        return switch (name) {
            case "id" -> relationship.id();
            case "status" -> relationship.statusAt(call.now()).wireName();
            case "displayName" -> relationship.displayName();
            default -> relationship.tenantId();
        };
    }

    /** Only the partner tenant has relationships with customers. */
    private static List<GdapRelationship> all(GraphCall call) {
        return call.tenant().partner() ? call.world().gdap().all() : List.of();
    }

    private static GraphAnswer update(GraphCall call, GdapRelationship relationship) {
        String etag = call.request()
                .wire()
                .header("If-Match")
                .orElseThrow(() -> GraphError.of(428, "PreconditionRequired", "If-Match header is required.")
                        .refusal());
        String duration = call.request().required(call.request().body(), "autoExtendDuration");
        if (!duration.equals(EXTENSION) && !NO_EXTENSION.contains(duration)) {
            throw GraphError.badRequest("Invalid value specified for property 'autoExtendDuration'.")
                    .refusal();
        }
        if (duration.equals(EXTENSION) && relationship.roles().contains(DirectoryRoles.GLOBAL_ADMINISTRATOR)) {
            throw GraphError.badRequest("A relationship with Global Administrator cannot be extended automatically.")
                    .refusal();
        }
        GdapRelationship updated = call.world()
                .gdap()
                .update(relationship.id(), old -> {
                    if (!etag.equals("*") && !etag.equals(etag(old.id(), old.version()))) {
                        throw GraphError.of(412, "PreconditionFailed", "The ETag does not match.")
                                .refusal();
                    }
                    return old.withAutoExtend(duration.equals(EXTENSION));
                })
                .orElseThrow(() -> GraphError.notFound(relationship.id()).refusal());
        return RELATIONSHIPS
                .one(call, json(call, updated))
                .withStatus(call.world().partnerBehaviour().relationshipUpdateStatus());
    }

    private static ObjectNode json(GraphCall call, GdapRelationship relationship) {
        ObjectNode node = Json.object();
        node.put("@odata.type", "#microsoft.graph.delegatedAdminRelationship");
        node.put("@odata.etag", etag(relationship.id(), relationship.version()));
        node.put("id", relationship.id());
        node.put("displayName", relationship.displayName());
        node.put("duration", days(relationship.duration()));
        node.put("autoExtendDuration", relationship.autoExtend() ? EXTENSION : "PT0S");
        if (relationship.tenantId().isEmpty()) {
            node.putNull("customer");
        } else {
            node.putObject("customer")
                    .put("tenantId", relationship.tenantId())
                    .put("displayName", nameOf(call, relationship.tenantId()));
        }
        node.putObject("accessDetails").set("unifiedRoles", roles(relationship.roles()));
        node.put("status", relationship.statusAt(call.now()).wireName());
        node.put("createdDateTime", relationship.createdAt().toString());
        node.put("lastModifiedDateTime", relationship.createdAt().toString());
        var activated = relationship.activatedAt();
        node.put("activatedDateTime", activated == null ? null : activated.toString());
        return node.put("endDateTime", relationship.endAt(call.now()).toString());
    }

    // Access assignments

    private static GraphAnswer assignments(GraphCall call, GdapRelationship relationship) {
        GraphRequest request = call.request();
        GraphCollection collection = GraphCollection.of(
                RELATIONSHIP_PATH + "('" + relationship.id() + "')/accessAssignments",
                Set.of("id", "status", "createdDateTime", "lastModifiedDateTime", "accessContainer", "accessDetails"),
                Set.of("id", "status"));
        List<ObjectNode> nodes = relationship.assignments().stream()
                .map(assignment -> json(call, assignment))
                .toList();
        return switch (request.shape()) {
            case "GET 4" -> collection.page(call, nodes);
            case "POST 4" -> map(call, collection, relationship);
            case "GET 5" ->
                collection.one(
                        call,
                        nodes.stream()
                                .filter(node -> node.path("id").asText().equals(request.name(4)))
                                .findFirst()
                                .orElseThrow(() ->
                                        GraphError.notFound(request.name(4)).refusal()));
            default -> throw GraphError.notAllowed().refusal();
        };
    }

    /** Assigns roles of a relationship to a group; the assignment is {@code pending} at first. */
    private static GraphAnswer map(GraphCall call, GraphCollection collection, GdapRelationship relationship) {
        ObjectNode body = call.request().body();
        String group = body.path("accessContainer").path("accessContainerId").asText();
        if (!call.world().groups().all().containsKey(group)) {
            throw GraphError.of(404, "NotFound", "The access container does not exist.")
                    .refusal();
        }
        Set<String> roles = new TreeSet<>();
        for (JsonNode role : body.path("accessDetails").path("unifiedRoles")) {
            roles.add(role.path("roleDefinitionId").asText());
        }
        if (roles.isEmpty() || !relationship.roles().containsAll(roles)) {
            throw GraphError.badRequest("The relationship does not have the roles of the access assignment.")
                    .refusal();
        }
        Duration pending = call.world().partnerBehaviour().accessAssignmentDelay();
        GdapRelationship.AccessAssignment made = new GdapRelationship.AccessAssignment(
                call.directory().newId(), group, roles, call.now(), call.now().plus(pending), false, 1);
        call.world().gdap().update(relationship.id(), old -> {
            List<GdapRelationship.AccessAssignment> all = new ArrayList<>(old.assignments());
            all.add(made);
            return old.withAssignments(all);
        });
        return collection.created(call, json(call, made).put("status", "pending"));
    }

    private static ObjectNode json(GraphCall call, GdapRelationship.AccessAssignment assignment) {
        ObjectNode node = Json.object();
        node.put("@odata.etag", etag(assignment.id(), assignment.version()));
        node.put("id", assignment.id());
        node.put("status", assignment.statusAt(call.now()));
        node.put("createdDateTime", assignment.createdAt().toString());
        node.put("lastModifiedDateTime", assignment.createdAt().toString());
        node.putObject("accessContainer")
                .put("accessContainerId", assignment.groupId())
                .put("accessContainerType", "securityGroup");
        node.putObject("accessDetails").set("unifiedRoles", roles(assignment.roles()));
        return node;
    }

    // Customers

    private static GraphAnswer customers(GraphCall call) {
        call.require(GraphPermission.READ_RELATIONSHIPS);
        if (!call.request().shape().equals("GET 2")) {
            throw GraphError.notAllowed().refusal();
        }
        Set<String> ids = new TreeSet<>();
        all(call).forEach(relationship -> ids.add(relationship.tenantId()));
        ids.remove("");
        return CUSTOMERS.page(
                call,
                ids.stream()
                        .map(id ->
                                Json.object().put("id", id).put("tenantId", id).put("displayName", nameOf(call, id)))
                        .toList());
    }

    /** {@code /contracts}: the reseller customers. */
    GraphAnswer contracts(GraphCall call) {
        call.require(GraphPermission.READ_CONTRACTS);
        if (!call.request().shape().equals("GET 1")) {
            throw GraphError.notAllowed().refusal();
        }
        List<SimulatedTenant> customers = call.tenant().partner() ? call.world().customers() : List.of();
        return CONTRACTS.page(
                call,
                customers.stream()
                        .filter(customer -> customer.behaviour().listedByPartnerCenter())
                        .map(customer -> Json.object()
                                .put("id", customer.id())
                                .put("contractType", "ResellerPartner")
                                .put("customerId", customer.id())
                                .put("defaultDomainName", customer.domains().get(0))
                                .put("displayName", customer.displayName()))
                        .toList());
    }

    private static GraphAnswer tenantInformation(GraphCall call) {
        call.require(GraphPermission.FIND_TENANTS);
        String id = call.request().step(1).key();
        SimulatedTenant found = call.world()
                .tenant(id)
                .orElseThrow(() -> GraphError.notFound(id).refusal());
        return GraphAnswer.ok(Json.object()
                .put("@odata.context", call.context("microsoft.graph.tenantInformation"))
                .put("tenantId", found.id())
                .put("federationBrandName", (String) null)
                .put("displayName", found.displayName())
                .put("defaultDomainName", found.domains().get(0)));
    }

    // Shared

    private static String nameOf(GraphCall call, String tenantId) {
        return call.world().tenant(tenantId).map(SimulatedTenant::displayName).orElse("");
    }

    private static ArrayNode roles(Set<String> templateIds) {
        ArrayNode roles = Json.array();
        new TreeSet<>(templateIds).forEach(id -> roles.addObject().put("roleDefinitionId", id));
        return roles;
    }

    private static String etag(String id, int version) {
        byte[] text = (id + "/" + version).getBytes(StandardCharsets.UTF_8);
        return "W/\"" + Base64.getEncoder().encodeToString(text) + "\"";
    }

    private static String days(Duration duration) {
        return "P" + duration.toDays() + "D";
    }
}
