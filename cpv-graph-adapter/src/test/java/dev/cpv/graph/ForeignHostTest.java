package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R24 over the wire: whatever a service says, no token goes to another host. A second server listens, and must hear nothing. */
class ForeignHostTest extends OverTheWire {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private HttpServer foreign;

    ForeignHostTest() throws IOException {
        foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void listen() {
        foreign.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        foreign.start();
    }

    @AfterEach
    void heardNothing() {
        foreign.stop(0);
        assertThat(heard).as("requests to the foreign host").isEmpty();
    }

    private String foreignUrl() {
        return "http://localhost:" + foreign.getAddress().getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/appRoleAssignments", "/oauth2PermissionGrants", "/servicePrincipals"})
    void R24_aNextPageOnAForeignHostIsRefused(String collection) {
        SimulatedTenant tenant = inSync("Led astray");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", collection)
                .when(part -> part.path().endsWith(collection))
                .respond(
                        200,
                        JSON,
                        "{\"value\":[],\"@odata.nextLink\":\"" + foreignUrl()
                                + "/v1.0/servicePrincipals?$skiptoken=x\"}");

        assertFailed(
                refresh(tenant), FailureCode.FOREIGN_HOST_REFUSED, FailureScope.TENANT, Remediation.Party.DEVELOPER);

        assertNothingWritten(tenant);
    }

    @Test
    void R24_aNextPageThatHidesItsHostBehindOursIsRefused() {
        SimulatedTenant tenant = inSync("Led astray with a trick");
        String ours = partner.simulator.graphUrl().replace("http://", "").replace("/graph", "");
        partner.simulator
                .faults()
                .onPart(tenant.id(), "GET", "/appRoleAssignments")
                .respond(
                        200,
                        JSON,
                        "{\"value\":[],\"@odata.nextLink\":\"http://" + ours + "@localhost:"
                                + foreign.getAddress().getPort() + "/v1.0/servicePrincipals\"}");

        assertFailed(
                refresh(tenant), FailureCode.FOREIGN_HOST_REFUSED, FailureScope.TENANT, Remediation.Party.DEVELOPER);
    }

    @ParameterizedTest
    @CsvSource({
        "TOKEN_REFRESH, 302",
        "TOKEN_REFRESH, 307",
        "CONSENT_POST, 302",
        "CONSENT_POST, 308",
        "BATCH, 302",
        "BATCH, 307"
    })
    void R24_aRedirectIsNotFollowed(Endpoint endpoint, int status) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Redirected");
        partner.simulator
                .faults()
                .on(tenant.id(), endpoint)
                .always()
                .respond(status, Map.of("Location", foreignUrl() + "/elsewhere"), "");

        assertFailed(
                refresh(tenant), FailureCode.FOREIGN_HOST_REFUSED, FailureScope.TENANT, Remediation.Party.DEVELOPER);

        assertThat(sent(tenant, endpoint)).as("and not tried again").isEqualTo(1);
    }

    @Test
    void R24_aRedirectOfABatchOfWritesIsNotFollowed() {
        SimulatedTenant tenant = inSync("Redirected write").removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        partner.simulator
                .faults()
                .on(tenant.id(), Endpoint.BATCH)
                .when(request -> request.body().contains("\"POST\""))
                .respond(307, Map.of("Location", foreignUrl() + "/v1.0/$batch"), "");

        CpvResult result = refresh(tenant);

        assertOutcome(result, RefreshOutcome.PARTIAL);
        assertThat(missed(result).values()).containsExactly(FailureCode.FOREIGN_HOST_REFUSED);
    }

    @Test
    void R24_aRedirectOfTheSearchForATenantIsNotFollowed() {
        SimulatedTenant tenant = partner.simulator.addCustomer("By domain");
        partner.simulator
                .faults()
                .onAny(Endpoint.DISCOVERY)
                .respond(302, Map.of("Location", foreignUrl() + "/.well-known/openid-configuration"), "");

        CpvResult result = partner.client.refresh(tenant.domains().get(0));

        assertOutcome(result, RefreshOutcome.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.FOREIGN_HOST_REFUSED);
        assertThat(partner.simulator.journal().count(Endpoint.TOKEN_REFRESH)).isZero();
    }
}
