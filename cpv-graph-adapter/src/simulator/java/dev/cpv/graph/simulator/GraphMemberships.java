package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Memberships: {@code memberOf} of a service principal, {@code /directoryRoles} and {@code /groups}. */
final class GraphMemberships {
    static final String ROLE_TYPE = "microsoft.graph.directoryRole";
    static final String GROUP_TYPE = "microsoft.graph.group";
    private static final Set<String> PROPERTIES = Set.of(
            "id",
            "displayName",
            "description",
            "roleTemplateId",
            "deletedDateTime",
            "securityEnabled",
            "groupTypes",
            "onPremisesSyncEnabled",
            "isAssignableToRole",
            "appId");
    private static final Set<String> FILTERABLE =
            Set.of("id", "displayName", "roleTemplateId", "securityEnabled", "isAssignableToRole");
    private static final GraphCollection OBJECTS = GraphCollection.of("directoryObjects", PROPERTIES, FILTERABLE);
    private static final GraphCollection ROLES = GraphCollection.of("directoryRoles", PROPERTIES, FILTERABLE);
    private static final GraphCollection GROUPS = GraphCollection.of("groups", PROPERTIES, FILTERABLE);

    // memberOf

    /** The directory roles and groups of a service principal, or those of one type. */
    GraphAnswer of(GraphCall call, SimulatedServicePrincipal principal, int steps) {
        if (!call.request().read()) {
            throw GraphError.notAllowed().refusal();
        }
        if (!GraphPermission.READ_ROLES.heldBy(call.token())) {
            call.require(GraphPermission.READ_APPLICATIONS);
        }
        String type = call.request().step(steps).text();
        List<ObjectNode> found = new ArrayList<>();
        if (type.isEmpty() || type.equalsIgnoreCase(ROLE_TYPE)) {
            call.directory().roleAssignments().stream()
                    .filter(assignment -> assignment.principalId().equals(principal.id()))
                    .forEach(assignment ->
                            found.add(visible(call, ROLE_TYPE, role(call, assignment.roleDefinitionId()))));
        }
        if (type.isEmpty() || type.equalsIgnoreCase(GROUP_TYPE)) {
            call.directory()
                    .groupsOf(principal.id())
                    .forEach(id -> found.add(visible(call, GROUP_TYPE, group(call, id, "Group " + id))));
        }
        return OBJECTS.page(call, found);
    }

    /** An object in a list of members. If the caller may not read it, only its type and id are shown. */
    private static ObjectNode visible(GraphCall call, String type, ObjectNode object) {
        boolean role = type.equals(ROLE_TYPE);
        if (!(role ? GraphPermission.READ_ROLES : GraphPermission.READ_GROUPS).heldBy(call.token())) {
            object.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(name -> !name.equals("id"))
                    .toList()
                    .forEach(object::putNull);
        }
        return object.put("@odata.type", "#" + type);
    }

    // directoryRoles

    /** The older API for directory roles: a role exists there only after it was activated. */
    GraphAnswer roles(GraphCall call) {
        GraphRequest request = call.request();
        call.require(request.read() ? GraphPermission.READ_ROLES : GraphPermission.WRITE_ROLES);
        GraphRequest.Step first = request.step(0);
        if (request.size() == 1 && first.key().isEmpty()) {
            return switch (request.method()) {
                case "GET" ->
                    ROLES.page(
                            call,
                            call.directory().activatedRoles().stream()
                                    .map(template -> role(call, template))
                                    .toList());
                case "POST" -> activate(call);
                default -> throw GraphError.notAllowed().refusal();
            };
        }
        boolean byTemplate = first.keyName().equals("roletemplateid");
        String key = byTemplate ? first.key() : request.name(1);
        String template = call.directory().activatedRoles().stream()
                .filter(active -> byTemplate
                        ? active.equalsIgnoreCase(key)
                        : roleId(call, active).equals(key))
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(key).refusal());
        int steps = byTemplate ? 1 : 2;
        String tail = tail(request, steps);
        return switch (request.method() + " " + tail) {
            case "GET " -> ROLES.one(call, role(call, template));
            case "GET members" -> members(call, template);
            case "POST members/$ref" -> addToRole(call, template);
            case "DELETE members/*/$ref" -> removeFromRole(call, template, request.name(steps + 1));
            default -> throw GraphError.noSegment(tail).refusal();
        };
    }

    private static GraphAnswer activate(GraphCall call) {
        ObjectNode body = call.request().body();
        String template = call.request().required(body, "roleTemplateId");
        if (!call.directory().activatedRoles().add(template)) {
            throw GraphError.conflictingObject().refusal();
        }
        return ROLES.created(call, role(call, template));
    }

    private static GraphAnswer members(GraphCall call, String template) {
        return OBJECTS.page(
                call,
                call.directory().roleAssignments().stream()
                        .filter(assignment -> assignment.roleDefinitionId().equals(template))
                        .map(assignment -> member(call, assignment.principalId()))
                        .toList());
    }

    private static GraphAnswer addToRole(GraphCall call, String template) {
        String memberId = reference(call);
        boolean there = call.directory().roleAssignments().stream()
                .anyMatch(role -> role.roleDefinitionId().equals(template)
                        && role.principalId().equals(memberId));
        if (there) {
            throw alreadyMember();
        }
        call.directory().assignRole(template, memberId, call.tenant().id(), "/");
        return GraphAnswer.noContent();
    }

    private static GraphAnswer removeFromRole(GraphCall call, String template, String memberId) {
        String id = call.directory().roleAssignments().stream()
                .filter(role -> role.roleDefinitionId().equals(template)
                        && role.principalId().equals(memberId))
                .map(SimulatedRoleAssignment::id)
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(memberId).refusal());
        call.directory().removeRoleAssignment(id);
        return GraphAnswer.noContent();
    }

    // groups

    /** For a customer, the groups that its service principals are in; for the partner, its security groups. */
    GraphAnswer groups(GraphCall call) {
        GraphRequest request = call.request();
        call.require(request.read() ? GraphPermission.READ_GROUPS : GraphPermission.WRITE_GROUPS);
        String groupId = request.name(1);
        if (!request.read()) {
            requireChangeable(call, groupId);
        }
        return switch (request.method() + " " + tail(request, 2)) {
            case "GET " -> groupId.isEmpty() ? GROUPS.page(call, all(call)) : GROUPS.one(call, group(call, groupId));
            case "POST members/$ref" -> {
                if (!membersOf(call, groupId).add(reference(call))) {
                    throw alreadyMember();
                }
                yield GraphAnswer.noContent();
            }
            case "DELETE members/*/$ref" -> {
                if (!membersOf(call, groupId).remove(request.name(3))) {
                    throw GraphError.notFound(request.name(3)).refusal();
                }
                yield GraphAnswer.noContent();
            }
            default -> throw GraphError.noSegment(request.step(2).text()).refusal();
        };
    }

    private static void requireChangeable(GraphCall call, String groupId) {
        if (call.directory().deletedObjects().contains(groupId)) {
            throw GraphError.notFound(groupId).refusal();
        }
        Set<GroupTrait> traits = call.directory().groupTraits(groupId);
        if (traits.contains(GroupTrait.DYNAMIC) || traits.contains(GroupTrait.SYNCED)) {
            throw GraphError.badRequest("Insufficient privileges to change the members of this kind of group.")
                    .refusal();
        }
        if (traits.contains(GroupTrait.ROLE_ASSIGNABLE)) {
            call.require(GraphPermission.WRITE_ROLES);
        }
    }

    private static List<ObjectNode> all(GraphCall call) {
        List<ObjectNode> groups = new ArrayList<>();
        if (call.tenant().partner()) {
            call.world().groups().all().values().stream()
                    .sorted((left, right) -> left.id().compareTo(right.id()))
                    .forEach(group -> groups.add(group(group.id(), group.displayName())));
        }
        call.directory().groupMemberships().keySet().forEach(id -> groups.add(group(call, id, "Group " + id)));
        return groups;
    }

    private static ObjectNode group(GraphCall call, String id) {
        return all(call).stream()
                .filter(group -> group.path("id").asText().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(id).refusal());
    }

    private static Set<String> membersOf(GraphCall call, String groupId) {
        group(call, groupId);
        return call.directory().groupMemberships().computeIfAbsent(groupId, key -> new HashSet<>());
    }

    // Shared

    private static GraphRefusal alreadyMember() {
        return GraphError.badRequest("One or more added object references already exist for the following modified"
                        + " properties: 'members'.")
                .refusal();
    }

    /** The rest of a path, with a star for an object id. */
    private static String tail(GraphRequest request, int from) {
        List<String> names = new ArrayList<>();
        for (int i = from; i < request.size(); i++) {
            names.add(i == from + 1 && request.size() > from + 2 ? "*" : request.name(i));
        }
        return String.join("/", names);
    }

    /** The service principal that {@code @odata.id} names. */
    private static String reference(GraphCall call) {
        ObjectNode body = call.request().body();
        String link = call.request().required(body, "@odata.id");
        String id = link.substring(link.lastIndexOf('/') + 1);
        if (!call.refersTo(id)) {
            throw GraphError.notFound(id).refusal();
        }
        return id;
    }

    private static String roleId(GraphCall call, String template) {
        return UUID.nameUUIDFromBytes((call.tenant().id() + "/role/" + template).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static ObjectNode role(GraphCall call, String template) {
        ObjectNode node = Json.object();
        node.put("id", roleId(call, template));
        node.put("displayName", "Role " + template);
        return node.put("roleTemplateId", template);
    }

    private static ObjectNode group(GraphCall call, String id, String displayName) {
        Set<GroupTrait> traits = call.directory().groupTraits(id);
        ObjectNode node = group(id, displayName);
        if (traits.contains(GroupTrait.DYNAMIC)) {
            node.withArray("groupTypes").add("DynamicMembership");
        }
        if (traits.contains(GroupTrait.SYNCED)) {
            node.put("onPremisesSyncEnabled", true);
        }
        return node.put("isAssignableToRole", traits.contains(GroupTrait.ROLE_ASSIGNABLE));
    }

    static ObjectNode group(String id, String displayName) {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("displayName", displayName);
        node.put("securityEnabled", true);
        node.putArray("groupTypes");
        node.putNull("onPremisesSyncEnabled");
        return node.put("isAssignableToRole", false);
    }

    private static ObjectNode member(GraphCall call, String id) {
        ObjectNode node = Json.object();
        node.put("@odata.type", "#microsoft.graph.servicePrincipal");
        node.put("id", id);
        call.directory().principal(id).ifPresent(principal -> {
            node.put("displayName", principal.displayName());
            node.put("appId", principal.appId());
        });
        return node;
    }
}
