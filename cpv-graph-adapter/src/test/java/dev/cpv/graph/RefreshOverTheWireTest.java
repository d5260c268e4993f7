package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.model.RefreshOutcome;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A manifest of 12 resources, 70 app roles and 80 scopes over real HTTP, within the budgets of the design. */
class RefreshOverTheWireTest {
    private SimulatedPartner partner;

    @BeforeEach
    void start() {
        partner = new SimulatedPartner().warm();
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    @Test
    void aTenantNeverConsentedIsBroughtInSyncWithAtMostNineRequests() {
        SimulatedTenant tenant = partner.simulator.addCustomer("Never consented");

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(result.requests()).isLessThanOrEqualTo(9).isEqualTo(sent(tenant));
        assertSecondRefreshDoesNothing(tenant);
    }

    @Test
    void aTenantWithNothingGrantedIsBroughtInSyncWithAtMostSevenRequests() {
        SimulatedTenant tenant =
                partner.simulator.addCustomer("Nothing granted").consented(SimulatedTenant.BOOTSTRAP_SCOPES);

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UPDATED);
        assertHoldsExactlyTheRequiredSet(tenant);
        assertThat(result.requests()).isLessThanOrEqualTo(7).isEqualTo(sent(tenant));
        assertSecondRefreshDoesNothing(tenant);
    }

    @Test
    void aTenantInSyncTakesTwoRequests() {
        SimulatedTenant tenant = partner.simulator.addCustomer("In sync").granted(Fixtures.manifest());

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(result.requests()).isEqualTo(2).isEqualTo(sent(tenant));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void oneScopeDriftedTakesThreeRequests() {
        SimulatedTenant tenant = partner.simulator
                .addCustomer("Drifted")
                .granted(Fixtures.manifest())
                .removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.requests()).isEqualTo(3).isEqualTo(sent(tenant));
        assertThat(result.count(PermissionOutcome.Status.GRANTED)).isEqualTo(1);
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    @Test
    void oneAppRoleDriftedTakesThreeRequests() {
        SimulatedTenant tenant = partner.simulator
                .addCustomer("Drifted")
                .granted(Fixtures.manifest())
                .removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");

        CpvResult result = partner.refresh(tenant);

        assertThat(result.outcome()).as(result.toJson()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.requests()).isEqualTo(3).isEqualTo(sent(tenant));
        assertHoldsExactlyTheRequiredSet(tenant);
    }

    private void assertHoldsExactlyTheRequiredSet(SimulatedTenant tenant) {
        assertThat(tenant.grantedAppRoles(partner.clientId())).isEqualTo(partner.requiredAppRoles());
        assertThat(tenant.grantedScopes(partner.clientId())).isEqualTo(partner.requiredScopes());
    }

    private void assertSecondRefreshDoesNothing(SimulatedTenant tenant) {
        partner.simulator.journal().clear();
        CpvResult second = partner.refresh(tenant);
        assertThat(second.outcome()).as(second.toJson()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(second.requests()).isEqualTo(2).isEqualTo(sent(tenant));
        assertThat(second.count(PermissionOutcome.Status.ALREADY_GRANTED)
                        + second.count(PermissionOutcome.Status.NOT_APPLICABLE))
                .isEqualTo(second.permissions().size());
    }

    /** What the simulator counted, so that the result's own count is held against the wire. */
    private int sent(SimulatedTenant tenant) {
        return partner.simulator.journal().requests(tenant.id()).size();
    }
}
