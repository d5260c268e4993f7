package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StepTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final AppId API = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    private static final UUID ROLE = UUID.fromString("ea8291d3-4b9a-44b5-bc3a-6cea3026dc79");
    private static final List<Step> ONE_OF_EACH = List.of(
            new PlanStep.Consent(AppId.MICROSOFT_GRAPH, List.of("User.Read")),
            new PlanStep.AddResource(API),
            new PlanStep.AssignAppRole(API, ROLE),
            new PlanStep.RevokeAppRole(API, ROLE),
            new PlanStep.SetScopes(API, List.of("Machine.Read"), List.of()),
            new PlanStep.MergeGrants(API, List.of("Machine.Read"), List.of()),
            new ResetStep.RemoveConsent(),
            new ResetStep.DeleteServicePrincipal(),
            new ResetStep.RestoreAssignment(new PrincipalAssignment.GroupMembership("g-1", "Partners")));

    @Test
    void everyKindIsThatOfOneStep() {
        assertThat(ONE_OF_EACH).extracting(Step::kind).containsExactly(StepKind.values());
    }

    /** They stand in files: one that changes makes approved plans unreadable. */
    @Test
    void wireNamesNeverChange() {
        assertThat(Stream.of(StepKind.values()).map(StepKind::wireName))
                .containsExactly(
                        "consent",
                        "add-resource",
                        "assign-app-role",
                        "revoke-app-role",
                        "set-scopes",
                        "merge-grants",
                        "remove-consent",
                        "delete-service-principal",
                        "restore-assignment");
        assertThat(Stream.of(PrincipalAssignment.Kind.values()).map(PrincipalAssignment.Kind::wireName))
                .containsExactly("user-grant", "app-assignment", "directory-role", "group-membership");
    }

    @ParameterizedTest
    @EnumSource
    void aKindIsFoundByItsWireName(StepKind kind) {
        assertThat(StepKind.ofWireName(kind.wireName())).contains(kind);
        assertThat(StepKind.ofWireName(kind.name())).isEmpty();
    }

    @Test
    void aResetStepIsNoStepOfAPlanThatIsRead() {
        String json = plan(PlanNames.NONE).toJson().replace("assign-app-role", "delete-service-principal");

        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> CpvRefreshPlan.fromJson(json))
                .satisfies(e -> assertThat(e.path()).isEqualTo("$.steps[0].step"));
    }

    @Test
    void stepIsDescribedByNamesWithTheId() {
        PlanNames names = names("Microsoft Defender", "Machine.Read.All");

        assertThat(ONE_OF_EACH.get(2).describe(names))
                .isEqualTo("assign app role Machine.Read.All (" + ROLE + ") of Microsoft Defender (" + API + ")");
        assertThat(ONE_OF_EACH.get(2).describe()).isEqualTo("assign app role " + ROLE + " of " + API);
        assertThat(ONE_OF_EACH.get(1).describe(names)).isEqualTo("add resource Microsoft Defender (" + API + ")");
        assertThat(ONE_OF_EACH.get(4).describe(names))
                .isEqualTo("set scopes of Microsoft Defender (" + API + "): Machine.Read");
    }

    @Test
    void planIsPrintedWithTheNamesThatWereSeen() {
        ObservedTenant observed = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(
                        API,
                        "Microsoft Defender",
                        true,
                        ResourceDefinition.ofTenant(List.of(new AppRole(ROLE, "Machine.Read.All", true)), List.of())))
                .build();
        RequiredPermissionSet required = RequiredPermissionSet.builder("test")
                .application(API, ROLE.toString())
                .build();

        CpvRefreshPlan plan =
                CpvRefreshPlan.between(required, observed, ExtraGrants.KEEP).withTenantName("Contoso");

        assertThat(plan.toText())
                .isEqualTo("Tenant Contoso (" + TENANT + "): 1 step\n  assign app role Machine.Read.All (" + ROLE
                        + ") of Microsoft Defender (" + API + ")");
        assertThat(plan.toJson())
                .contains("\"tenant\":\"Contoso\"")
                .contains("\"resource\":\"Microsoft Defender\"")
                .contains("\"appRole\":\"Machine.Read.All\"");
    }

    @Test
    void namesAreOutsideEqualityAndDigest() {
        CpvRefreshPlan approved = plan(names("Microsoft Defender", "Machine.Read.All"));
        CpvRefreshPlan renamed = plan(names("Defender XDR", "Machine.Read.Everything"));

        assertThat(renamed).isEqualTo(approved).hasSameHashCodeAs(approved);
        assertThat(renamed.digest()).isEqualTo(approved.digest());
        assertThat(renamed.withTenantName("Fabrikam")).isEqualTo(approved);
    }

    @Test
    void namesComeBackFromJson() {
        CpvRefreshPlan plan =
                plan(names("Microsoft Defender", "Machine.Read.All")).withTenantName("Contoso");

        assertThat(CpvRefreshPlan.fromJson(plan.toJson()).names()).isEqualTo(plan.names());
        assertThat(CpvRefreshPlan.fromJson(plan(PlanNames.NONE).toJson()).names())
                .isEqualTo(PlanNames.NONE);
    }

    /** Who approves a text reads the names, so a text with another name is not what was printed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Contoso\"                            | \"Fabrikam\"",
                "\"tenant\":\"Contoso\",                | ``",
                "\"resource\":\"Microsoft Defender\"    | \"resource\":\"Harmless\"",
                "\"appRole\":\"Machine.Read.All\"       | \"appRole\":\"Harmless.Read\"",
                ",\"appRole\":\"Machine.Read.All\"      | ``",
                "\"step\":\"set-scopes\"                | \"step\":\"set-scopes\",\"appRole\":\"Harmless.Read\""
            })
    void aTextWithAnotherNameIsRefused(String printed, String edited) {
        CpvRefreshPlan plan = new CpvRefreshPlan(
                        TENANT,
                        ExtraGrants.KEEP,
                        "f",
                        List.of(
                                new PlanStep.AssignAppRole(API, ROLE),
                                new PlanStep.SetScopes(API, List.of("Machine.Read"), List.of())),
                        names("Microsoft Defender", "Machine.Read.All"))
                .withTenantName("Contoso");
        // The first place alone: the name of the resource stands in the second step too.
        String text = plan.toJson().replaceFirst(Pattern.quote(printed), Matcher.quoteReplacement(edited));

        assertThat(text).isNotEqualTo(plan.toJson());
        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> CpvRefreshPlan.fromJson(text))
                .withMessageContaining("A name in the plan was changed since it was printed")
                .satisfies(e -> assertThat(e.path()).isEqualTo("$.namesDigest"));
    }

    @Test
    void aRenamedGroupIsTheSameAssignment() {
        assertThat(new PrincipalAssignment.GroupMembership("g-1", "Partners"))
                .isEqualTo(new PrincipalAssignment.GroupMembership("g-1", "Old partners"))
                .hasSameHashCodeAs(new PrincipalAssignment.GroupMembership("g-1", "Old partners"))
                .isNotEqualTo(new PrincipalAssignment.GroupMembership("g-2", "Partners"));
        assertThat(new PrincipalAssignment.DirectoryRole(ROLE, "Readers"))
                .isEqualTo(new PrincipalAssignment.DirectoryRole(ROLE, ""))
                .hasSameHashCodeAs(new PrincipalAssignment.DirectoryRole(ROLE, ""))
                .isNotEqualTo(new PrincipalAssignment.DirectoryRole(API.value(), "Readers"));
        assertThat(new PrincipalAssignment.AppAssignment("p-1", ROLE, "Ann"))
                .isEqualTo(new PrincipalAssignment.AppAssignment("p-1", ROLE, "Ann Smith"))
                .hasSameHashCodeAs(new PrincipalAssignment.AppAssignment("p-1", ROLE, "Ann Smith"))
                .isNotEqualTo(new PrincipalAssignment.AppAssignment("p-1", API.value(), "Ann"));
    }

    private static PlanNames names(String resource, String appRole) {
        return new PlanNames(
                "", Map.of(API, resource), Map.of(PlanNames.appRole(new AssignedAppRole(API, ROLE)), appRole));
    }

    private static CpvRefreshPlan plan(PlanNames names) {
        return new CpvRefreshPlan(TENANT, ExtraGrants.KEEP, "f", List.of(new PlanStep.AssignAppRole(API, ROLE)), names);
    }
}
