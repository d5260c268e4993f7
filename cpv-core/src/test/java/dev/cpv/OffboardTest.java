package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.ResetStep;
import dev.cpv.model.Step;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantRecord;
import org.junit.jupiter.api.Test;

/** A customer leaves: the application goes, and the result proves it. */
class OffboardTest {
    private static final Step CONSENT = new ResetStep.RemoveConsent();
    private static final Step PRINCIPAL = new ResetStep.DeleteServicePrincipal();

    private final Fixture fixture = new Fixture();

    @Test
    void consentAndServicePrincipalGoWithProofAndTheJournalTellsWhoDidIt() {
        fixture.inSync();
        CpvResult result = fixture.client.offboard(
                Fixture.TENANT, RefreshOptions.defaults().withActor("ann").withReason("Contract ended"));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.OFFBOARDED);
        assertThat(result.orElseThrow()).isSameAs(result);
        assertThat(result.steps().keySet()).containsExactly(CONSENT, PRINCIPAL);
        assertThat(result.steps().values()).allMatch(StepResult::isDone);
        assertThat(result.permissions()).isEmpty();
        assertThat(fixture.tenant.hasServicePrincipal()).isFalse();
        assertThat(fixture.tenant.isConsented()).isFalse();
        TenantRecord record = fixture.journal.find(Fixture.TENANT).orElseThrow();
        assertThat(record.lastOutcome()).isEqualTo(RefreshOutcome.OFFBOARDED);
        assertThat(record.actor()).contains("ann");
        assertThat(record.reason()).contains("Contract ended");
    }

    @Test
    void again_nothingIsLeftToRemove() {
        assertThat(fixture.client.offboard(Fixture.TENANT).outcome()).isEqualTo(RefreshOutcome.OFFBOARDED);
        assertThat(fixture.client.offboard(Fixture.TENANT).outcome()).isEqualTo(RefreshOutcome.OFFBOARDED);
        assertThat(fixture.tenant.isConsented())
                .as("nothing was consented to on the way")
                .isFalse();
    }

    @Test
    void whatIsRefusedOrNotConfirmedIsNotCalledGone() {
        fixture.inSync();
        fixture.tenant.failNext(CONSENT, Fixture.failure(FailureCode.PARTNER_CENTER_ACCESS_DENIED));
        CpvResult refused = fixture.client.offboard(Fixture.TENANT);
        assertThat(refused.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(refused.failure().orElseThrow().code()).isEqualTo(FailureCode.PARTNER_CENTER_ACCESS_DENIED);
        assertThat(fixture.tenant.hasServicePrincipal()).isTrue();

        fixture.tenant.failNext(PRINCIPAL, Fixture.failure(FailureCode.RESET_NOT_CONFIRMED));
        CpvResult unconfirmed = fixture.client.offboard(Fixture.TENANT);
        assertThat(unconfirmed.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(unconfirmed.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_NOT_CONFIRMED);

        assertThat(fixture.tenant.hasServicePrincipal()).isTrue();
        assertThat(fixture.client.offboard(Fixture.TENANT).outcome())
                .as("what was left without consent is removed by the next call")
                .isEqualTo(RefreshOutcome.OFFBOARDED);
        assertThat(fixture.tenant.hasServicePrincipal()).isFalse();
    }

    @Test
    void whereTheDeletionFailsInPassingNothingIsConsentedToAgain() {
        fixture.tenant.failNext(PRINCIPAL, Fixture.failure(FailureCode.NETWORK_FAILURE));
        CpvResult failed = fixture.client.offboard(Fixture.TENANT);

        assertThat(failed.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(failed.failure().orElseThrow().code()).isEqualTo(FailureCode.NETWORK_FAILURE);
        assertThat(fixture.tenant.isConsented()).isFalse();
        assertThat(fixture.client.offboard(Fixture.TENANT).outcome()).isEqualTo(RefreshOutcome.OFFBOARDED);
    }

    @Test
    void aRefreshByHandBringsTheApplicationBack() {
        fixture.inSync();
        fixture.client.offboard(Fixture.TENANT);

        assertThat(fixture.client.refresh(Fixture.TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }
}
