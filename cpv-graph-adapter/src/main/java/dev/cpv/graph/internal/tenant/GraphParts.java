package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.model.AppId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Builds the parts of batches, as text. A test compares each part with the request of the Graph SDK's builders, so the SDK
 * is needed to build cpv, but not to run it. Immutable.
 */
final class GraphParts {
    /** Graph accepts no more alternatives in one filter. */
    static final int MAX_ALTERNATIVES = 15;

    private static final String PRINCIPALS = "/servicePrincipals";
    private static final String GRANTS = "/oauth2PermissionGrants";
    private static final String PRINCIPAL_FIELDS = "id,appId,displayName,accountEnabled";
    private static final String DEFINITION_FIELDS = PRINCIPAL_FIELDS + ",appRoles,oauth2PermissionScopes";

    private final URI graph;

    /** Creates parts for a cloud; references to objects contain its Graph URL. */
    GraphParts(URI graph) {
        this.graph = graph;
    }

    /** Our own service principal. Its relations are read below this path: navigation from the alternate key is documented. */
    BatchPart ownPrincipal(AppId app) {
        return BatchPart.get(own(app) + "?$select=id,appId,accountEnabled");
    }

    BatchPart ownAppRoleAssignments(AppId app) {
        return BatchPart.get(own(app) + "/appRoleAssignments?$top=999&$select=id,appRoleId,resourceId");
    }

    BatchPart ownGrants(AppId app) {
        return BatchPart.get(own(app) + "/oauth2PermissionGrants?$top=999");
    }

    /** Users, groups and other principals that are assigned to our service principal. */
    BatchPart assignedToOwn(AppId app) {
        return BatchPart.get(own(app)
                + "/appRoleAssignedTo?$top=999&$select=id,appRoleId,principalId,principalType,principalDisplayName");
    }

    /** Directory roles and groups with our service principal as a direct member. */
    BatchPart ownMemberships(AppId app) {
        return BatchPart.get(own(app) + "/memberOf?$top=999&$select=id,displayName,groupTypes,onPremisesSyncEnabled,"
                + "isAssignableToRole,roleTemplateId");
    }

    private static String own(AppId app) {
        return PRINCIPALS + "(appId='" + app + "')";
    }

    BatchPart principals(Collection<AppId> apps) {
        return principals(apps, PRINCIPAL_FIELDS);
    }

    BatchPart definitions(Collection<AppId> apps) {
        return principals(apps, DEFINITION_FIELDS);
    }

    private static BatchPart principals(Collection<AppId> apps, String fields) {
        String alternatives =
                apps.stream().map(app -> quoted(app.toString())).collect(Collectors.joining(",", "(", ")"));
        return BatchPart.get(PRINCIPALS + filter("appId in " + alternatives) + "&$select=" + fields);
    }

    BatchPart principal(String objectId) {
        return BatchPart.get(item(PRINCIPALS, objectId) + "?$select=" + PRINCIPAL_FIELDS);
    }

    BatchPart deletedPrincipals(AppId app) {
        return BatchPart.get("/directory/deletedItems/graph.servicePrincipal"
                + filter("appId eq " + quoted(app.toString())) + "&$select=id,appId");
    }

    /** The body contains only the appId: the contract has no type. */
    BatchPart createPrincipal(AppId app) {
        return post(PRINCIPALS, body().put("appId", app.toString()));
    }

    BatchPart assign(String principalId, String resourceId, UUID appRoleId) {
        return post(
                item(PRINCIPALS, resourceId) + "/appRoleAssignedTo",
                body().put("@odata.type", "#microsoft.graph.appRoleAssignment")
                        .put("principalId", principalId)
                        .put("resourceId", resourceId)
                        .put("appRoleId", appRoleId.toString()));
    }

    BatchPart revoke(String principalId, String assignmentId) {
        return delete(item(item(PRINCIPALS, principalId) + "/appRoleAssignments", assignmentId));
    }

    BatchPart createGrant(String principalId, String resourceId, List<String> scopes) {
        return post(
                GRANTS,
                body().put("clientId", principalId)
                        .put("consentType", "AllPrincipals")
                        .put("resourceId", resourceId)
                        .put("scope", String.join(" ", scopes)));
    }

    BatchPart createGrant(String principalId, String resourceId, String userId, List<String> scopes) {
        return post(
                GRANTS,
                body().put("clientId", principalId)
                        .put("consentType", "Principal")
                        .put("principalId", userId)
                        .put("resourceId", resourceId)
                        .put("scope", String.join(" ", scopes)));
    }

    /** A user's own grants to our principal. */
    BatchPart userGrants(String principalId, String userId) {
        return BatchPart.get(
                GRANTS + filter("clientId eq " + quoted(principalId) + " and principalId eq " + quoted(userId)));
    }

    /** The body contains only the scope: anything else is refused (R12). */
    BatchPart updateGrant(String grantId, List<String> scopes) {
        return new BatchPart(
                "PATCH",
                item(GRANTS, grantId),
                body().put("scope", String.join(" ", scopes)).toString());
    }

    BatchPart deleteGrant(String grantId) {
        return delete(item(GRANTS, grantId));
    }

    BatchPart deletePrincipal(String objectId) {
        return delete(item(PRINCIPALS, objectId));
    }

    /** A role's template id works as its id in every tenant, even if the role was never activated. */
    BatchPart assignDirectoryRole(String principalId, UUID roleTemplateId) {
        return post(
                "/roleManagement/directory/roleAssignments",
                body().put("roleDefinitionId", roleTemplateId.toString())
                        .put("principalId", principalId)
                        .put("directoryScopeId", "/"));
    }

    BatchPart addToGroup(String principalId, String groupId) {
        return post(
                item("/groups", groupId) + "/members/$ref",
                body().put("@odata.id", graph + "/v1.0/directoryObjects/" + principalId));
    }

    private static BatchPart post(String url, ObjectNode body) {
        return new BatchPart("POST", url, body.toString());
    }

    private static BatchPart delete(String url) {
        return new BatchPart("DELETE", url, null);
    }

    private static ObjectNode body() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String item(String collection, String id) {
        return collection + "/" + encoded(id);
    }

    private static String filter(String condition) {
        return "?$filter=" + encoded(condition);
    }

    /** Quotes a text for OData: a quote within it is doubled. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Encodes a text for a URL; the JDK encodes for forms, where a plus is a space. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
