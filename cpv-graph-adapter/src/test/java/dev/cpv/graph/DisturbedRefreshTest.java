package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.FaultPlan;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedGrant;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.RequiredPermissionSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Properties that hold however a refresh is disturbed, from a seed: a result claims nothing that is not there, nothing is
 * doubled, nothing that is not ours changes, and once the disturbance is over the tenant gets in step.
 */
class DisturbedRefreshTest extends OverTheWire {
    private static final String EXCHANGE = ResourceCatalog.EXCHANGE;
    private static final String SHAREPOINT = ResourceCatalog.SHAREPOINT;
    private static final String SOMEBODY = "0e0e0e0e-0000-4000-8000-000000000001";
    private static final int TENANTS = 60;

    @Test
    void R16_R17_faultsOfEveryKindAtAnyTime() {
        RequiredPermissionSet required = requiredOf(EXCHANGE).plus(requiredOf(SHAREPOINT));
        CpvClient client = needing(required);
        int disturbed = 0;
        for (int seed = 1; seed <= TENANTS; seed++) {
            Random dice = new Random(seed);
            SimulatedTenant tenant = anyState(seed, dice);
            Tenure before = Tenure.of(tenant, partner.clientId());
            for (int i = 0; i < 6; i++) {
                anyFault(tenant, dice);
            }

            CpvResult result = client.refresh(id(tenant));

            claimsNoMoreThanTheStateShows(tenant, result);
            before.assertKept(tenant, partner.clientId());
            disturbed += result.outcome().isInStep() ? 0 : 1;
            partner.simulator.faults().clear();
            CpvResult last = untilInStep(client, tenant);
            assertThat(last.outcome().isInStep())
                    .as("seed " + seed + ": " + last)
                    .isTrue();
            claimsNoMoreThanTheStateShows(tenant, last);
            assertHoldsAll(tenant);
            before.assertKept(tenant, partner.clientId());
        }
        assertThat(disturbed)
                .as("refreshes that the faults kept from their aim")
                .isPositive();
    }

    @Test
    void R17_lagOfEveryKindAsMicrosoftHasIt() {
        CpvClient client = needing(requiredOf(EXCHANGE).plus(requiredOf(SHAREPOINT)));
        for (int seed = 1; seed <= TENANTS; seed++) {
            Random dice = new Random(seed);
            SimulatedTenant tenant = anyState(seed, dice);
            tenant.behaviour()
                    .replicationLag()
                    .consentTokenDelay(Duration.ofSeconds(dice.nextInt(20)))
                    .consentGraphDelay(Duration.ofSeconds(dice.nextInt(20)))
                    .grantAppliedBut404(dice.nextInt(3))
                    .throttledShare(dice.nextInt(25));
            if (dice.nextInt(3) == 0) {
                tenant.behaviour().flapping(Duration.ofSeconds(20));
            }
            Tenure before = Tenure.of(tenant, partner.clientId());

            CpvResult last = untilInStep(client, tenant);

            assertThat(last.outcome().isInStep())
                    .as("seed " + seed + ": " + last)
                    .isTrue();
            assertHoldsAll(tenant);
            before.assertKept(tenant, partner.clientId());
        }
    }

    private CpvResult untilInStep(CpvClient client, SimulatedTenant tenant) {
        CpvResult result = client.refresh(id(tenant));
        for (int again = 0; again < 3 && !result.outcome().isInStep(); again++) {
            claimsNoMoreThanTheStateShows(tenant, result);
            assertThat(result.worthRetrying()).as(result.toString()).isTrue();
            partner.time.advance(Duration.ofMinutes(5));
            result = client.refresh(id(tenant));
        }
        claimsNoMoreThanTheStateShows(tenant, result);
        return result;
    }

    private void assertHoldsAll(SimulatedTenant tenant) {
        for (String resource : List.of(EXCHANGE, SHAREPOINT)) {
            assertThat(roles(tenant, resource))
                    .containsAll(partner.requiredAppRoles().get(resource));
            assertThat(scopes(tenant, resource))
                    .containsAll(partner.requiredScopes().get(resource));
            assertThat(grantsOn(tenant, resource)).hasSize(1);
        }
        assertNothingTwice(tenant);
    }

    private SimulatedTenant anyState(int seed, Random dice) {
        SimulatedTenant tenant = partner.simulator.addCustomer("Disturbed " + seed);
        if (dice.nextInt(3) == 0) {
            return tenant;
        }
        tenant.consented(SimulatedTenant.BOOTSTRAP_SCOPES);
        if (dice.nextBoolean()) {
            tenant.assignAppRole(EXCHANGE, "Exchange.ManageAsApp");
        }
        if (dice.nextBoolean()) {
            tenant.grantScopes(EXCHANGE, Set.of("Exchange.Manage", "EWS.AccessAsUser.All"));
        }
        if (dice.nextInt(3) == 0) {
            tenant.grantScopes(SHAREPOINT, Set.of("AllProfiles.Manage"))
                    .duplicateGrant(SHAREPOINT, Set.of("AllSites.FullControl", "Sites.Search.All"));
        } else if (dice.nextInt(3) == 0) {
            tenant.withoutServicePrincipal(SHAREPOINT);
        }
        if (dice.nextBoolean()) {
            tenant.userGrant(SOMEBODY, EXCHANGE, Set.of("Exchange.Manage"));
        }
        return tenant;
    }

    private void anyFault(SimulatedTenant tenant, Random dice) {
        FaultPlan faults = partner.simulator.faults();
        FaultPlan.Step fault = switch (dice.nextInt(8)) {
            case 0 -> faults.on(tenant.id(), Endpoint.TOKEN_REFRESH);
            case 1 -> faults.on(tenant.id(), Endpoint.CONSENT_POST);
            case 2 -> faults.on(tenant.id(), Endpoint.BATCH);
            case 3 -> faults.onPart(tenant.id(), "GET", "/");
            case 4 -> faults.onPart(tenant.id(), "POST", GRANTS);
            case 5 -> faults.onPart(tenant.id(), "PATCH", GRANTS);
            case 6 -> faults.onPart(tenant.id(), "DELETE", GRANTS);
            default -> faults.onPart(tenant.id(), "POST", "/servicePrincipals");
        };
        fault.nth(1 + dice.nextInt(3)).times(1 + dice.nextInt(4));
        if (dice.nextBoolean()) {
            fault.afterEffect();
        }
        switch (dice.nextInt(7)) {
            case 0 -> fault.respond(429, retryAfter("5"), THROTTLED);
            case 1 -> fault.respond(500, JSON, graphError("UnknownError", "Oops"));
            case 2 -> fault.respond(502);
            case 3 -> fault.respond(503, retryAfter("2"), "");
            case 4 -> fault.respond(504);
            case 5 ->
                fault.respond(
                        404, JSON, graphError("Directory_ObjectNotFound", "Unable to read the company information."));
            default -> fault.reset();
        }
    }

    /** What a tenant held before: under {@code KEEP} all of it stays, and a user's own grants stay as they are. */
    private record Tenure(
            Map<String, Set<String>> roles, Map<String, Set<String>> scopes, List<SimulatedGrant> ofUsers) {
        static Tenure of(SimulatedTenant tenant, String app) {
            return new Tenure(
                    new HashMap<>(tenant.grantedAppRoles(app)),
                    new HashMap<>(tenant.grantedScopes(app)),
                    tenant.grants(app).stream()
                            .filter(grant -> !grant.tenantWide())
                            .toList());
        }

        void assertKept(SimulatedTenant tenant, String app) {
            Tenure now = of(tenant, app);
            roles.forEach((resource, held) -> assertThat(now.roles.getOrDefault(resource, new TreeSet<>()))
                    .containsAll(held));
            scopes.forEach((resource, held) -> assertThat(now.scopes.getOrDefault(resource, new TreeSet<>()))
                    .containsAll(held));
            assertThat(now.ofUsers).isEqualTo(ofUsers);
        }
    }
}
