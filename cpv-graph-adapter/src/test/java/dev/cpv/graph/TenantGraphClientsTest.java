package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.core.content.BatchRequestContent;
import com.microsoft.graph.core.content.BatchResponseContent;
import com.microsoft.graph.core.tasks.PageIterator;
import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.models.AppRoleAssignmentCollectionResponse;
import com.microsoft.graph.models.OAuth2PermissionGrant;
import com.microsoft.graph.models.odataerrors.ODataError;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.sun.net.httpserver.HttpServer;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool's own requests by the Graph SDK, with cpv's tokens, limits and rules, against the simulator. */
@NullUnmarked // The SDK says of nearly everything that it may be null.
class TenantGraphClientsTest extends OverTheWire {
    private static final String CLAIMS =
            "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1900000000\"},\"acrs\":{\"values\":[\"c1\"]}}}";
    private static final String SECRET = "eyJ";

    private TenantGraphClients clients = TenantGraphClients.of(partner.directory);

    @BeforeEach
    void overTheSameDirectory() {
        clients = TenantGraphClients.of(partner.directory);
    }

    // Reading and writing

    @Test
    void readsACustomersDirectory() {
        SimulatedTenant tenant = inSync("Read");
        GraphServiceClient graph = clients.client(id(tenant));

        assertThat(graph.servicePrincipalsWithAppId(partner.clientId()).get().getAppId())
                .isEqualTo(partner.clientId());
        assertThat(graph.organization().get().getValue())
                .singleElement()
                .satisfies(organization -> assertThat(organization.getId()).isEqualTo(tenant.id()));
    }

    /** The SDK writes {@code /users/TokenToReplace}, which its own handler turns into {@code /me}. */
    @Test
    void theSdksOtherHandlersAreKept() {
        SimulatedTenant tenant = inSync("Me");
        onReads(tenant).when(request -> request.path().endsWith("/me")).respond(200, JSON, "{\"id\":\"myself\"}");

        assertThat(clients.client(id(tenant)).me().get().getId()).isEqualTo("myself");
    }

    @Test
    void everyPageIsRead() throws ReflectiveOperationException {
        SimulatedTenant tenant = inSync("Pages");
        tenant.behaviour().pageSize(20);
        GraphServiceClient graph = clients.client(id(tenant));

        assertThat(assignments(graph)).hasSize(count(partner.requiredAppRoles()));
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isGreaterThan(2);
    }

    @Test
    void writesToACustomersDirectory() {
        SimulatedTenant tenant = inSync("Written");
        SimulatedGrant grant = tenant.grants(partner.clientId()).get(0);

        scope(clients.client(id(tenant)), grant, "User.Read");

        assertThat(tenant.grants(partner.clientId()))
                .anySatisfy(changed -> assertThat(changed.scope()).isEqualTo("User.Read"));
    }

    @Test
    void aBatchOfTheSdkIsAnsweredPartByPart() throws IOException {
        SimulatedTenant tenant = inSync("Batch");
        GraphServiceClient graph = clients.client(id(tenant));
        BatchRequestContent batch = new BatchRequestContent(graph);
        String found = batch.addBatchRequestStep(graph.organization().toGetRequestInformation());
        String missing = batch.addBatchRequestStep(graph.servicePrincipals()
                .byServicePrincipalId("0e0e0e0e-0000-4000-8000-00000000000a")
                .toGetRequestInformation());

        BatchResponseContent answers = graph.getBatchRequestBuilder().post(batch, null);

        assertThat(answers.getResponsesStatusCode()).containsOnly(Map.entry(found, 200), Map.entry(missing, 404));
    }

    @Test
    void bytesStayBytes() throws IOException {
        byte[] all = new byte[256];
        for (int value = 0; value < all.length; value++) {
            all[value] = (byte) value;
        }
        SimulatedTenant tenant = inSync("Photo");
        List<byte[]> arrived = new CopyOnWriteArrayList<>();
        HttpServer graph = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        graph.createContext("/", exchange -> {
            arrived.add(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Content-Type", "image/jpeg");
            exchange.sendResponseHeaders(200, all.length);
            exchange.getResponseBody().write(all);
            exchange.close();
        });
        graph.start();
        try (GraphTenantDirectory directory = Directories.over(
                        partner.simulator, partner.simulator.credentials().refreshToken())
                .cloud(partner.cloud()
                        .withGraphUrl(URI.create(
                                "http://localhost:" + graph.getAddress().getPort())))
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            GraphServiceClient client = TenantGraphClients.of(directory).client(id(tenant));

            client.users().byUserId("u").photo().content().put(new ByteArrayInputStream(all));
            try (InputStream photo =
                    client.users().byUserId("u").photo().content().get()) {
                assertThat(photo.readAllBytes()).isEqualTo(all);
            }
        } finally {
            graph.stop(0);
        }
        assertThat(arrived.get(0)).isEqualTo(all);
    }

    // Tokens

    @Test
    void R21_cpvsTokenIsUsed() {
        SimulatedTenant tenant = inSync("Same token");
        assertOutcome(refresh(tenant), RefreshOutcome.UP_TO_DATE);
        forget();

        clients.client(id(tenant)).organization().get();
        clients.client(id(tenant)).organization().get();

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isZero();
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(2);
    }

    @Test
    void R4_aTenantThatIsNotConsentedGivesTheSameFailure() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Not consented");

        CpvFailure failure =
                failureOf(() -> clients.client(id(tenant)).organization().get());

        assertThat(failure.code()).isEqualTo(FailureCode.CONSENT_MISSING);
        assertThat(failure.serviceCode()).contains("AADSTS65001");
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isZero();
    }

    @Test
    void R21_aTokenThatCpvDropsIsNotUsedAnyMore() {
        SimulatedTenant tenant = inSync("Offboarded");
        tenant.behaviour().userTokensOutliveApp(true);
        GraphServiceClient graph = clients.client(id(tenant));
        graph.organization().get();

        assertOutcome(partner.client.offboard(id(tenant)), RefreshOutcome.OFFBOARDED);

        assertThat(failureOf(() -> graph.organization().get()).code()).isEqualTo(FailureCode.CONSENT_MISSING);
    }

    @Test
    void aTokenThatIsRefusedBeforeItsTimeIsReplacedOnce() {
        SimulatedTenant tenant = inSync("Revoked");
        GraphServiceClient graph = clients.client(id(tenant));
        graph.organization().get();
        onReads(tenant).respond(401, JSON, graphError("InvalidAuthenticationToken", "Lifetime validation failed."));

        assertThat(graph.organization().get().getValue()).hasSize(1);

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
    }

    @Test
    void R26_aChallengeIsAnsweredOnce() {
        SimulatedTenant tenant = inSync("Challenged");
        tenant.behaviour().requiredClaims(CLAIMS);

        assertThat(clients.client(id(tenant)).organization().get().getValue()).hasSize(1);

        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(2);
    }

    @Test
    void R26_aChallengeThatComesAgainIsTheSameFailure() {
        SimulatedTenant tenant = inSync("Always challenged");
        tenant.behaviour().claimsChallenge(true);

        CpvFailure failure =
                failureOf(() -> clients.client(id(tenant)).organization().get());

        assertThat(failure.code()).isEqualTo(FailureCode.EXTRA_AUTHENTICATION_REQUIRED);
        assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(2);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(2);
    }

    @Test
    void aChallengeThatCannotBeReadIsNotAnsweredByTheSdkEither() {
        SimulatedTenant tenant = inSync("Garbled challenge");
        onReads(tenant)
                .always()
                .respond(
                        401,
                        Map.of("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"bm8gSlNPTg==\""),
                        graphError("InvalidAuthenticationToken", "No."));

        ODataError error =
                errorOf(() -> clients.client(id(tenant)).organization().get());

        assertThat(error.getResponseStatusCode()).isEqualTo(401);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(2);
    }

    // Hosts and redirects

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:%d/v1.0/x", "%s@localhost:%d/v1.0/x"})
    void R24_aNextPageOnAForeignHostIsRefused(String link) throws IOException {
        SimulatedTenant tenant = inSync("Led astray");
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        foreign.start();
        try {
            int port = foreign.getAddress().getPort();
            String next = link.startsWith("%s")
                    ? String.format(link, partner.simulator.graphUrl().replace("/graph", ""), port)
                    : String.format(link, port);
            onReads(tenant)
                    .when(request -> request.path().contains("/appRoleAssignments"))
                    .respond(200, JSON, "{\"value\":[{\"id\":\"a\"}],\"@odata.nextLink\":\"" + next + "\"}");
            GraphServiceClient graph = clients.client(id(tenant));

            assertThat(failureOf(() -> assignments(graph)).code()).isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
        } finally {
            foreign.stop(0);
        }
        assertThat(heard).isEmpty();
    }

    /** Entra ID and Partner Center are hosts that cpv sends to, but not with a token of Graph. */
    @Test
    void R24_aTokenOfGraphGoesToGraphAlone() {
        SimulatedTenant tenant = inSync("To another service");
        GraphServiceClient graph = clients.client(id(tenant));
        forget();

        for (String url : List.of(
                partner.simulator.loginUrl() + "/common",
                partner.simulator.partnerCenterUrl() + "/v1/customers",
                partner.simulator.graphUrl() + "s/v1.0/organization",
                partner.simulator.graphUrl() + "/../login/x",
                "https://graph.microsoft.com/v1.0/organization")) {
            assertThat(failureOf(() -> graph.organization().withUrl(url).get()).code())
                    .as(url)
                    .isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
        }

        assertThat(partner.simulator.journal().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void R24_aRedirectIsNotFollowed(int status) {
        SimulatedTenant tenant = inSync("Redirected");
        onReads(tenant)
                .always()
                .respond(status, Map.of("Location", partner.simulator.graphUrl() + "/v1.0/organization"), "");

        assertThat(failureOf(() -> clients.client(id(tenant)).organization().get())
                        .code())
                .isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(1);
    }

    // Repeating and limits

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void R26_anUnreadableRetryAfterIsNotRetriedAtOnce(String retryAfter) {
        SimulatedTenant tenant = inSync("Throttled");
        onReads(tenant).times(2).respond(429, retryAfter(retryAfter), THROTTLED);

        List<Duration> sleeps =
                sleepsDuring(() -> clients.client(id(tenant)).organization().get());

        assertThat(sleeps).hasSize(2).allMatch(sleep -> sleep.compareTo(Duration.ofMillis(750)) >= 0);
    }

    @Test
    void R26_aRequestIsSentSixTimesAndThenTheErrorIsTheSdks() {
        SimulatedTenant tenant = inSync("Down");
        onReads(tenant).always().respond(503, JSON, graphError("ServiceUnavailable", "Later."));

        ODataError error =
                errorOf(() -> clients.client(id(tenant)).organization().get());

        assertThat(error.getResponseStatusCode()).isEqualTo(503);
        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"429, 2", "503, 2", "500, 1", "502, 1", "504, 1"})
    void R17_aWriteIsNotRepeatedWhereItMayHaveHadItsEffect(int status, int times) {
        SimulatedTenant tenant = inSync("Write refused");
        SimulatedGrant grant = tenant.grants(partner.clientId()).get(0);
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.GRAPH_WRITE)
                .respond(status, JSON, graphError("x", "Not now."));
        GraphServiceClient graph = clients.client(id(tenant));

        if (times == 1) {
            assertThat(errorOf(() -> scope(graph, grant, "User.Read")).getResponseStatusCode())
                    .isEqualTo(status);
        } else {
            scope(graph, grant, "User.Read");
        }

        assertThat(sent(tenant, Endpoint.GRAPH_WRITE)).isEqualTo(times);
    }

    @Test
    void R29_aToolsWritesCountAndSoDoesEachPartOfItsBatches() throws IOException {
        SimulatedTenant tenant = inSync("Limited");
        tenant.behaviour().writes(30);
        SimulatedGrant grant = tenant.grants(partner.clientId()).get(0);
        try (GraphTenantDirectory directory = Directories.over(
                        partner.simulator, partner.simulator.credentials().refreshToken())
                .quotaShare(0.01)
                .clock(partner.time)
                .sleeper(partner.time)
                .build()) {
            GraphServiceClient graph = TenantGraphClients.of(directory).client(id(tenant));
            Instant start = partner.time.instant();
            List<Integer> statuses = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                BatchRequestContent batch = new BatchRequestContent(graph);
                for (int part = 0; part < 19; part++) {
                    batch.addBatchRequestStep(graph.oauth2PermissionGrants()
                            .byOAuth2PermissionGrantId(grant.id())
                            .toPatchRequestInformation(scope("User.Read")));
                }
                batch.addBatchRequestStep(graph.organization().toGetRequestInformation());
                statuses.addAll(graph.getBatchRequestBuilder()
                        .post(batch, null)
                        .getResponsesStatusCode()
                        .values());
                scope(graph, grant, "User.Read");
            }

            assertThat(statuses).hasSize(60).containsOnly(200, 204);
            double needed = (3 * 20 - 30) * 150.0 / 30;
            assertThat(Duration.between(start, partner.time.instant()).toMillis() / 1000.0)
                    .isBetween(needed, needed * 1.15 + 3);
        }
    }

    @Test
    void R29_workOfTheNightSaysSo() {
        SimulatedTenant tenant = inSync("At night");
        List<String> priorities = new CopyOnWriteArrayList<>();
        onReads(tenant)
                .when(request -> {
                    priorities.add(request.header("x-ms-throttle-priority").orElse("none"));
                    return false;
                })
                .respond(500);

        clients.client(id(tenant)).organization().get();
        clients.client(id(tenant), RefreshOptions.defaults().withPriority(Priority.NIGHTLY))
                .organization()
                .get();

        assertThat(priorities).containsExactly("none", "Low");
    }

    @Test
    void theTimeoutBoundsARequestWithItsRepetitions() {
        SimulatedTenant tenant = inSync("Slow");
        onReads(tenant).always().respond(429, retryAfter("30"), THROTTLED);
        GraphServiceClient graph =
                clients.client(id(tenant), RefreshOptions.defaults().withTimeout(Duration.ofSeconds(45)));

        assertThat(errorOf(() -> graph.organization().get()).getResponseStatusCode())
                .isEqualTo(429);

        assertThat(sent(tenant, Endpoint.GRAPH_GET)).isEqualTo(2);
    }

    // What the SDK would hide

    @ParameterizedTest
    @CsvSource({"401, TOKEN_REFUSED", "429, THROTTLED", "503, SERVICE_UNAVAILABLE"})
    void aBatchThatIsRefusedAsAWholeIsAnException(int status, FailureCode code) throws IOException {
        SimulatedTenant tenant = inSync("Batch refused");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .always()
                .respond(status, JSON, graphError("x", "No."));
        GraphServiceClient graph = clients.client(id(tenant));
        BatchRequestContent batch = new BatchRequestContent(graph);
        batch.addBatchRequestStep(graph.organization().toGetRequestInformation());

        assertThat(failureOf(() -> graph.getBatchRequestBuilder().post(batch, null))
                        .code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "404, '', application/json",
        "404, {}, application/json",
        "403, <html>, text/html",
        "400, '{\"error\":', ''"
    })
    void anErrorThatIsNoneOfGraphsFormKeepsItsStatus(int status, String body, String type) {
        SimulatedTenant tenant = inSync("Proxy");
        onReads(tenant).always().respond(status, type.isEmpty() ? Map.of() : Map.of("Content-Type", type), body);

        ODataError error =
                errorOf(() -> clients.client(id(tenant)).organization().get());

        assertThat(error.getResponseStatusCode()).isEqualTo(status);
        assertThat(error.getMessage()).isNotBlank();
    }

    // Life and threads

    @Test
    void aClosedDirectoryClosesItsClients() {
        SimulatedTenant tenant = inSync("Closed");
        GraphServiceClient graph = clients.client(id(tenant));
        graph.organization().get();
        forget();

        partner.directory.close();

        assertThatThrownBy(() -> graph.organization().get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> clients.client(id(tenant))).isInstanceOf(IllegalStateException.class);
        assertThat(partner.simulator.journal().requests()).isEmpty();
    }

    @Test
    void threadsShareOneClientAndTenantsDoNotMix() throws Exception {
        List<SimulatedTenant> tenants = List.of(inSync("One"), inSync("Two"));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Set<String>>> seen = new ArrayList<>();
            for (SimulatedTenant tenant : tenants) {
                GraphServiceClient graph = clients.client(id(tenant));
                for (int thread = 0; thread < 2; thread++) {
                    seen.add(threads.submit(() -> {
                        Set<String> ids = new HashSet<>();
                        for (int call = 0; call < 25; call++) {
                            ids.add(graph.organization().get().getValue().get(0).getId());
                        }
                        return ids;
                    }));
                }
            }
            for (int place = 0; place < seen.size(); place++) {
                assertThat(seen.get(place).get())
                        .containsExactly(tenants.get(place / 2).id());
            }
        } finally {
            threads.shutdown();
        }
        tenants.forEach(
                tenant -> assertThat(sent(tenant, Endpoint.TOKEN_REFRESH)).isEqualTo(1));
    }

    @Test
    void thePartnersOwnTenantIsATenantToo() {
        TenantId own = TenantId.of(partner.simulator.partner().id());

        assertThat(clients.client(own).organization().get().getValue().get(0).getId())
                .isEqualTo(own.toString());
    }

    @Test
    void R23_noFailureNamesAToken() {
        SimulatedTenant tenant = inSync("Secret");
        onReads(tenant).always().respond(302, Map.of("Location", "https://elsewhere.example/"), "");

        assertThatThrownBy(() -> clients.client(id(tenant)).organization().get())
                .hasMessageNotContainingAny(
                        SECRET, partner.simulator.credentials().refreshToken());
    }

    // Helpers

    private FaultPlan.Step onReads(SimulatedTenant tenant) {
        return partner.simulator.faults().on(tenant.id(), Endpoint.GRAPH_GET);
    }

    private List<String> assignments(GraphServiceClient graph) throws ReflectiveOperationException {
        List<String> ids = new ArrayList<>();
        String principal =
                graph.servicePrincipalsWithAppId(partner.clientId()).get().getId();
        AppRoleAssignmentCollectionResponse first = graph.servicePrincipals()
                .byServicePrincipalId(principal)
                .appRoleAssignments()
                .get();
        new PageIterator.Builder<AppRoleAssignment, AppRoleAssignmentCollectionResponse>()
                .client(graph)
                .collectionPage(first)
                .collectionPageFactory(AppRoleAssignmentCollectionResponse::createFromDiscriminatorValue)
                .processPageItemCallback(assignment -> ids.add(assignment.getId()))
                .build()
                .iterate();
        return ids;
    }

    private static int count(Map<String, Set<String>> roles) {
        return roles.values().stream().mapToInt(Set::size).sum();
    }

    private static void scope(GraphServiceClient graph, SimulatedGrant grant, String scope) {
        graph.oauth2PermissionGrants().byOAuth2PermissionGrantId(grant.id()).patch(scope(scope));
    }

    private static OAuth2PermissionGrant scope(String scope) {
        OAuth2PermissionGrant grant = new OAuth2PermissionGrant();
        grant.setScope(scope);
        return grant;
    }

    private static CpvFailure failureOf(ThrowingCallable call) {
        return catchThrowableOfType(TenantDirectoryException.class, call).failure();
    }

    private static ODataError errorOf(ThrowingCallable call) {
        return catchThrowableOfType(ODataError.class, call);
    }
}
