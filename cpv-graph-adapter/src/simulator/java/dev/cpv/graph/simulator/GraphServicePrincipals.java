package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * {@code /servicePrincipals}: the objects themselves, and navigation from one of them to its permissions and
 * memberships.
 */
final class GraphServicePrincipals implements GraphEndpoint {
    private static final String MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
    private static final Set<String> SIGN_IN_SCOPES =
            Set.of("openid", "profile", "email", "offline_access", "User.Read");

    static final GraphCollection COLLECTION = GraphCollection.of(
            "servicePrincipals",
            Set.of(
                    "id",
                    "deletedDateTime",
                    "accountEnabled",
                    "addIns",
                    "alternativeNames",
                    "appDescription",
                    "appDisplayName",
                    "appId",
                    "applicationTemplateId",
                    "appOwnerOrganizationId",
                    "appRoleAssignmentRequired",
                    "appRoles",
                    "createdByAppId",
                    "createdDateTime",
                    "customSecurityAttributes",
                    "description",
                    "disabledByMicrosoftStatus",
                    "displayName",
                    "homepage",
                    "info",
                    "isDisabled",
                    "keyCredentials",
                    "loginUrl",
                    "logoutUrl",
                    "notes",
                    "notificationEmailAddresses",
                    "oauth2PermissionScopes",
                    "passwordCredentials",
                    "preferredSingleSignOnMode",
                    "preferredTokenSigningKeyThumbprint",
                    "replyUrls",
                    "resourceSpecificApplicationPermissions",
                    "samlSingleSignOnSettings",
                    "servicePrincipalNames",
                    "servicePrincipalType",
                    "signInAudience",
                    "tags",
                    "tokenEncryptionKeyId",
                    "verifiedPublisher"),
            Set.of("id", "appId", "displayName", "accountEnabled", "servicePrincipalType"));

    private final GraphAppRoleAssignments assignments;
    private final GraphGrants grants;
    private final GraphMemberships memberships;
    private final GraphDelta delta;

    GraphServicePrincipals(
            GraphAppRoleAssignments assignments, GraphGrants grants, GraphMemberships memberships, GraphDelta delta) {
        this.assignments = assignments;
        this.grants = grants;
        this.memberships = memberships;
        this.delta = delta;
    }

    @Override
    public GraphAnswer answer(GraphCall call) {
        GraphRequest request = call.request();
        if (!request.step(0).key().isEmpty()) {
            return one(call, 1, byAlternateKey(call, request.step(0)));
        }
        if (request.size() == 1) {
            return switch (request.method()) {
                case "GET" -> list(call);
                case "POST" -> create(call);
                default -> throw GraphError.notAllowed().refusal();
            };
        }
        if (request.name(1).equals("delta") || request.name(1).equals("microsoft.graph.delta")) {
            call.require(GraphPermission.READ_APPLICATIONS);
            return delta.answer(
                    call,
                    COLLECTION,
                    listed(call).stream().map(p -> json(call, p)).toList(),
                    id -> call.directory().deletedPrincipal(id).isPresent() ? "changed" : "deleted");
        }
        return one(call, 2, byId(call, request.name(1)));
    }

    // Finding

    private static Optional<SimulatedServicePrincipal> byAlternateKey(GraphCall call, GraphRequest.Step step) {
        if (!step.keyName().equals("appid")) {
            throw GraphError.malformed("Invalid key '" + step.keyName() + "' for 'servicePrincipals'.")
                    .refusal();
        }
        Optional<SimulatedServicePrincipal> ghost =
                call.request().read() ? call.directory().ghostOf(step.key(), call.now()) : Optional.empty();
        return ghost.or(() -> call.directory()
                .principalOf(step.key())
                .filter(principal -> call.sees(principal.id(), ReadKind.BY_ALTERNATE_KEY)));
    }

    private static Optional<SimulatedServicePrincipal> byId(GraphCall call, String id) {
        return call.directory().principal(id).filter(principal -> call.sees(principal.id(), ReadKind.BY_ID));
    }

    private static List<SimulatedServicePrincipal> listed(GraphCall call) {
        return call.directory().principals().stream()
                .filter(principal -> call.sees(principal.id(), ReadKind.LIST))
                .toList();
    }

    // The collection

    private static GraphAnswer list(GraphCall call) {
        call.require(GraphPermission.READ_APPLICATIONS);
        return COLLECTION.page(call, listed(call), GraphServicePrincipals::values, principal -> json(call, principal));
    }

    private static UnaryOperator<String> values(SimulatedServicePrincipal principal) {
        return field -> switch (field) {
            case "id" -> principal.id();
            case "appId" -> principal.appId();
            case "displayName" -> principal.displayName();
            case "accountEnabled" -> Boolean.toString(principal.enabled());
            default -> "Application";
        };
    }

    /** Checks the caller's permissions first, then whether the object may be created, then whether it exists. */
    private static GraphAnswer create(GraphCall call) {
        ObjectNode body = call.request().body();
        String appId = call.request().required(body, "appId");
        requireCreation(call, appId);
        call.behaviour().unavailability(appId).ifPresent(how -> {
            throw refusal(how, appId);
        });
        boolean ours = appId.equalsIgnoreCase(call.world().app().appId());
        boolean offered = ours
                ? call.world().app().multiTenant() || call.tenant().partner()
                : call.world().catalog().resource(appId).isPresent();
        if (!offered) {
            throw refusal(Unavailability.NO_BACKING_APPLICATION, appId);
        }
        boolean nameTaken = call.behaviour().softDeletedBlocksCreation()
                && call.directory().deletedPrincipals().stream()
                        .anyMatch(deleted -> deleted.appId().equalsIgnoreCase(appId));
        if (nameTaken || call.directory().principalOf(appId).isPresent()) {
            throw nameInUse(appId);
        }
        SimulatedServicePrincipal created =
                call.directory().createPrincipal(appId, call.world().displayNameOf(appId), call.now());
        return COLLECTION.created(call, json(call, created));
    }

    static GraphRefusal nameInUse(String appId) {
        return GraphError.of(
                        409,
                        GraphError.SAME_KEY,
                        "The service principal cannot be created, updated, or restored because the service principal"
                                + " name " + appId + " is already in use.")
                .withDetail("ObjectConflict", "servicePrincipalNames")
                .refusal();
    }

    private static void requireCreation(GraphCall call, String appId) {
        if (!GraphPermission.WRITE_APPLICATIONS.heldBy(call.token())) {
            call.require(GraphPermission.WRITE_OWNED_APPLICATIONS);
            boolean own = call.tenant().partner()
                    && appId.equalsIgnoreCase(call.world().app().appId());
            if (!own) {
                throw refusal(Unavailability.FORBIDDEN, appId);
            }
        }
    }

    private static GraphRefusal refusal(Unavailability how, String appId) {
        GraphError error = switch (how) {
            case NO_BACKING_APPLICATION ->
                GraphError.badRequest("The appId '" + appId
                                + "' of the service principal does not reference a valid application object.")
                        .withDetail("NoBackingApplicationObject", "appId");
            case FORBIDDEN ->
                GraphError.of(
                        403,
                        "Authorization_RequestDenied",
                        "When using this permission, the backing application of the service principal being created"
                                + " must in the local tenant");
            case INTERNAL_ERROR ->
                GraphError.of(500, "Service_InternalServerError", "Encountered an internal server error.");
        };
        return error.refusal();
    }

    // One principal

    private GraphAnswer one(GraphCall call, int steps, Optional<SimulatedServicePrincipal> found) {
        GraphRequest request = call.request();
        String navigation = request.name(steps);
        SimulatedServicePrincipal principal = found.orElseThrow(() -> absent(call, steps));
        return switch (navigation) {
            case "" -> itself(call, principal);
            case "approleassignments" -> assignments.answer(call, principal, steps + 1, true);
            case "approleassignedto" -> assignments.answer(call, principal, steps + 1, false);
            case "oauth2permissiongrants" -> grants.ofClient(call, principal);
            case "memberof", "transitivememberof" -> memberships.of(call, principal, steps + 1);
            default -> throw GraphError.noSegment(request.step(steps).text()).refusal();
        };
    }

    /** A caller without read permission does not learn whether the object exists. */
    private static GraphRefusal absent(GraphCall call, int steps) {
        if (!GraphPermission.READ_GRANTS.heldBy(call.token())) {
            call.require(GraphPermission.READ_APPLICATIONS);
        }
        GraphRequest.Step step = call.request().step(steps - 1);
        return GraphError.notFound(step.key().isEmpty() ? step.text() : step.key())
                .refusal();
    }

    private static GraphAnswer itself(GraphCall call, SimulatedServicePrincipal principal) {
        return switch (call.request().method()) {
            case "GET" -> {
                call.require(GraphPermission.READ_APPLICATIONS);
                yield COLLECTION.one(call, json(call, principal));
            }
            case "PATCH" -> update(call, principal);
            case "DELETE" -> {
                call.require(GraphPermission.WRITE_APPLICATIONS);
                if (!call.behaviour().deletionWithoutEffect()) {
                    call.directory().deletePrincipal(principal.id(), call.now());
                }
                yield GraphAnswer.noContent();
            }
            default -> throw GraphError.notAllowed().refusal();
        };
    }

    /** Of the properties that can be changed, the model keeps only {@code accountEnabled}. */
    private static GraphAnswer update(GraphCall call, SimulatedServicePrincipal principal) {
        call.require(GraphPermission.WRITE_APPLICATIONS);
        ObjectNode body = call.request().body();
        body.properties().forEach(member -> {
            if (!member.getKey().startsWith("@") && !COLLECTION.properties().contains(member.getKey())) {
                throw GraphError.badRequest("Invalid property '" + member.getKey() + "'.")
                        .refusal();
            }
        });
        JsonNode enabled = body.path("accountEnabled");
        if (enabled.isBoolean()) {
            call.directory().enablePrincipal(principal.id(), enabled.asBoolean());
        }
        return GraphAnswer.noContent();
    }

    // JSON

    static ObjectNode json(GraphCall call, SimulatedServicePrincipal principal) {
        return json(call, principal, Optional.empty());
    }

    static ObjectNode json(GraphCall call, SimulatedServicePrincipal principal, Optional<Instant> deletedAt) {
        boolean ours = principal.appId().equals(call.world().app().appId());
        ObjectNode node = Json.object();
        node.put("id", principal.id());
        node.put("deletedDateTime", deletedAt.map(Instant::toString).orElse(null));
        node.put("accountEnabled", principal.enabled());
        node.put("appDisplayName", principal.displayName());
        node.put("appId", principal.appId());
        node.put("appOwnerOrganizationId", ours ? call.world().partner().id() : MICROSOFT);
        node.put("appRoleAssignmentRequired", false);
        node.put("createdDateTime", principal.createdAt().toString());
        node.putNull("disabledByMicrosoftStatus");
        node.put("displayName", principal.displayName());
        node.putNull("isDisabled");
        node.putArray("servicePrincipalNames").add(principal.appId());
        node.put("servicePrincipalType", "Application");
        node.put("signInAudience", "AzureADMultipleOrgs");
        node.putArray("tags");
        boolean roles = call.request().wants("appRoles");
        boolean scopes = call.request().wants("oauth2PermissionScopes");
        if (roles || scopes) {
            addDefinition(call, principal, node);
        }
        return node;
    }

    private static void addDefinition(GraphCall call, SimulatedServicePrincipal principal, ObjectNode node) {
        ArrayNode roles = node.putArray("appRoles");
        ArrayNode scopes = node.putArray("oauth2PermissionScopes");
        call.tenant().definition(principal.appId()).ifPresent(definition -> {
            for (ResourceCatalog.Permission role : definition.appRoles()) {
                boolean enabled = !call.behaviour().appRoleDisabled(principal.appId(), role.id());
                roles.add(appRole(role, enabled));
            }
            definition.scopes().forEach(scope -> scopes.add(scope(scope)));
        });
    }

    private static ObjectNode appRole(ResourceCatalog.Permission role, boolean enabled) {
        ObjectNode node = Json.object();
        node.putArray("allowedMemberTypes").add("Application");
        node.put("description", "Allows the app " + role.value());
        node.put("displayName", role.value());
        node.put("id", role.id());
        node.put("isEnabled", enabled);
        node.put("origin", "Application");
        return node.put("value", role.value());
    }

    private static ObjectNode scope(ResourceCatalog.Permission scope) {
        ObjectNode node = Json.object();
        node.put("adminConsentDescription", "Allows the app " + scope.value() + " on behalf of the user");
        node.put("adminConsentDisplayName", scope.value());
        node.put("id", scope.id());
        node.put("isEnabled", true);
        node.put("type", SIGN_IN_SCOPES.contains(scope.value()) ? "User" : "Admin");
        node.put("userConsentDescription", "Allows the app " + scope.value() + " on your behalf");
        node.put("userConsentDisplayName", scope.value());
        return node.put("value", scope.value());
    }
}
