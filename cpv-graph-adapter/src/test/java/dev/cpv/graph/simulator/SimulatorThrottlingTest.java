package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.GraphCalls.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorThrottlingTest extends ConsentedCustomer {
    SimulatorThrottlingTest() {
        super(builder -> builder.contractValidation(false));
    }

    /** Uses resource units in batches of reads at two units each; returns the number of refused reads. */
    private int throttled(GraphCalls graph, int units) {
        int refused = 0;
        for (int spent = 0; spent < units; spent += 40) {
            GraphCalls.Batch batch = new GraphCalls.Batch();
            Collections.nCopies(20, own + "/appRoleAssignments").forEach(batch::get);
            refused += Collections.frequency(graph.statuses(batch).values(), 429);
        }
        return refused;
    }

    @ParameterizedTest
    @CsvSource({"49, 3500", "50, 5000", "500, 5000", "501, 8000"})
    @Checklist("10.4-10")
    void resourceUnitsGoWithTheSizeOfTheTenant(int users, int units) {
        customer.users(users);
        GraphCalls graph = graph();

        // The last batch is the first that may overdraw the quota.
        assertThat(throttled(graph, units - 40)).isZero();
        assertThat(throttled(graph, 80)).isPositive();
        clock.advance(Duration.ofSeconds(10));
        assertThat(throttled(graph, 40)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/servicePrincipals | 1",
                "/servicePrincipals(appId='APP')?$select=id | 1",
                "/servicePrincipals(appId='APP')/appRoleAssignments | 2",
                "/servicePrincipals(appId='APP')/appRoleAssignments?$select=id | 1",
                "/servicePrincipals(appId='APP')/appRoleAssignments?$top=5 | 1",
                "/oauth2PermissionGrants | 2",
                "/oauth2PermissionGrants?$top=999 | 2",
                "/oauth2PermissionGrants?$top=5&$select=id | 1",
                "/subscribedSkus | 3",
                "/roleManagement/directory/roleAssignments?$expand=principal | 2"
            })
    @Checklist("10.4-10")
    void everyReadSaysWhatItCosts(String path, String units) {
        customer.consented(Set.of("Organization.Read.All", "RoleManagement.Read.Directory"));

        Calls.Answer answer = graph().get(path.replace("APP", app)).expect(200);
        assertThat(answer.header("x-ms-resource-unit")).isEqualTo(units);
        assertThat(answer.header("x-ms-throttle-limit-percentage")).isEmpty();
    }

    @Test
    @Checklist("10.4-10")
    void aThrottledRequestSaysWhyAndForHowLong() {
        customer.behaviour().resourceUnits(10);
        GraphCalls graph = graph();

        for (int i = 0; i < 8; i++) {
            assertThat(graph.get(own).expect(200).header("x-ms-throttle-limit-percentage"))
                    .isEmpty();
        }
        assertThat(graph.get(own).expect(200).header("x-ms-throttle-limit-percentage"))
                .isEqualTo("0.90");
        graph.get(own).expect(200);
        Calls.Answer answer = graph.get(own);
        assertError(answer, 429, "TooManyRequests", "Please retry again later.");
        assertThat(answer.json().path("error").path("innerError").path("code").asText())
                .isEqualTo("429");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.header("x-ms-throttle-scope"))
                .isEqualTo("Tenant_Application/ReadWrite/" + app + "/" + customer.id());
        assertThat(answer.header("x-ms-throttle-information")).isEqualTo("ResourceUnitLimitExceeded");
        assertThat(answer.header("x-ms-throttle-limit-percentage")).isEqualTo("1.10");
    }

    @Test
    @Checklist("10.4-10")
    void whoDoesNotWaitWaitsLonger() {
        customer.behaviour().resourceUnits(10);
        GraphCalls graph = graph();
        for (int i = 0; i < 10; i++) {
            graph.get(own).expect(200);
        }

        assertThat(graph.get(own).expect(429).header("Retry-After")).isEqualTo("1");
        for (int i = 0; i < 4; i++) {
            graph.get(own).expect(429);
        }
        assertThat(graph.get(own).expect(429).header("Retry-After")).isEqualTo("6");
        clock.advance(Duration.ofSeconds(5));
        graph.get(own).expect(429);
        clock.advance(Duration.ofSeconds(3));
        graph.get(own).expect(200);
    }

    @Test
    @Checklist("10.4-10")
    void writesHaveAQuotaOfTheirOwn() {
        customer.behaviour().writes(3);
        GraphCalls graph = graph();
        String path = "/oauth2PermissionGrants/" + customer.grants(app).get(0).id();

        GraphCalls.Batch writes = new GraphCalls.Batch();
        for (int i = 0; i < 5; i++) {
            writes.add("PATCH", path, Json.object().put("scope", "User.Read"));
        }
        writes.get(own);
        Map<String, JsonNode> parts = graph.parts(writes);
        assertThat(parts.values())
                .extracting(part -> part.path("status").asInt())
                .containsExactlyInAnyOrder(204, 204, 204, 429, 429, 200);
        assertThat(parts.values())
                .filteredOn(part -> part.path("status").asInt() == 429)
                .allSatisfy(part -> {
                    JsonNode headers = part.path("headers");
                    assertThat(headers.path("Retry-After").asInt()).isBetween(50, 100);
                    assertThat(headers.path("x-ms-throttle-information").asText())
                            .isEqualTo("WriteLimitExceeded");
                    assertThat(headers.path("x-ms-throttle-scope").asText())
                            .isEqualTo("Tenant_Application/Write/" + app + "/" + customer.id());
                });
    }

    @Test
    @Checklist("10.4-10")
    void allTenantsTogetherHaveQuotasToo() {
        GraphThrottle throttle = new GraphThrottle();
        GraphCost cost = new GraphCost(1, 1);
        int refused = 0;
        Set<String> scopes = new HashSet<>();
        // 35 tenants with 2,000 writes each reach the limit of one app over all tenants, but no tenant's own limit.
        for (int i = 0; i < 35; i++) {
            SimulatedTenant tenant = microsoft.addCustomer("Customer " + i).users(1000);
            for (int write = 0; write < 2000; write++) {
                throttle.charge(tenant, app, cost, clock.instant());
            }
        }
        try {
            throttle.charge(customer, app, cost, clock.instant());
        } catch (GraphRefusal refusal) {
            refused++;
            scopes.add(refusal.error().headers().getOrDefault("x-ms-throttle-scope", ""));
        }

        assertThat(refused).isEqualTo(1);
        assertThat(scopes).containsExactly("Application/Write/" + app + "/");
    }

    @Test
    @Checklist("10.4-10")
    void aBusyServiceThrottlesBelowAllLimits() {
        customer.behaviour().throttledShare(50);
        GraphCalls graph = graph();

        int refused = 0;
        for (int i = 0; i < 100; i++) {
            Calls.Answer answer = graph.get(own);
            if (answer.status() == 429) {
                refused++;
                assertThat(answer.header("x-ms-throttle-information")).isEqualTo("CPULimitExceeded");
                assertThat(answer.header("Retry-After")).isNotEmpty();
            }
        }
        assertThat(refused).isBetween(25, 75);
    }

    @Test
    @Checklist("10.4-10")
    void quotasCanBeSwitchedOff() {
        customer.behaviour().resourceUnits(1).throttling(false);

        assertThat(throttled(graph(), 120)).isZero();
    }
}
