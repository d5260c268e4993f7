package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code appRoleAssignments} and {@code appRoleAssignedTo} of a service principal: the same objects seen from both
 * ends.
 */
final class GraphAppRoleAssignments {
    private static final String DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";
    private static final Set<String> PROPERTIES = Set.of(
            "id",
            "deletedDateTime",
            "appRoleId",
            "createdDateTime",
            "principalDisplayName",
            "principalId",
            "principalType",
            "resourceDisplayName",
            "resourceId");
    private static final Set<String> FILTERABLE =
            Set.of("resourceId", "principalId", "appRoleId", "principalType", "principalDisplayName");

    /**
     * Answers the part of the path after the principal.
     *
     * @param given true for the roles that the principal holds, false for the assignments of its own roles
     */
    GraphAnswer answer(GraphCall call, SimulatedServicePrincipal principal, int steps, boolean given) {
        GraphRequest request = call.request();
        GraphCollection collection = GraphCollection.of(
                "servicePrincipals('" + principal.id() + "')/" + (given ? "appRoleAssignments" : "appRoleAssignedTo"),
                PROPERTIES,
                FILTERABLE);
        if (request.size() == steps) {
            return switch (request.method()) {
                case "GET" -> list(call, collection, principal, given);
                case "POST" -> create(call, collection);
                default -> throw GraphError.notAllowed().refusal();
            };
        }
        if (request.size() != steps + 1) {
            throw GraphError.noSegment(request.step(steps + 1).text()).refusal();
        }
        return one(call, collection, principal, request.step(steps).text(), given);
    }

    private static GraphAnswer list(
            GraphCall call, GraphCollection collection, SimulatedServicePrincipal principal, boolean given) {
        call.require(GraphPermission.READ_APPLICATIONS);
        List<SimulatedAppRoleAssignment> all = given
                ? call.directory().assignmentsOf(principal.id())
                : call.directory().assignmentsOn(principal.id());
        return collection.page(
                call,
                all.stream()
                        .filter(assignment -> call.sees(assignment.id(), ReadKind.LIST))
                        .toList(),
                assignment -> field -> json(call, assignment).path(field).asText(),
                assignment -> json(call, assignment));
    }

    private static GraphAnswer one(
            GraphCall call,
            GraphCollection collection,
            SimulatedServicePrincipal principal,
            String assignmentId,
            boolean given) {
        boolean read = call.request().read();
        call.require(read ? GraphPermission.READ_APPLICATIONS : GraphPermission.WRITE_APP_ROLES);
        SimulatedAppRoleAssignment assignment = call.directory()
                .assignment(assignmentId)
                .filter(found -> (given ? found.principalId() : found.resourceId()).equals(principal.id()))
                .filter(found -> call.sees(found.id(), ReadKind.BY_ID))
                .orElseThrow(() -> GraphError.notFound(assignmentId).refusal());
        return switch (call.request().method()) {
            case "GET" -> collection.one(call, json(call, assignment));
            case "DELETE" -> {
                call.directory().removeAssignment(assignment.id());
                yield GraphAnswer.noContent();
            }
            default -> throw GraphError.notAllowed().refusal();
        };
    }

    /** The body names principal, role and resource; the principal in the path only has to exist. */
    private static GraphAnswer create(GraphCall call, GraphCollection collection) {
        call.require(GraphPermission.WRITE_APP_ROLES);
        call.require(GraphPermission.READ_APPLICATIONS);
        ObjectNode body = call.request().body();
        String principalId = call.request().required(body, "principalId");
        String resourceId = call.request().required(body, "resourceId");
        String roleId = call.request().required(body, "appRoleId");
        if (call.directory().deletedObjects().contains(principalId)) {
            throw GraphError.notFound(principalId).refusal();
        }
        Optional<String> otherPrincipal = call.directory().principalType(principalId);
        if (!call.refersTo(resourceId) || (otherPrincipal.isEmpty() && !call.refersTo(principalId))) {
            throw GraphError.badRequest("Not a valid reference update.").refusal();
        }
        SimulatedServicePrincipal resource =
                call.directory().principal(resourceId).orElseThrow();
        if (resource.appId().equals(ResourceCatalog.GRAPH)) {
            call.require(GraphPermission.WRITE_APP_ROLES_OF_GRAPH);
        }
        if (!offers(call, resource, roleId, otherPrincipal.isPresent())) {
            throw GraphError.badRequest(
                            "Permission being assigned was not found on application '" + resource.appId() + "'.")
                    .withDetail("InvalidValue", "appRoleId")
                    .refusal();
        }
        if (call.directory().assignment(principalId, resourceId, roleId).isPresent()) {
            throw GraphError.badRequest(
                            call.behaviour().entitlementGrantWording()
                                    ? "EntitlementGrant entry already exists"
                                    : "Permission being assigned already exists on the object")
                    .withDetail("InvalidUpdate", "appRoleId")
                    .refusal();
        }
        SimulatedAppRoleAssignment created = call.directory()
                .assign(principalId, otherPrincipal.orElse("ServicePrincipal"), resourceId, roleId, call.now());
        return collection.created(call, json(call, created));
    }

    private static boolean offers(GraphCall call, SimulatedServicePrincipal resource, String roleId, boolean toPerson) {
        Optional<ResourceCatalog.Resource> definition = call.tenant().definition(resource.appId());
        if (roleId.equals(DEFAULT_ACCESS)) {
            return toPerson && definition.map(d -> d.appRoles().isEmpty()).orElse(true);
        }
        return definition.isPresent()
                && definition.get().appRoles().stream()
                        .anyMatch(role -> role.id().equalsIgnoreCase(roleId))
                && !call.behaviour().appRoleDisabled(resource.appId(), roleId);
    }

    private static ObjectNode json(GraphCall call, SimulatedAppRoleAssignment assignment) {
        ObjectNode node = Json.object();
        node.put("id", assignment.id());
        node.putNull("deletedDateTime");
        node.put("appRoleId", assignment.appRoleId());
        node.put("createdDateTime", assignment.createdAt().toString());
        node.put("principalDisplayName", displayName(call, assignment.principalId()));
        node.put("principalId", assignment.principalId());
        node.put("principalType", assignment.principalType());
        node.put("resourceDisplayName", displayName(call, assignment.resourceId()));
        return node.put("resourceId", assignment.resourceId());
    }

    private static String displayName(GraphCall call, String id) {
        return call.directory()
                .principal(id)
                .map(SimulatedServicePrincipal::displayName)
                .orElse("Principal " + id);
    }
}
