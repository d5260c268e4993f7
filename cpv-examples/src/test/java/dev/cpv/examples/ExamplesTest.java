package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.testing.FakeTenantDirectory;
import dev.cpv.testing.ManualClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
    private static final String TENANT = "0b7d5f4e-6c1a-4f0e-9d53-1a2b3c4d5e6f";

    private final RequiredPermissionSet required = RequiredPermissionSet.builder("tool")
            .application(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .build();
    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);

    @Test
    void whatIsApprovedIsApplied() {
        CpvResult result = new ApprovedRefresh(CpvClient.create(directory, required), text -> true).run(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(directory.tenant(TENANT).appRoles()).hasSize(1);
    }

    @Test
    void whatIsNotApprovedIsNotApplied() {
        CpvResult result = new ApprovedRefresh(CpvClient.create(directory, required), text -> false).run(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertThat(directory.tenant(TENANT).appRoles()).isEmpty();
    }

    @Test
    void aPlanIsStaleOnceTheTenantChanged() {
        directory.tenant(TENANT).consent();
        UUID role = FakeTenantDirectory.roleId(AppId.MICROSOFT_GRAPH, "User.Read.All");

        CpvResult result = new ApprovedRefresh(CpvClient.create(directory, required), text -> {
                    directory.tenant(TENANT).grantAppRole(AppId.MICROSOFT_GRAPH, role);
                    return true;
                })
                .run(TENANT);

        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.PLAN_STALE);
    }

    @Test
    void profilesDependOnTheTenant() {
        TenantId withMailboxes = TenantId.of(TENANT);
        TenantId without = TenantId.of("7c2e9a10-3b4d-4c5e-8f60-0123456789ab");
        CpvClient client = LicenceProfiles.client(directory, withMailboxes::equals);
        AppId exchange = AppId.of("00000002-0000-0ff1-ce00-000000000000");

        assertThat(client.preview(withMailboxes).permissions())
                .anyMatch(permission -> permission.permission().resource().equals(exchange));
        assertThat(client.preview(without).permissions())
                .noneMatch(permission -> permission.permission().resource().equals(exchange));
    }

    @Test
    void theListenerCountsOutcomes() {
        MetricsListener metrics = new MetricsListener();
        CpvClient client =
                CpvClient.builder(directory, required).addListener(metrics).build();

        client.refresh(TENANT);
        client.refresh(TENANT);

        assertThat(metrics.count(RefreshOutcome.UPDATED)).isEqualTo(1);
        assertThat(metrics.count(RefreshOutcome.UP_TO_DATE)).isEqualTo(1);
        assertThat(metrics.count(RefreshOutcome.FAILED)).isZero();
    }

    @Test
    void aLateConsentTakesNoRealTime() {
        // tag::clock
        ManualClock time = new ManualClock(Instant.parse("2026-11-20T00:00:00Z"));
        directory.tenant(TENANT).consentVisibleAfter(3); // not visible for the first three looks
        CpvClient client =
                CpvClient.builder(directory, required).clock(time).sleeper(time).build();

        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        // end::clock
    }

    @Test
    void R34_twoClientsThatShareAJournalDoNotMeetAtATenant(@TempDir Path folder) {
        // tag::journal
        RefreshJournal journal = FileRefreshJournal.open(folder.resolve("journal"));
        CpvClient client = CpvClient.builder(directory, required)
                .journal(journal)
                .name("nightly@host")
                .build();
        // end::journal
        Lease another = journal.acquire(
                        TenantId.of(TENANT), "manual work", Clock.systemUTC().instant(), Duration.ofMinutes(10))
                .orElseThrow();

        assertThat(client.refresh(TENANT).failure()).map(CpvFailure::code).contains(FailureCode.TENANT_BUSY);

        journal.release(another);
        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void readingBackCostsOneMoreLook() {
        TenantId tenant = TenantId.of(TENANT);
        CpvClient client = CpvClient.create(directory, required);
        // tag::readback
        CpvResult result =
                client.refresh(tenant, RefreshOptions.defaults().withVerification(WriteVerification.READ_BACK));
        // end::readback

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(client.refresh(tenant).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }
}
