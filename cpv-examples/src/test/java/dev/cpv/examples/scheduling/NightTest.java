package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import org.junit.jupiter.api.Test;

class NightTest {
    private final Customers customers = new Customers();

    @Test
    void everyTenantIsRefreshed() {
        customers.night.run();
        customers.night.run();

        assertThat(customers.outcomes().subList(0, 5)).containsOnly(RefreshOutcome.UPDATED);
        assertThat(customers.outcomes().subList(5, 10)).containsOnly(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void R28_aPartnerWideFailureStopsTheNight() {
        customers
                .directory
                .tenant(customers.tenants.get(1).toString())
                .failNext(CpvFailure.of(FailureCode.REFRESH_TOKEN_REVOKED, "Revoked"));

        customers.night.run();

        assertThat(customers.outcomes())
                .containsExactly(
                        RefreshOutcome.UPDATED,
                        RefreshOutcome.FAILED,
                        RefreshOutcome.NOT_ATTEMPTED,
                        RefreshOutcome.NOT_ATTEMPTED,
                        RefreshOutcome.NOT_ATTEMPTED);
    }
}
