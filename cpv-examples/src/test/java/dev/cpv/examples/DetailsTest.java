package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetailsTest {
    private static final String TENANT = "0b7d5f4e-6c1a-4f0e-9d53-1a2b3c4d5e6f";
    private static final AppId EXCHANGE = AppId.of("00000002-0000-0ff1-ce00-000000000000");

    private final RequiredPermissionSet required = RequiredPermissionSet.builder("tool")
            .application(AppId.MICROSOFT_GRAPH, "User.Read.All")
            .application(EXCHANGE, "Exchange.ManageAsApp")
            .application(EXCHANGE, "Calendars.ReadWrite.All")
            .build();
    private final FakeTenantDirectory directory = FakeTenantDirectory.offering(required);
    private final FakeTenant tenant = directory.tenant(TENANT).consent();
    private final CpvClient client = CpvClient.create(directory, required);

    @Test
    void whatWasAddedIsNamedByResource() {
        assertThat(refresh())
                .contains("added: Microsoft Graph: app role User.Read.All and scopes"
                        + " DelegatedPermissionGrant.ReadWrite.All, AppRoleAssignment.ReadWrite.All,"
                        + " Application.ReadWrite.All")
                .anyMatch(line -> line.startsWith("added: Office 365 Exchange Online: app roles "));
    }

    @Test
    void whatIsNotOfferedIsToldApart() {
        tenant.publish(EXCHANGE, ResourceDefinition.ofTenant(List.of(), List.of()));

        assertThat(refresh())
                .anyMatch(line -> line.startsWith("not offered: Office 365 Exchange Online ")
                        && line.contains("Exchange.ManageAsApp"))
                .anyMatch(line -> line.startsWith("added: Microsoft Graph: app role User.Read.All"));
    }

    @Test
    void aFailedPermissionSaysWhatToDo() {
        PlanStep step =
                new PlanStep.AssignAppRole(EXCHANGE, FakeTenantDirectory.roleId(EXCHANGE, "Exchange.ManageAsApp"));
        tenant.failNext(
                step,
                CpvFailure.builder(FailureCode.DELEGATED_ADMIN_ROLE_MISSING, "Insufficient privileges")
                        .serviceCode("Authorization_RequestDenied")
                        .requestId("5f2c")
                        .build());

        assertThat(refresh())
                .contains("failed: Office 365 Exchange Online: app role Exchange.ManageAsApp."
                        + " DELEGATED_ADMIN_ROLE_MISSING (Authorization_RequestDenied): Insufficient privileges"
                        + " [request 5f2c]")
                .anyMatch(line -> line.startsWith("to do: Partner: Assign Cloud Application Administrator "));
    }

    @Test
    void aFailureOfTheWholeIsToldOnce() {
        tenant.failNext(CpvFailure.of(FailureCode.SERVICE_UNAVAILABLE, "HTTP 503"));

        assertThat(refresh())
                .containsExactly(
                        "failed: SERVICE_UNAVAILABLE: HTTP 503",
                        "to do: Nobody: Refresh again later. A retry may succeed.");
    }

    @Test
    void aDisabledResourceIsANotice() {
        tenant.withDisabledResource(EXCHANGE);

        assertThat(refresh()).anyMatch(line -> line.startsWith("notice: Office 365 Exchange Online: "));
    }

    @Test
    void whatIsRevokedIsToldApartFromWhatIsKept() {
        tenant.grantScopes(AppId.MICROSOFT_GRAPH, "Notes.Read");

        assertThat(refresh()).contains("extra, kept: Microsoft Graph: scope Notes.Read");
        assertThat(Details.of(client.refresh(TENANT, RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE))))
                .contains("extra, revoked: Microsoft Graph: scope Notes.Read");
    }

    @Test
    void aPlanIsReadable() {
        RequiredPermissionSet byId = RequiredPermissionSet.builder("manifest")
                .application(EXCHANGE, "dc50a0fb-09a3-484d-be87-e023b12c6440")
                .build();
        FakeTenantDirectory fake = FakeTenantDirectory.offering(byId);
        fake.tenant(TENANT).consent();
        CpvResult preview = CpvClient.create(fake, byId).preview(TenantId.of(TENANT));

        assertThat(Details.of(preview)).first().isEqualTo("would do: 2 steps");
        assertThat(Details.of(preview.withTenantName("Contoso")))
                .containsExactly(
                        "would do in Contoso: 2 steps",
                        "- assign app role Permission.dc50a0fb-09a3-484d-be87-e023b12c6440"
                                + " (dc50a0fb-09a3-484d-be87-e023b12c6440) of Office 365 Exchange Online (" + EXCHANGE
                                + ")",
                        "- set scopes of Microsoft Graph (" + AppId.MICROSOFT_GRAPH
                                + "): AppRoleAssignment.ReadWrite.All Application.ReadWrite.All"
                                + " DelegatedPermissionGrant.ReadWrite.All");
    }

    @Test
    void longLinesAreBrokenAtBlanks() {
        String text = TablePrinter.wrapped("failed: " + "word ".repeat(40).strip());

        assertThat(text.lines()).hasSize(2).allMatch(line -> line.length() <= 116);
        assertThat(text.replaceAll("\\s+", " ").strip())
                .isEqualTo("failed: " + "word ".repeat(40).strip());
    }

    private List<String> refresh() {
        return Details.of(client.refresh(TENANT));
    }
}
