package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code /oauth2PermissionGrants}: delegated permissions. Scope names are not checked against the scopes that a
 * resource publishes.
 */
final class GraphGrants implements GraphEndpoint {
    private static final int MAX_SCOPE_LENGTH = 3850;
    private static final GraphCollection COLLECTION = GraphCollection.of(
                    "oauth2PermissionGrants",
                    Set.of("id", "clientId", "consentType", "principalId", "resourceId", "scope"),
                    Set.of("clientId", "consentType", "principalId", "resourceId"))
            .withEqualityAlone();

    private final GraphDelta delta;

    GraphGrants(GraphDelta delta) {
        this.delta = delta;
    }

    @Override
    public GraphAnswer answer(GraphCall call) {
        GraphRequest request = call.request();
        String second = request.name(1);
        if (request.read() && (second.equals("delta") || second.equals("microsoft.graph.delta"))) {
            call.require(GraphPermission.READ_GRANTS);
            return delta.answer(
                    call,
                    COLLECTION,
                    visible(call, call.directory().grants()).stream()
                            .map(GraphGrants::json)
                            .toList(),
                    id -> "deleted");
        }
        return switch (request.shape()) {
            case "GET 1" -> list(call, call.directory().grants());
            case "POST 1" -> create(call);
            case "GET 2", "PATCH 2", "DELETE 2" -> one(call, request.step(1).text());
            default ->
                throw (request.size() > 2 ? GraphError.noSegment(request.step(2).text()) : GraphError.notAllowed())
                        .refusal();
        };
    }

    /** The grants of one client. */
    GraphAnswer ofClient(GraphCall call, SimulatedServicePrincipal client) {
        if (!call.request().read()) {
            throw GraphError.notAllowed().refusal();
        }
        return list(call, call.directory().grantsOf(client.id()));
    }

    private static GraphAnswer list(GraphCall call, Collection<SimulatedGrant> grants) {
        call.require(GraphPermission.READ_GRANTS);
        return COLLECTION.page(call, visible(call, grants), GraphGrants::values, GraphGrants::json);
    }

    private static List<SimulatedGrant> visible(GraphCall call, Collection<SimulatedGrant> grants) {
        return grants.stream()
                .filter(grant -> call.sees(grant.id(), ReadKind.LIST))
                .toList();
    }

    private static UnaryOperator<String> values(SimulatedGrant grant) {
        String user = grant.principalId();
        return field -> switch (field) {
            case "clientId" -> grant.clientId();
            case "resourceId" -> grant.resourceId();
            case "principalId" -> user == null ? "" : user;
            default -> consentType(grant);
        };
    }

    private static GraphAnswer one(GraphCall call, String id) {
        call.require(call.request().read() ? GraphPermission.READ_GRANTS : GraphPermission.WRITE_GRANTS);
        SimulatedGrant grant = call.directory()
                .grant(id)
                .filter(found -> call.sees(id, ReadKind.BY_ID))
                .orElseThrow(() -> GraphError.notFound(id).refusal());
        return switch (call.request().method()) {
            case "GET" -> COLLECTION.one(call, json(grant));
            case "PATCH" -> {
                call.directory().patchGrant(id, scope(call.request().body()), call.now());
                yield GraphAnswer.noContent();
            }
            default -> {
                call.directory().removeGrant(id);
                yield GraphAnswer.noContent();
            }
        };
    }

    private static GraphAnswer create(GraphCall call) {
        call.require(GraphPermission.WRITE_GRANTS);
        ObjectNode body = call.request().body();
        String clientId = call.request().required(body, "clientId").toLowerCase(Locale.ROOT);
        String resourceId = call.request().required(body, "resourceId").toLowerCase(Locale.ROOT);
        @Nullable String userId = user(call.request(), body);
        String scope = scope(body);
        if (userId != null && call.directory().deletedObjects().contains(userId)) {
            throw GraphError.missing(call.behaviour().missingReferenceStatus(), userId)
                    .refusal();
        }
        for (String id : List.of(clientId, resourceId)) {
            if (!call.refersTo(id)) {
                throw GraphError.missing(call.behaviour().missingReferenceStatus(), id)
                        .refusal();
            }
        }
        if (call.directory().grant(clientId, resourceId, userId).isPresent()) {
            throw exists(call.behaviour().duplicateGrantStatus());
        }
        SimulatedGrant created = call.directory().addGrant(clientId, resourceId, userId, scope, call.now());
        if (call.behaviour().takeGrantAppliedBut404()) {
            throw GraphTenantFacts.unreadable().refusal();
        }
        return COLLECTION.created(call, json(created));
    }

    private static GraphRefusal exists(int status) {
        return GraphError.of(
                        status,
                        status == 409 ? GraphError.SAME_KEY : GraphError.BAD_REQUEST,
                        "Permission entry already exists.")
                .withDetail("ObjectConflict", "resourceId")
                .refusal();
    }

    /** The user who owns the grant; null for a tenant-wide grant. */
    private static @Nullable String user(GraphRequest request, ObjectNode body) {
        String type = request.required(body, "consentType");
        Optional<String> user = Optional.of(body.path("principalId"))
                .filter(JsonNode::isTextual)
                .map(node -> node.asText().toLowerCase(Locale.ROOT));
        boolean valid = type.equals("AllPrincipals") ? user.isEmpty() : type.equals("Principal") && user.isPresent();
        if (!valid) {
            throw GraphError.badRequest("Invalid value specified for property 'principalId' of resource"
                            + " 'OAuth2PermissionGrant'.")
                    .refusal();
        }
        return user.orElse(null);
    }

    private static String scope(ObjectNode body) {
        String scope = body.path("scope").asText();
        if (!body.path("scope").isTextual() || scope.length() > MAX_SCOPE_LENGTH) {
            throw GraphError.badRequest(
                            "Invalid value specified for property 'scope' of resource" + " 'OAuth2PermissionGrant'.")
                    .withDetail("InvalidLength", "scope")
                    .refusal();
        }
        return scope;
    }

    private static String consentType(SimulatedGrant grant) {
        return grant.tenantWide() ? "AllPrincipals" : "Principal";
    }

    private static ObjectNode json(SimulatedGrant grant) {
        ObjectNode node = Json.object();
        node.put("id", grant.id());
        node.put("clientId", grant.clientId());
        node.put("consentType", consentType(grant));
        node.put("principalId", grant.principalId());
        node.put("resourceId", grant.resourceId());
        return node.put("scope", grant.scope());
    }
}
