package dev.cpv.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResetStep;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the fake does beyond the rules of the port, for those who test with it. */
class FakeTenantDirectoryTest {
    private static final AppId API = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    private static final TenantId TENANT = new TenantId(new UUID(1, 1));
    private static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("test")
            .application(API, "Machine.Read.All")
            .application(API, "11111111-0000-4000-8000-000000000001")
            .delegated(API, "22222222-0000-4000-8000-000000000001")
            .delegated(API, "Machine.Read")
            .build();

    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(REQUIRED);
    private final CpvClient client = CpvClient.create(directory, REQUIRED);

    @Test
    void offersAllThatIsRequired() {
        CpvResult result = client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(directory.tenant(TENANT).appRoles())
                .extracting(role -> role.appRoleId())
                .containsExactlyInAnyOrder(
                        FakeTenantDirectory.roleId(API, "Machine.Read.All"),
                        UUID.fromString("11111111-0000-4000-8000-000000000001"));
        assertThat(directory.tenant(TENANT).scopes(API))
                .containsExactly("Machine.Read", "Permission.22222222-0000-4000-8000-000000000001");
    }

    @Test
    void aUsersGrantIsGivenBackBesideWhatTheUserGrantedMeanwhile() {
        FakeTenant tenant = directory.tenant(TENANT).consent().grantScopesToUser("ann", API, "Mail.Send");
        PrincipalAssignment grant = new PrincipalAssignment.UserGrant("ann", API, List.of("Mail.Read"));

        for (StepResult.Status expected : List.of(StepResult.Status.APPLIED, StepResult.Status.UNCHANGED)) {
            directory
                    .open(start())
                    .restore(
                            List.of(grant),
                            (step, result) -> assertThat(result.status()).isEqualTo(expected));
            assertThat(tenant.assignments())
                    .containsExactly(new PrincipalAssignment.UserGrant("ann", API, List.of("Mail.Read", "Mail.Send")));
        }
    }

    @Test
    void R19_theRightsOfAResetEndWithTheAnswerForTheDeletion() {
        FakeTenant tenant = directory.tenant(TENANT).consent();
        tenant.failNext(
                new ResetStep.DeleteServicePrincipal(),
                CpvFailure.of(FailureCode.DELEGATED_ADMIN_ROLE_MISSING, "Not yours"));
        TenantSession session = directory.open(start());
        session.snapshot();

        session.removeConsent();
        session.deleteServicePrincipal();

        assertThat(session.deleteServicePrincipal().failure().orElseThrow().code())
                .isEqualTo(FailureCode.CONSENT_MISSING);
        assertThat(tenant.hasServicePrincipal()).isTrue();
    }

    private static RefreshContext start() {
        return RefreshContext.start(TENANT, TenantRoute.CUSTOMER, RefreshOptions.defaults(), Instant.EPOCH);
    }

    @Test
    void callsAreRecordedByTenant() {
        TenantId other = new TenantId(new UUID(2, 2));
        client.preview(TENANT);
        client.preview(other);

        assertThat(directory.calls())
                .extracting(FakeTenantDirectory.Call::tenant)
                .containsExactly(TENANT, other);
        assertThat(directory.calls(other))
                .extracting(FakeTenantDirectory.Call::kind)
                .containsExactly(Kind.OBSERVE);
    }

    @Test
    void callAndStepFailAsOftenAsTold() {
        PlanStep step = new PlanStep.AddResource(API);
        CpvFailure failure = CpvFailure.of(FailureCode.WRITE_CONFLICT, "On purpose");
        FakeTenant tenant = directory.tenant(TENANT).consent().withoutResource(API);
        tenant.failNext(CpvFailure.of(FailureCode.THROTTLED, "On purpose"));
        tenant.failNext(step, failure).failNext(step, failure);

        List<RefreshOutcome> outcomes = List.of(
                client.refresh(TENANT).outcome(),
                client.refresh(TENANT).outcome(),
                client.refresh(TENANT).outcome(),
                client.refresh(TENANT).outcome(),
                client.refresh(TENANT).outcome());

        assertThat(outcomes)
                .containsExactly(
                        RefreshOutcome.FAILED,
                        RefreshOutcome.PARTIAL,
                        RefreshOutcome.PARTIAL,
                        RefreshOutcome.UPDATED,
                        RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void deletedApplicationIsConsentedAgain() {
        client.refresh(TENANT);
        directory.tenant(TENANT).deleteApplication();
        assertThat(directory.tenant(TENANT).isConsented()).isFalse();

        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void domainsAreResolvedInAnyCase() {
        directory.addDomain("Contoso.com", TENANT);

        assertThat(directory.resolve("contoso.COM")).isEqualTo(TENANT);
        assertThatExceptionOfType(TenantDirectoryException.class)
                .isThrownBy(() -> directory.resolve("fabrikam.com"))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(FailureCode.TENANT_NOT_RESOLVED));
    }
}
