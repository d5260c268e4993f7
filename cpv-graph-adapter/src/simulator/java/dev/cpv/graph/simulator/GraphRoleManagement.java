package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code /roleManagement/directory/roleAssignments}, where a customer also sees the partner's groups that hold roles
 * through GDAP.
 */
final class GraphRoleManagement implements GraphEndpoint {
    private static final GraphCollection COLLECTION = GraphCollection.of(
            "roleManagement/directory/roleAssignments",
            Set.of("id", "principalId", "roleDefinitionId", "directoryScopeId", "principal"),
            Set.of("principalId", "roleDefinitionId", "directoryScopeId"));

    @Override
    public GraphAnswer answer(GraphCall call) {
        GraphRequest request = call.request();
        if (!request.name(1).equals("directory") || !request.name(2).equals("roleassignments")) {
            throw GraphError.noSegment(request.step(2).text()).refusal();
        }
        call.require(request.read() ? GraphPermission.READ_ROLES : GraphPermission.WRITE_ROLES);
        return switch (request.shape()) {
            case "GET 3" ->
                COLLECTION.page(
                        call, all(call).stream().map(role -> json(call, role)).toList());
            case "POST 3" -> create(call);
            case "GET 4" -> COLLECTION.one(call, json(call, find(call)));
            case "DELETE 4" -> {
                call.directory().removeRoleAssignment(find(call).id());
                yield GraphAnswer.noContent();
            }
            default -> throw GraphError.notAllowed().refusal();
        };
    }

    private static SimulatedRoleAssignment find(GraphCall call) {
        String id = call.request().step(3).text();
        return all(call).stream()
                .filter(role -> role.id().equals(id))
                .findFirst()
                .orElseThrow(() -> GraphError.notFound(id).refusal());
    }

    private static List<SimulatedRoleAssignment> all(GraphCall call) {
        List<SimulatedRoleAssignment> all = new ArrayList<>(call.directory().roleAssignments());
        for (GdapRelationship relationship :
                call.world().gdap().of(call.tenant().id())) {
            if (relationship.statusAt(call.now()) == GdapRelationship.Status.ACTIVE) {
                relationship.assignments().stream()
                        .filter(assignment -> assignment.activeAt(call.now()))
                        .forEach(assignment -> all.addAll(ofPartner(call, assignment)));
            }
        }
        return all;
    }

    private static List<SimulatedRoleAssignment> ofPartner(
            GraphCall call, GdapRelationship.AccessAssignment assignment) {
        return assignment.roles().stream()
                .sorted()
                .map(role -> new SimulatedRoleAssignment(
                        ObjectIds.roleAssignment(role, assignment.groupId()),
                        role,
                        assignment.groupId(),
                        call.world().partner().id(),
                        "/"))
                .toList();
    }

    private static GraphAnswer create(GraphCall call) {
        ObjectNode body = call.request().body();
        String role = call.request().required(body, "roleDefinitionId").toLowerCase(Locale.ROOT);
        String principal = call.request().required(body, "principalId").toLowerCase(Locale.ROOT);
        String scope = call.request().required(body, "directoryScopeId");
        if (!call.refersTo(principal)) {
            throw GraphError.notFound(principal).refusal();
        }
        String id = ObjectIds.roleAssignment(role, principal);
        if (all(call).stream().anyMatch(existing -> existing.id().equals(id))) {
            throw GraphError.conflictingObject().refusal();
        }
        call.directory().activatedRoles().add(role);
        return COLLECTION.created(
                call,
                json(
                        call,
                        call.directory()
                                .assignRole(role, principal, call.tenant().id(), scope)));
    }

    private static ObjectNode json(GraphCall call, SimulatedRoleAssignment role) {
        ObjectNode node = Json.object();
        node.put("id", role.id());
        node.put("principalId", role.principalId());
        node.put("roleDefinitionId", role.roleDefinitionId());
        node.put("directoryScopeId", role.directoryScopeId());
        if (call.request().option("$expand").orElse("").contains("principal")) {
            node.set("principal", principal(call, role));
        }
        return node;
    }

    private static ObjectNode principal(GraphCall call, SimulatedRoleAssignment role) {
        ObjectNode node = Json.object();
        boolean foreign = !role.principalOrganizationId().equals(call.tenant().id());
        node.put("@odata.type", foreign ? "#microsoft.graph.group" : "#microsoft.graph.servicePrincipal");
        node.put("id", role.principalId());
        node.put("organizationId", role.principalOrganizationId());
        call.directory().principal(role.principalId()).ifPresent(principal -> {
            node.put("displayName", principal.displayName());
            node.put("appId", principal.appId());
        });
        return node;
    }
}
