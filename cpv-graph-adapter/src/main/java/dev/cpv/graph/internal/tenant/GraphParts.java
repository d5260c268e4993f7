package dev.cpv.graph.internal.tenant;

import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.models.OAuth2PermissionGrant;
import com.microsoft.graph.models.ReferenceCreate;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.models.UnifiedRoleAssignment;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.RequestInformation;
import com.microsoft.kiota.authentication.AnonymousAuthenticationProvider;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.model.AppId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Builds the parts of batches: those of every look as text, all others with the Graph SDK's request builders and models. The
 * SDK's client is never used to send: it has no token, and its HTTP client refuses.
 */
final class GraphParts {
    /** Graph takes no more alternatives in one filter (API §4.1). */
    static final int MAX_ALTERNATIVES = 15;

    private static final String[] PRINCIPAL_FIELDS = {"id", "appId", "displayName", "accountEnabled"};
    private static final String[] DEFINITION_FIELDS = {
        "id", "appId", "displayName", "accountEnabled", "appRoles", "oauth2PermissionScopes"
    };

    private final URI graph;
    /** Made when the first write needs it: to load the SDK takes longer than the look at a tenant in sync. */
    private volatile @Nullable GraphServiceClient builders;

    /** Makes parts for the cloud with that URL of Graph, which is the name under which Graph knows its own objects. */
    GraphParts(URI graph) {
        this.graph = graph;
    }

    private GraphServiceClient builders() {
        GraphServiceClient ready = builders;
        if (ready == null) {
            ready = new GraphServiceClient(
                    new AnonymousAuthenticationProvider(),
                    new OkHttpClient.Builder()
                            .addInterceptor(chain -> {
                                throw new IOException("Requests are sent by batch alone");
                            })
                            .build());
            builders = ready;
        }
        return ready;
    }

    /** Our own service principal; navigation from the alternate key is documented, but the SDK does not have it. */
    BatchPart ownPrincipal(AppId app) {
        return BatchPart.get(own(app) + "?$select=id,appId,accountEnabled");
    }

    BatchPart ownAppRoleAssignments(AppId app) {
        return BatchPart.get(own(app) + "/appRoleAssignments?$top=999&$select=id,appRoleId,resourceId");
    }

    BatchPart ownGrants(AppId app) {
        return BatchPart.get(own(app) + "/oauth2PermissionGrants?$top=999");
    }

    /** Users, groups and other principals that are assigned to our own. */
    BatchPart assignedToOwn(AppId app) {
        return BatchPart.get(own(app)
                + "/appRoleAssignedTo?$top=999&$select=id,appRoleId,principalId,principalType,principalDisplayName");
    }

    /** Directory roles and groups that our own principal is in itself, not by way of another group. */
    BatchPart ownMemberships(AppId app) {
        return BatchPart.get(own(app) + "/memberOf?$top=999&$select=id,displayName,groupTypes,onPremisesSyncEnabled,"
                + "isAssignableToRole,roleTemplateId");
    }

    private static String own(AppId app) {
        return "/servicePrincipals(appId='" + app + "')";
    }

    BatchPart principals(Collection<AppId> apps) {
        return principals(apps, PRINCIPAL_FIELDS);
    }

    BatchPart definitions(Collection<AppId> apps) {
        return principals(apps, DEFINITION_FIELDS);
    }

    private BatchPart principals(Collection<AppId> apps, String[] fields) {
        // appId in ('…','…'), as a URL has it
        String filter = apps.stream()
                .map(AppId::toString)
                .collect(Collectors.joining("%27%2C%27", "appId%20in%20%28%27", "%27%29"));
        return BatchPart.get("/servicePrincipals?$filter=" + filter + "&$select=" + String.join(",", fields));
    }

    BatchPart principal(String objectId) {
        return part(
                builders().servicePrincipals().byServicePrincipalId(objectId).toGetRequestInformation(request -> {
                    request.queryParameters.select = PRINCIPAL_FIELDS;
                }));
    }

    BatchPart deletedPrincipals(AppId app) {
        return part(builders()
                .directory()
                .deletedItems()
                .graphServicePrincipal()
                .toGetRequestInformation(request -> {
                    request.queryParameters.filter = "appId eq '" + app + "'";
                    request.queryParameters.select = new String[] {"id", "appId"};
                }));
    }

    BatchPart createPrincipal(AppId app) {
        ServicePrincipal principal = new ServicePrincipal();
        principal.getBackingStore().clear(); // The model names its type, and the contract wants the appId alone.
        principal.setAppId(app.toString());
        return part(builders().servicePrincipals().toPostRequestInformation(principal));
    }

    BatchPart assign(String principalId, String resourceId, UUID appRoleId) {
        AppRoleAssignment assignment = new AppRoleAssignment();
        assignment.setPrincipalId(UUID.fromString(principalId));
        assignment.setResourceId(UUID.fromString(resourceId));
        assignment.setAppRoleId(appRoleId);
        return part(builders()
                .servicePrincipals()
                .byServicePrincipalId(resourceId)
                .appRoleAssignedTo()
                .toPostRequestInformation(assignment));
    }

    BatchPart revoke(String principalId, String assignmentId) {
        return part(builders()
                .servicePrincipals()
                .byServicePrincipalId(principalId)
                .appRoleAssignments()
                .byAppRoleAssignmentId(assignmentId)
                .toDeleteRequestInformation());
    }

    BatchPart createGrant(String principalId, String resourceId, List<String> scopes) {
        OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
        grant.setClientId(principalId);
        grant.setConsentType("AllPrincipals");
        grant.setResourceId(resourceId);
        grant.setScope(String.join(" ", scopes));
        return part(builders().oauth2PermissionGrants().toPostRequestInformation(grant));
    }

    BatchPart createGrant(String principalId, String resourceId, String userId, List<String> scopes) {
        OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
        grant.setClientId(principalId);
        grant.setConsentType("Principal");
        grant.setPrincipalId(userId);
        grant.setResourceId(resourceId);
        grant.setScope(String.join(" ", scopes));
        return part(builders().oauth2PermissionGrants().toPostRequestInformation(grant));
    }

    /** A user's own grants to our principal. */
    BatchPart userGrants(String principalId, String userId) {
        return part(builders()
                .oauth2PermissionGrants()
                .toGetRequestInformation(request -> request.queryParameters.filter =
                        "clientId eq '" + principalId + "' and principalId eq '" + userId + "'"));
    }

    /** The body is the scope alone: anything else is refused (R12). */
    BatchPart updateGrant(String grantId, List<String> scopes) {
        OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
        grant.setScope(String.join(" ", scopes));
        return part(builders()
                .oauth2PermissionGrants()
                .byOAuth2PermissionGrantId(grantId)
                .toPatchRequestInformation(grant));
    }

    BatchPart deleteGrant(String grantId) {
        return part(builders()
                .oauth2PermissionGrants()
                .byOAuth2PermissionGrantId(grantId)
                .toDeleteRequestInformation());
    }

    BatchPart deletePrincipal(String objectId) {
        return part(
                builders().servicePrincipals().byServicePrincipalId(objectId).toDeleteRequestInformation());
    }

    /** A role's template id serves as its id in every tenant, whether or not the role was activated (API §4.5). */
    BatchPart assignDirectoryRole(String principalId, UUID roleTemplateId) {
        UnifiedRoleAssignment assignment = new UnifiedRoleAssignment();
        assignment.setRoleDefinitionId(roleTemplateId.toString());
        assignment.setPrincipalId(principalId);
        assignment.setDirectoryScopeId("/");
        return part(builders().roleManagement().directory().roleAssignments().toPostRequestInformation(assignment));
    }

    BatchPart addToGroup(String principalId, String groupId) {
        ReferenceCreate member = new ReferenceCreate();
        member.setOdataId(graph + "/v1.0/directoryObjects/" + principalId);
        return part(builders().groups().byGroupId(groupId).members().ref().toPostRequestInformation(member));
    }

    /** The SDK's absolute URL, cut down to what a batch wants; Graph's documents write the dollar sign as it is. */
    private BatchPart part(RequestInformation request) {
        try {
            String url = String.valueOf(request.getUri());
            String versionRoot = builders().getRequestAdapter().getBaseUrl();
            if (!url.startsWith(versionRoot)) {
                throw new IllegalStateException("The SDK built a URL outside its version root");
            }
            String relative =
                    url.substring(versionRoot.length()).replace("?%24", "?$").replace("&%24", "&$");
            return new BatchPart(String.valueOf(request.httpMethod), relative, body(request.content));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The SDK built no URL", e);
        }
    }

    private static @Nullable String body(@Nullable InputStream content) {
        try {
            return content == null ? null : new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
