package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.TenantRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is asked before a plan is carried out (R35), and what counts as an attempt. */
class PlanApprovalTest {
    private final Fixture fixture = new Fixture();
    private final List<CpvRefreshPlan> asked = new ArrayList<>();
    private final CpvFailure refusal = CpvFailure.of(FailureCode.RUN_CHANGES_TOO_MUCH, "Not today");
    private final RefreshOptions refusing = RefreshOptions.defaults().withApproval(plan -> {
        asked.add(plan);
        return Optional.of(refusal);
    });

    @Test
    void R35_refusedConsentIsNotGivenAndNoAttempt() {
        CpvResult result = fixture.client.refresh(Fixture.TENANT, refusing);

        assertThat(result.failure()).contains(refusal);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(asked).singleElement().matches(CpvRefreshPlan::needsConsent);
        assertThat(fixture.writes()).isEmpty();
        assertThat(fixture.tenant.isConsented()).isFalse();
        assertThat(fixture.journal.find(Fixture.TENANT)).isEmpty();
    }

    @Test
    void R35_refusedChangeIsNotMade() {
        fixture.consented();
        CpvResult result = fixture.client.refresh(Fixture.TENANT, refusing);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(fixture.writes()).isEmpty();
        assertThat(fixture.journal.find(Fixture.TENANT)).isEmpty();
    }

    @Test
    void R35_tenantInSyncAsksNobody() {
        fixture.inSync();

        assertThat(fixture.client.refresh(Fixture.TENANT, refusing).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(asked).isEmpty();
    }

    @Test
    void R28_whatAilsThePartnerIsNotRecordedOfTheTenant() {
        fixture.inSync();
        fixture.client.refresh(Fixture.TENANT);
        Optional<TenantRecord> before = fixture.journal.find(Fixture.TENANT);
        fixture.clock.advance(java.time.Duration.ofDays(1));
        fixture.tenant.failNext(Fixture.failure(FailureCode.CLIENT_SECRET_EXPIRED));

        assertThat(fixture.client.refresh(Fixture.TENANT).outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(fixture.journal.find(Fixture.TENANT)).isEqualTo(before);
    }
}
