package dev.cpv.graph.internal.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.models.OAuth2PermissionGrant;
import com.microsoft.graph.models.ReferenceCreate;
import com.microsoft.graph.models.ServicePrincipal;
import com.microsoft.graph.models.UnifiedRoleAssignment;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.graph.serviceprincipals.item.ServicePrincipalItemRequestBuilder;
import com.microsoft.kiota.RequestInformation;
import com.microsoft.kiota.authentication.AnonymousAuthenticationProvider;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.model.AppId;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds each of cpv's own requests against what the Graph SDK's request builders would send: method, path and query once decoded, and
 * body as a JSON tree. A new version of the SDK, made from Microsoft's metadata, shows here what has changed.
 */
class GraphPartsOracleTest {
    private static final String VERSION_ROOT = "https://graph.microsoft.com/v1.0";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final AppId APP = AppId.of("11111111-aaaa-4bbb-8ccc-0123456789ab");
    private static final AppId OTHER_APP = AppId.of("22222222-aaaa-4bbb-8ccc-0123456789ab");
    private static final UUID ROLE = UUID.fromString("33333333-aaaa-4bbb-8ccc-0123456789ab");
    private static final String PRINCIPAL = "44444444-aaaa-4bbb-8ccc-0123456789ab";
    private static final String RESOURCE = "55555555-aaaa-4bbb-8ccc-0123456789ab";
    private static final String USER = "66666666-aaaa-4bbb-8ccc-0123456789ab";
    private static final String GRANT = "VHQtb-Ql_0y9+/3bHn9CFQ==";
    private static final List<String> SCOPES = List.of("User.Read", "Group.Read.All");

    private static final GraphServiceClient SDK =
            new GraphServiceClient(new AnonymousAuthenticationProvider(), new OkHttpClient());

    static Stream<Case> cases() {
        return Stream.of(
                // The SDK knows the alternate key, but no navigation from it.
                new Case(
                        "ownPrincipal",
                        parts -> parts.ownPrincipal(APP),
                        () -> SDK.servicePrincipalsWithAppId(APP.toString())
                                .toGetRequestInformation(request -> request.queryParameters.select =
                                        new String[] {"id", "appId", "accountEnabled"})),
                byAlternateKey(
                        "ownAppRoleAssignments",
                        parts -> parts.ownAppRoleAssignments(APP),
                        own -> own.appRoleAssignments().toGetRequestInformation(request -> {
                            request.queryParameters.top = 999;
                            request.queryParameters.select = new String[] {"id", "appRoleId", "resourceId"};
                        })),
                byAlternateKey(
                        "ownGrants",
                        parts -> parts.ownGrants(APP),
                        own -> own.oauth2PermissionGrants()
                                .toGetRequestInformation(request -> request.queryParameters.top = 999)),
                byAlternateKey(
                        "assignedToOwn",
                        parts -> parts.assignedToOwn(APP),
                        own -> own.appRoleAssignedTo().toGetRequestInformation(request -> {
                            request.queryParameters.top = 999;
                            request.queryParameters.select = new String[] {
                                "id", "appRoleId", "principalId", "principalType", "principalDisplayName"
                            };
                        })),
                byAlternateKey(
                        "ownMemberships",
                        parts -> parts.ownMemberships(APP),
                        own -> own.memberOf().toGetRequestInformation(request -> {
                            request.queryParameters.top = 999;
                            request.queryParameters.select = new String[] {
                                "id",
                                "displayName",
                                "groupTypes",
                                "onPremisesSyncEnabled",
                                "isAssignableToRole",
                                "roleTemplateId"
                            };
                        })),
                new Case(
                        "principals",
                        parts -> parts.principals(List.of(APP, OTHER_APP)),
                        () -> SDK.servicePrincipals().toGetRequestInformation(request -> {
                            request.queryParameters.filter = "appId in ('" + APP + "','" + OTHER_APP + "')";
                            request.queryParameters.select =
                                    new String[] {"id", "appId", "displayName", "accountEnabled"};
                        })),
                new Case(
                        "definitions",
                        parts -> parts.definitions(List.of(APP)),
                        () -> SDK.servicePrincipals().toGetRequestInformation(request -> {
                            request.queryParameters.filter = "appId in ('" + APP + "')";
                            request.queryParameters.select = new String[] {
                                "id", "appId", "displayName", "accountEnabled", "appRoles", "oauth2PermissionScopes"
                            };
                        })),
                new Case(
                        "principal",
                        parts -> parts.principal(PRINCIPAL),
                        () -> principal(PRINCIPAL)
                                .toGetRequestInformation(request -> request.queryParameters.select =
                                        new String[] {"id", "appId", "displayName", "accountEnabled"})),
                new Case(
                        "deletedPrincipals",
                        parts -> parts.deletedPrincipals(APP),
                        () -> SDK.directory()
                                .deletedItems()
                                .graphServicePrincipal()
                                .toGetRequestInformation(request -> {
                                    request.queryParameters.filter = "appId eq '" + APP + "'";
                                    request.queryParameters.select = new String[] {"id", "appId"};
                                })),
                new Case("createPrincipal", parts -> parts.createPrincipal(APP), () -> {
                    ServicePrincipal principal = new ServicePrincipal();
                    principal
                            .getBackingStore()
                            .clear(); // The model names its type, and the contract wants the appId alone.
                    principal.setAppId(APP.toString());
                    return SDK.servicePrincipals().toPostRequestInformation(principal);
                }),
                new Case("assign", parts -> parts.assign(PRINCIPAL, RESOURCE, ROLE), () -> {
                    AppRoleAssignment assignment = new AppRoleAssignment();
                    assignment.setPrincipalId(UUID.fromString(PRINCIPAL));
                    assignment.setResourceId(UUID.fromString(RESOURCE));
                    assignment.setAppRoleId(ROLE);
                    return principal(RESOURCE).appRoleAssignedTo().toPostRequestInformation(assignment);
                }),
                new Case(
                        "revoke",
                        parts -> parts.revoke(PRINCIPAL, GRANT),
                        () -> principal(PRINCIPAL)
                                .appRoleAssignments()
                                .byAppRoleAssignmentId(GRANT)
                                .toDeleteRequestInformation()),
                new Case("createGrant", parts -> parts.createGrant(PRINCIPAL, RESOURCE, SCOPES), () -> {
                    OAuth2PermissionGrant grant = grant("AllPrincipals");
                    return SDK.oauth2PermissionGrants().toPostRequestInformation(grant);
                }),
                new Case("createGrant", parts -> parts.createGrant(PRINCIPAL, RESOURCE, USER, SCOPES), () -> {
                    OAuth2PermissionGrant grant = grant("Principal");
                    grant.setPrincipalId(USER);
                    return SDK.oauth2PermissionGrants().toPostRequestInformation(grant);
                }),
                new Case(
                        "userGrants",
                        parts -> parts.userGrants(PRINCIPAL, USER),
                        () -> SDK.oauth2PermissionGrants()
                                .toGetRequestInformation(request -> request.queryParameters.filter =
                                        "clientId eq '" + PRINCIPAL + "' and principalId eq '" + USER + "'")),
                new Case("updateGrant", parts -> parts.updateGrant(GRANT, SCOPES), () -> {
                    OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
                    grant.setScope(String.join(" ", SCOPES));
                    return SDK.oauth2PermissionGrants()
                            .byOAuth2PermissionGrantId(GRANT)
                            .toPatchRequestInformation(grant);
                }),
                new Case(
                        "deleteGrant",
                        parts -> parts.deleteGrant(GRANT),
                        () -> SDK.oauth2PermissionGrants()
                                .byOAuth2PermissionGrantId(GRANT)
                                .toDeleteRequestInformation()),
                new Case(
                        "deletePrincipal",
                        parts -> parts.deletePrincipal(PRINCIPAL),
                        () -> principal(PRINCIPAL).toDeleteRequestInformation()),
                new Case("assignDirectoryRole", parts -> parts.assignDirectoryRole(PRINCIPAL, ROLE), () -> {
                    UnifiedRoleAssignment assignment = new UnifiedRoleAssignment();
                    assignment.setRoleDefinitionId(ROLE.toString());
                    assignment.setPrincipalId(PRINCIPAL);
                    assignment.setDirectoryScopeId("/");
                    return SDK.roleManagement().directory().roleAssignments().toPostRequestInformation(assignment);
                }),
                new Case("addToGroup", parts -> parts.addToGroup(PRINCIPAL, RESOURCE), () -> {
                    ReferenceCreate member = new ReferenceCreate();
                    member.setOdataId(VERSION_ROOT + "/directoryObjects/" + PRINCIPAL);
                    return SDK.groups().byGroupId(RESOURCE).members().ref().toPostRequestInformation(member);
                }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyRequestIsTheOneThatTheSdkWouldSend(Case request) throws Exception {
        BatchPart ours = request.ours().apply(new GraphParts(URI.create("https://graph.microsoft.com")));
        RequestInformation sdk = request.sdk().get();

        assertThat(ours.method()).isEqualTo(String.valueOf(sdk.httpMethod));
        assertThat(pathAndQuery(ours.url())).isEqualTo(pathAndQuery(request.inOurPlace(relative(sdk))));
        assertThat(tree(ours.body())).isEqualTo(request.body(sdk));
    }

    @Test
    void noRequestIsWithoutItsCounterpart() {
        List<String> made = Arrays.stream(GraphParts.class.getDeclaredMethods())
                .filter(method -> method.getReturnType().equals(BatchPart.class))
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .map(Method::getName)
                .sorted()
                .toList();

        assertThat(cases().map(Case::name).sorted()).isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyUrlIsOneThatABatchTakes(Case request) {
        String url = request.ours()
                .apply(new GraphParts(URI.create("https://graph.microsoft.com")))
                .url();

        assertThat(url).startsWith("/").doesNotContain(" ", "\"", "#");
        assertThat(URI.create("https://graph.microsoft.com/v1.0" + url)).hasHost("graph.microsoft.com");
    }

    /** What arrives in ids is Graph's, and must not lead to another path or end a filter's text. */
    @Test
    void anIdStaysAnId() {
        GraphParts parts = new GraphParts(URI.create("https://graph.microsoft.com"));

        assertThat(parts.deleteGrant("a/b?c#d e").url()).isEqualTo("/oauth2PermissionGrants/a%2Fb%3Fc%23d%20e");
        assertThat(decoded(parts.userGrants("a'b", "c&d").url()))
                .isEqualTo("/oauth2PermissionGrants?$filter=clientId eq 'a''b' and principalId eq 'c&d'");
        assertThat(parts.userGrants("a", "c&d").url()).contains("c%26d");
    }

    private static ServicePrincipalItemRequestBuilder principal(String id) {
        return SDK.servicePrincipals().byServicePrincipalId(id);
    }

    private static OAuth2PermissionGrant grant(String consentType) {
        OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
        grant.setClientId(PRINCIPAL);
        grant.setConsentType(consentType);
        grant.setResourceId(RESOURCE);
        grant.setScope(String.join(" ", SCOPES));
        return grant;
    }

    private static String relative(RequestInformation request) throws Exception {
        String url = String.valueOf(request.getUri());
        assertThat(url).startsWith(VERSION_ROOT + "/");
        return url.substring(VERSION_ROOT.length());
    }

    /** The path, then the parameters, whose order says nothing. */
    private static List<String> pathAndQuery(String url) {
        int query = url.indexOf('?');
        Stream<String> parameters = query < 0
                ? Stream.empty()
                : Arrays.stream(url.substring(query + 1).split("&", -1));
        return Stream.concat(
                        Stream.of(decoded(query < 0 ? url : url.substring(0, query))),
                        parameters.map(GraphPartsOracleTest::decoded).sorted())
                .toList();
    }

    private static String decoded(String url) {
        return URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static JsonNode tree(@Nullable String json) throws Exception {
        return MAPPER.readTree(json == null ? "" : json);
    }

    private static Case byAlternateKey(
            String name,
            Function<GraphParts, BatchPart> ours,
            Function<ServicePrincipalItemRequestBuilder, RequestInformation> sdk) {
        return new Case(name, ours, () -> sdk.apply(principal(PRINCIPAL)));
    }

    private interface Request {
        RequestInformation get() throws Exception;
    }

    private record Case(String name, Function<GraphParts, BatchPart> ours, Request sdk) {
        /** Navigation from the alternate key is documented, but the SDK has it from the object id alone. */
        String inOurPlace(String url) {
            return name.startsWith("own") || name.equals("assignedToOwn")
                    ? url.replace("/servicePrincipals/" + PRINCIPAL, "/servicePrincipals(appId='" + APP + "')")
                    : url;
        }

        JsonNode body(RequestInformation sdk) throws Exception {
            return sdk.content == null ? tree(null) : MAPPER.readTree(sdk.content);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
