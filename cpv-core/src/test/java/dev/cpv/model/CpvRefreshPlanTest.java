package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.model.AssessedPermission.Standing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plan as a pure function: what is required and what was seen in, steps out. */
class CpvRefreshPlanTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final AppId API = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    private static final AppId OTHER = AppId.of("00000002-0000-0ff1-ce00-000000000000");
    private static final UUID ROLE = UUID.fromString("11111111-0000-4000-8000-000000000001");
    private static final UUID ROLE_2 = UUID.fromString("11111111-0000-4000-8000-000000000002");
    private static final UUID ROLE_OFF = UUID.fromString("11111111-0000-4000-8000-000000000003");
    private static final UUID SCOPE = UUID.fromString("22222222-0000-4000-8000-000000000001");
    private static final UUID SCOPE_2 = UUID.fromString("22222222-0000-4000-8000-000000000002");
    private static final List<AppRole> ROLES = List.of(
            new AppRole(ROLE, "Thing.Read.All", true),
            new AppRole(ROLE_2, "Thing.Write.All", true),
            new AppRole(ROLE_OFF, "Thing.Users", false));
    private static final List<PublishedScope> SCOPES =
            List.of(new PublishedScope(SCOPE, "Thing.Read"), new PublishedScope(SCOPE_2, "Thing.Write"));
    private static final ResourceDefinition OWN = ResourceDefinition.ofTenant(ROLES, SCOPES);

    // Required permissions

    @Test
    void R1_roleMustResolveButScopeMayBeUnpublished() {
        RequiredPermissionSet required = set().application(API, "Thing.Read.All")
                .application(API, "Never.Published")
                .delegated(API, "Also.Never.Published")
                .build();

        Assessment assessment = assess(required, tenant().resource(present(API)));

        assertThat(standing(assessment, "Never.Published")).isEqualTo(Standing.NOT_OFFERED);
        assertThat(assessment.plan().steps())
                .containsExactly(new PlanStep.AssignAppRole(API, ROLE), scopes(API, "Also.Never.Published"));
    }

    @Test
    void R1_scopeGuidThatDoesNotResolveIsNeverWrittenAsText() {
        String unknown = "22222222-0000-4000-8000-00000000dead";
        RequiredPermissionSet required =
                set().delegated(API, unknown).delegated(API, SCOPE.toString()).build();

        Assessment assessment = assess(required, tenant().resource(present(API)));

        assertThat(standing(assessment, unknown)).isEqualTo(Standing.NOT_OFFERED);
        assertThat(assessment.plan().steps()).containsExactly(scopes(API, "Thing.Read"));
        assertThat(assessment.plan().toJson()).doesNotContain(unknown);
    }

    @ParameterizedTest
    @EnumSource(
            value = TenantRoute.class,
            names = {"CUSTOMER", "DIRECT"})
    void R3_partnerCenterIsLeftOutInCustomerTenants(TenantRoute route) {
        Assessment assessment = Assessment.of(partnerCenter(), seenPartnerCenter(route), ExtraGrants.KEEP);

        assertThat(assessment.plan().steps()).isEmpty();
        assertThat(assessment.permissions()).singleElement().satisfies(permission -> {
            assertThat(permission.standing()).isEqualTo(Standing.NOT_APPLICABLE);
            assertThat(permission.reason())
                    .hasValueSatisfying(reason -> assertThat(reason.code()).isEqualTo(FailureCode.PARTNER_RESOURCE));
        });
    }

    @Test
    void R3_whatIsLeftOutIsAnExtraHoweverItIsNamed() {
        RequiredPermissionSet required = set().application(AppId.PARTNER_CENTER, ROLE.toString())
                .application(AppId.PARTNER_CENTER, "Other.Role")
                .delegated(AppId.PARTNER_CENTER, "user_impersonation")
                .build();
        ObservedTenant seen = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(present(AppId.PARTNER_CENTER))
                .appRole(new AssignedAppRole(AppId.PARTNER_CENTER, ROLE))
                .grant(new TenantWideGrant(AppId.PARTNER_CENTER, List.of("user_impersonation")))
                .build();

        Assessment assessment = Assessment.of(required, seen, ExtraGrants.REVOKE);

        assertThat(assessment.extras())
                .extracting(ExtraPermission::type)
                .containsExactlyInAnyOrder(PermissionType.APPLICATION, PermissionType.DELEGATED);
        assertThat(assessment.plan().steps())
                .containsExactly(
                        new PlanStep.RevokeAppRole(AppId.PARTNER_CENTER, ROLE),
                        new PlanStep.SetScopes(AppId.PARTNER_CENTER, List.of(), List.of("user_impersonation")));
    }

    @Test
    void R12_aSpellingIsNotRewrittenWhereThePublishedOneIsUnknown() {
        RequiredPermissionSet required = set().delegated(API, "thing.read").build();
        ObservedTenant seen = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(API, "API", true, null))
                .grant(new TenantWideGrant(API, List.of("Thing.Read", "thing.READ")))
                .build();

        Assessment assessment = Assessment.of(required, seen, ExtraGrants.KEEP);

        assertThat(standing(assessment, "thing.read")).isEqualTo(Standing.GRANTED);
        assertThat(assessment.plan().steps()).containsExactly(scopes(API, "Thing.Read"));
        assertThat(CpvRefreshPlan.between(required, seen.after(scopes(API, "Thing.Read"), null), ExtraGrants.KEEP)
                        .steps())
                .isEmpty();
    }

    @Test
    void R3_partnerCenterIsKeptInThePartnerTenant() {
        assertThat(CpvRefreshPlan.between(partnerCenter(), seenPartnerCenter(TenantRoute.PARTNER), ExtraGrants.KEEP)
                        .steps())
                .containsExactly(scopes(AppId.PARTNER_CENTER, "user_impersonation"));
    }

    @Test
    void R3_whatIsLeftOutIsNotAddedToTheTenantEither() {
        ObservedTenant seen = tenant().resource(ObservedResource.absent(AppId.PARTNER_CENTER, "", null))
                .build();

        assertThat(CpvRefreshPlan.between(partnerCenter(), seen, ExtraGrants.KEEP)
                        .steps())
                .isEmpty();
    }

    private static RequiredPermissionSet partnerCenter() {
        return set().delegated(AppId.PARTNER_CENTER, "user_impersonation").build();
    }

    private static ObservedTenant seenPartnerCenter(TenantRoute route) {
        return ObservedTenant.builder(TENANT, route)
                .resource(present(AppId.PARTNER_CENTER))
                .build();
    }

    // Consent

    @Test
    void R5_consentIsForMicrosoftGraphAloneWithTheBootstrapScopes() {
        RequiredPermissionSet required =
                set().delegated(API, "Thing.Read").build().plus(RequiredPermissionSet.bootstrap());

        CpvRefreshPlan plan = CpvRefreshPlan.between(required, notConsented(), ExtraGrants.KEEP);

        assertThat(plan.needsConsent()).isTrue();
        assertThat(plan.steps().get(0))
                .isEqualTo(new PlanStep.Consent(
                        AppId.MICROSOFT_GRAPH,
                        RequiredPermissionSet.bootstrapScopes().stream()
                                .map(PublishedScope::value)
                                .toList()));
        assertThat(plan.steps()).as("what is expected after it").contains(scopes(API, "Thing.Read"));
        assertThat(plan.steps().subList(1, plan.steps().size())).noneMatch(PlanStep.Consent.class::isInstance);
    }

    @Test
    void R5_consentNamesTheValuesOfGraphsBootstrapScopesAndNothingElse() {
        PublishedScope known = RequiredPermissionSet.bootstrapScopes().get(0);
        RequiredPermissionSet required = RequiredPermissionSet.builder(RequiredPermissionSet.BOOTSTRAP)
                .delegated(AppId.MICROSOFT_GRAPH, known.id().toString())
                .delegated(AppId.MICROSOFT_GRAPH, SCOPE.toString())
                .delegated(AppId.MICROSOFT_GRAPH, "22222222-0000-4000-8000-00000000dead")
                .delegated(AppId.MICROSOFT_GRAPH, "Directory.AccessAsUser.All")
                .application(AppId.MICROSOFT_GRAPH, "Thing.Read.All")
                .delegated(API, "Thing.Write")
                .build();
        ObservedTenant seen = notConsented(ObservedResource.unknown(AppId.MICROSOFT_GRAPH, "", OWN));

        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.KEEP)
                        .steps()
                        .get(0))
                .isEqualTo(new PlanStep.Consent(
                        AppId.MICROSOFT_GRAPH, List.of(known.value(), "Directory.AccessAsUser.All", "Thing.Read")));
    }

    @Test
    void R5_bootstrapScopesAreNeverExtraAndNeverRevoked() {
        RequiredPermissionSet required =
                set().delegated(API, "Thing.Read").build().plus(RequiredPermissionSet.bootstrap());
        ObservedTenant seen = tenant().resource(ObservedResource.present(
                        AppId.MICROSOFT_GRAPH,
                        "Microsoft Graph",
                        true,
                        ResourceDefinition.ofTenant(List.of(), RequiredPermissionSet.bootstrapScopes())))
                .resource(present(API))
                .grant(new TenantWideGrant(
                        AppId.MICROSOFT_GRAPH,
                        RequiredPermissionSet.bootstrapScopes().stream()
                                .map(PublishedScope::value)
                                .toList()))
                .grant(grant(API, "Thing.Read"))
                .build();

        Assessment assessment = Assessment.of(required, seen, ExtraGrants.REVOKE);

        assertThat(assessment.extras()).isEmpty();
        assertThat(assessment.plan().steps()).isEmpty();
    }

    // Application permissions

    @Test
    void R8_missingRolesAreAddedByResourceAndRole() {
        RequiredPermissionSet required = set().application(API, ROLE.toString())
                .application(API, "Thing.Write.All")
                .application(OTHER, ROLE.toString())
                .build();
        ObservedTenant.Builder seen = tenant().resource(present(API))
                .resource(present(OTHER))
                .appRole(new AssignedAppRole(OTHER, ROLE))
                .appRole(new AssignedAppRole(API, ROLE_2));

        assertThat(assess(required, seen).plan().steps())
                .as("the same role id on another resource is another role")
                .containsExactly(new PlanStep.AssignAppRole(API, ROLE));
    }

    @Test
    void R8_roleThatIsAskedForTwiceIsAssignedOnce() {
        RequiredPermissionSet required = set().application(API, ROLE.toString())
                .application(API, "Thing.Read.All")
                .build();

        assertThat(assess(required, tenant().resource(present(API))).plan().steps())
                .containsExactly(new PlanStep.AssignAppRole(API, ROLE));
    }

    @Test
    void R9_roleThatIsNotOfferedIsSaidOfThatRoleAlone() {
        RequiredPermissionSet required = set().application(API, ROLE.toString())
                .application(API, "33333333-0000-4000-8000-000000000001")
                .application(API, ROLE_OFF.toString())
                .build();

        Assessment assessment = assess(required, tenant().resource(present(API)));

        assertThat(standing(assessment, "33333333-0000-4000-8000-000000000001")).isEqualTo(Standing.NOT_OFFERED);
        assertThat(standing(assessment, ROLE_OFF.toString()))
                .as("a role for users alone cannot be assigned to an application")
                .isEqualTo(Standing.NOT_OFFERED);
        assertThat(assessment.plan().steps()).containsExactly(new PlanStep.AssignAppRole(API, ROLE));
    }

    @Test
    void R9_ofTwoRolesOfOneNameTheOneForApplicationsIsMeant() {
        AppRole forUsers = new AppRole(ROLE_OFF, "Thing.Read.All", false);
        AppRole forApplications = new AppRole(ROLE, "Thing.Read.All", true);
        RequiredPermissionSet required =
                set().application(API, "Thing.Read.All").build();

        for (List<AppRole> published :
                List.of(List.of(forUsers, forApplications), List.of(forApplications, forUsers))) {
            ResourceDefinition definition = ResourceDefinition.ofTenant(published, List.of());
            assertThat(assess(required, tenant().resource(ObservedResource.present(API, "", true, definition)))
                            .plan()
                            .steps())
                    .containsExactly(new PlanStep.AssignAppRole(API, ROLE));
        }
    }

    @Test
    void R9_messageSaysWhatIsNotOffered() {
        String unknown = "22222222-0000-4000-8000-00000000dead";
        RequiredPermissionSet required = set().application(API, "Never.Published")
                .delegated(API, unknown)
                .build();

        assertThat(assess(required, tenant().resource(ObservedResource.present(API, "Defender", true, OWN)))
                        .permissions())
                .extracting(permission -> permission.reason().orElseThrow().message())
                .containsExactly(
                        "Defender does not offer the app role Never.Published to applications in this tenant",
                        "Defender does not offer the scope " + unknown + " to applications in this tenant");
    }

    @Test
    void R9_notOfferedIsSaidOnlyByTheTenantsOwnDefinition() {
        RequiredPermissionSet required =
                set().application(API, "33333333-0000-4000-8000-000000000001").build();
        ObservedResource foreign =
                ObservedResource.present(API, "", true, ResourceDefinition.ofAnotherTenant(ROLES, SCOPES));

        Assessment assessment = assess(required, tenant().resource(foreign));

        assertThat(assessment.undefinedResources()).containsExactly(API);
        assertThat(assessment.permissions().get(0).standing()).isEqualTo(Standing.UNRESOLVED);
    }

    @Test
    void R10_extrasAreReportedAndKept() {
        Assessment assessment = assess(set().application(API, ROLE.toString()).build(), withExtras());

        assertThat(assessment.plan().steps()).isEmpty();
        assertThat(assessment.extras())
                .extracting(ExtraPermission::resource, ExtraPermission::type, ExtraPermission::value)
                .containsExactly(
                        tuple(OTHER, PermissionType.DELEGATED, "Thing.Write"),
                        tuple(API, PermissionType.APPLICATION, "Thing.Write.All"),
                        tuple(API, PermissionType.DELEGATED, "Thing.Read"));
    }

    @Test
    void R10_extrasAreRevokedOnlyUnderRevoke() {
        CpvRefreshPlan plan = CpvRefreshPlan.between(
                set().application(API, ROLE.toString()).build(), withExtras().build(), ExtraGrants.REVOKE);

        assertThat(plan.steps())
                .containsExactlyInAnyOrder(
                        new PlanStep.RevokeAppRole(API, ROLE_2),
                        new PlanStep.SetScopes(API, List.of(), List.of("Thing.Read")),
                        new PlanStep.SetScopes(OTHER, List.of(), List.of("Thing.Write")));
        assertThat(plan.steps()).noneMatch(PlanStep::isAddition);
    }

    @Test
    void R10_anAppRoleOfAResourceThatIsNotRequiredIsAnExtraToo() {
        ObservedTenant seen = tenant().resource(present(OTHER))
                .appRole(new AssignedAppRole(OTHER, ROLE))
                .build();

        Assessment assessment = Assessment.of(set().build(), seen, ExtraGrants.REVOKE);

        assertThat(assessment.extras())
                .extracting(ExtraPermission::resource, ExtraPermission::value)
                .containsExactly(tuple(OTHER, "Thing.Read.All"));
        assertThat(assessment.plan().steps()).containsExactly(new PlanStep.RevokeAppRole(OTHER, ROLE));
    }

    @Test
    void R10_roleOfTheSameNameIsAnExtraAllTheSame() {
        UUID twin = UUID.fromString("11111111-0000-4000-8000-00000000000f");
        ResourceDefinition definition = ResourceDefinition.ofTenant(
                List.of(new AppRole(ROLE, "Thing.Read.All", true), new AppRole(twin, "Thing.Read.All", true)),
                List.of());
        ObservedTenant.Builder seen = tenant().resource(ObservedResource.present(API, "", true, definition))
                .appRole(new AssignedAppRole(API, ROLE))
                .appRole(new AssignedAppRole(API, twin));
        UUID resolved = definition.appRole("Thing.Read.All").orElseThrow().id();
        UUID rest = resolved.equals(ROLE) ? twin : ROLE;

        assertThat(assess(set().application(API, rest.toString()).build(), seen).extras())
                .extracting(ExtraPermission::id)
                .containsExactly(resolved.toString());
    }

    @Test
    void R10_nothingIsRevokedWhileARequiredPermissionIsUnresolved() {
        RequiredPermissionSet required = set().application(API, "Thing.Read.All")
                .delegated(API, SCOPE.toString())
                .build();
        ObservedTenant seen = tenant().resource(ObservedResource.present(API, "", true, null))
                .appRole(new AssignedAppRole(API, ROLE))
                .grant(grant(API, "Thing.Read"))
                .build();

        Assessment assessment = Assessment.of(required, seen, ExtraGrants.REVOKE);

        assertThat(assessment.undefinedResources()).containsExactly(API);
        assertThat(assessment.plan().steps())
                .as("the role and the scope that are there may be the required ones")
                .isEmpty();
    }

    @Test
    void R10_anUnresolvedScopeKeepsNoRoleAndAnUnresolvedRoleNoScope() {
        ObservedTenant seen = tenant().resource(ObservedResource.present(API, "", true, null))
                .appRole(new AssignedAppRole(API, ROLE))
                .grant(grant(API, "Thing.Read"))
                .build();
        RequiredPermissionSet scope = set().delegated(API, SCOPE.toString()).build();
        RequiredPermissionSet role = set().application(API, "Thing.Read.All").build();

        assertThat(CpvRefreshPlan.between(scope, seen, ExtraGrants.REVOKE).steps())
                .containsExactly(new PlanStep.RevokeAppRole(API, ROLE));
        assertThat(CpvRefreshPlan.between(role, seen, ExtraGrants.REVOKE).steps())
                .containsExactly(new PlanStep.SetScopes(API, List.of(), List.of("Thing.Read")));
    }

    private static ObservedTenant.Builder withExtras() {
        return tenant().resource(present(API))
                .resource(present(OTHER))
                .appRole(new AssignedAppRole(API, ROLE))
                .appRole(new AssignedAppRole(API, ROLE_2))
                .grant(grant(API, "Thing.Read"))
                .grant(grant(OTHER, "Thing.Write"));
    }

    // Delegated permissions

    @Test
    void R12_scopesAreSplitOnAnyWhiteSpaceAndComparedAsSets() {
        RequiredPermissionSet required =
                set().delegated(API, "Thing.Write").delegated(API, "Thing.Read").build();
        TenantWideGrant odd = TenantWideGrant.parse(API, " Thing.Read\t\u000b\r\nThing.Write  Thing.Read ");

        assertThat(odd.scopes()).containsExactly("Thing.Read", "Thing.Write", "Thing.Read");
        assertThat(TenantWideGrant.parse(API, "").scopes()).isEmpty();
        assertThat(assess(required, tenant().resource(present(API)).grant(odd))
                        .plan()
                        .steps())
                .isEmpty();
    }

    @Test
    void R12_keepWritesTheUnionAndRevokeExactlyTheRequiredSet() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read").build();
        ObservedTenant seen = tenant().resource(present(API))
                .grant(grant(API, "Thing.Write", "Odd"))
                .build();

        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.KEEP).steps())
                .containsExactly(scopes(API, "Odd", "Thing.Read", "Thing.Write"));
        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.REVOKE).steps())
                .containsExactly(new PlanStep.SetScopes(API, List.of("Thing.Read"), List.of("Odd", "Thing.Write")));
    }

    @Test
    void R12_differenceInCaseAloneIsRewrittenOnceInThePublishedSpelling() {
        RequiredPermissionSet required = set().delegated(API, "thing.READ").build();
        ObservedTenant seen = tenant().resource(present(API))
                .grant(grant(API, "THING.read", "thing.write"))
                .build();

        Assessment first = Assessment.of(required, seen, ExtraGrants.KEEP);
        PlanStep step = scopes(API, "Thing.Read", "Thing.Write");
        Assessment second = Assessment.of(required, seen.after(step, null), ExtraGrants.KEEP);

        assertThat(first.permissions().get(0).standing()).isEqualTo(Standing.GRANTED);
        assertThat(first.plan().steps()).containsExactly(step);
        assertThat(first.extras()).as("an extra has one name, before and after").isEqualTo(second.extras());
        assertThat(second.plan().steps()).isEmpty();
    }

    @Test
    void R12_aScopeIsToldInThePublishedSpelling() {
        RequiredPermissionSet required = set().delegated(API, "thing.READ").build();

        assertThat(assess(required, tenant().resource(present(API))).permissions())
                .singleElement()
                .satisfies(permission -> assertThat(permission.value()).contains("Thing.Read"));
    }

    @Test
    void R12_grantWithoutAnyRequiredScopeIsLeftAsItIs() {
        ObservedTenant.Builder seen =
                tenant().resource(present(API)).grant(grant(API, "thing.write")).grant(grant(API, "thing.write"));

        assertThat(assess(
                                set().application(API, "Thing.Read.All").build(),
                                seen.appRole(new AssignedAppRole(API, ROLE)))
                        .plan()
                        .steps())
                .isEmpty();
    }

    @Test
    void R13_severalGrantsBecomeOneThatHoldsTheUnion() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read").build();
        ObservedTenant seen = tenant().resource(present(API))
                .grant(grant(API, "Thing.Read"))
                .grant(grant(API, "Thing.Write", "THING.READ"))
                .build();

        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.KEEP).steps())
                .containsExactly(new PlanStep.MergeGrants(API, List.of("Thing.Read", "Thing.Write"), List.of()));
        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.REVOKE).steps())
                .containsExactly(new PlanStep.MergeGrants(API, List.of("Thing.Read"), List.of("Thing.Write")));
    }

    @Test
    void R13_unionThatDoesNotFitDeletesNothing() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read").build();
        ObservedTenant.Builder seen = tenant().resource(present(API))
                .grant(new TenantWideGrant(API, long80(0, 30)))
                .grant(new TenantWideGrant(API, long80(30, 30)));

        Assessment assessment = assess(required, seen);

        assertThat(assessment.plan().steps()).isEmpty();
        assertThat(standing(assessment, "Thing.Read")).isEqualTo(Standing.BLOCKED);
    }

    @Test
    void R14_scopeStringOf3850CharactersIsSentAndOneMoreIsNot() {
        List<String> fits = new ArrayList<>(long80(0, 47));
        fits.add("x".repeat(3850 - String.join(" ", fits).length() - 1));
        List<String> tooLong = new ArrayList<>(fits);
        tooLong.set(47, fits.get(47) + "x");

        assertThat(String.join(" ", fits)).hasSize(3850);
        assertThat(plan(fits).steps()).hasSize(1);
        assertThat(plan(tooLong).steps()).isEmpty();
    }

    private static CpvRefreshPlan plan(List<String> scopes) {
        RequiredPermissionSet.Builder required = set();
        scopes.forEach(scope -> required.delegated(API, scope));
        return assess(required.build(), tenant().resource(present(API))).plan();
    }

    @Test
    void R14_unionThatIsTooLongNamesTheExtrasAndOtherResourcesGoOn() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read")
                .delegated(OTHER, "Thing.Read")
                .build();
        ObservedTenant.Builder seen =
                tenant().resource(present(API)).resource(present(OTHER)).grant(new TenantWideGrant(API, long80(0, 48)));

        Assessment assessment = assess(required, seen);

        assertThat(assessment.plan().steps()).containsExactly(scopes(OTHER, "Thing.Read"));
        assertThat(assessment.permissions())
                .filteredOn(permission -> permission.permission().resource().equals(API))
                .singleElement()
                .satisfies(permission -> assertThat(permission.reason()).hasValueSatisfying(reason -> {
                    assertThat(reason.code()).isEqualTo(FailureCode.SCOPE_TOO_LONG);
                    assertThat(reason.scope()).isEqualTo(FailureScope.RESOURCE);
                    assertThat(reason.message()).contains(long80(0, 1).get(0));
                }));
    }

    @Test
    void R14_onlyScopesThatAreInTheUnionAreNamedAsToBeRemoved() {
        RequiredPermissionSet.Builder tooMuch = set();
        long80(0, 48).forEach(scope -> tooMuch.delegated(API, scope));
        ObservedTenant seen = tenant().resource(present(API))
                .appRole(new AssignedAppRole(API, ROLE_2))
                .grant(grant(API, "Thing.Write"))
                .build();

        assertThat(tooLong(tooMuch.build(), seen, ExtraGrants.KEEP))
                .endsWith("extras that could be removed: Thing.Write");
        assertThat(tooLong(tooMuch.build(), seen, ExtraGrants.REVOKE)).endsWith("there are no extras to remove");
    }

    private static String tooLong(RequiredPermissionSet required, ObservedTenant seen, ExtraGrants extraGrants) {
        CpvFailure reason = Assessment.of(required, seen, extraGrants)
                .permissions()
                .get(0)
                .reason()
                .orElseThrow();
        assertThat(reason.code()).isEqualTo(FailureCode.SCOPE_TOO_LONG);
        return reason.message();
    }

    @Test
    void R14_onlyRevokeDropsExtras() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read").build();
        ObservedTenant seen = tenant().resource(present(API))
                .grant(new TenantWideGrant(API, long80(0, 48)))
                .build();

        assertThat(CpvRefreshPlan.between(required, seen, ExtraGrants.REVOKE).steps())
                .containsExactly(new PlanStep.SetScopes(API, List.of("Thing.Read"), long80(0, 48)));
    }

    /** Scope names of 80 characters. */
    private static List<String> long80(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> "Long.%03d.".formatted(i) + "x".repeat(71))
                .toList();
    }

    // Resources

    @Test
    void R15_missingResourceIsAddedOnlyWhereAPermissionNeedsIt() {
        RequiredPermissionSet required =
                set().application(API, "Thing.Read.All").build();
        ObservedTenant.Builder seen = tenant().resource(ObservedResource.absent(API, "", null))
                .resource(ObservedResource.absent(OTHER, "", null));

        Assessment assessment = assess(required, seen);

        assertThat(assessment.plan().steps()).containsExactly(new PlanStep.AddResource(API));
        assertThat(assessment.permissions().get(0).standing()).isEqualTo(Standing.MISSING);
    }

    @Test
    void R15_resourceThatCannotBeAddedIsNotApplicableWithANoticeAndBlocksNothing() {
        RequiredPermissionSet required = set().application(API, "Thing.Read.All")
                .delegated(API, "Thing.Read")
                .delegated(OTHER, "Thing.Read")
                .build();
        ObservedTenant.Builder seen = tenant().resource(
                        ObservedResource.absent(API, "Defender", OWN).asNotCreatable())
                .resource(present(OTHER));

        Assessment assessment = assess(required, seen);

        assertThat(assessment.plan().steps()).containsExactly(scopes(OTHER, "Thing.Read"));
        assertThat(assessment.permissions())
                .filteredOn(permission -> permission.permission().resource().equals(API))
                .hasSize(2)
                .allSatisfy(permission -> assertThat(permission.standing()).isEqualTo(Standing.NOT_APPLICABLE));
        assertThat(assessment.notices())
                .extracting(Notice::code, Notice::resource)
                .containsExactly(tuple(FailureCode.RESOURCE_NOT_AVAILABLE, API));
    }

    @Test
    void R15_disabledResourceIsGrantedAsUsualAndNoted() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read").build();
        ObservedTenant.Builder seen = tenant().resource(ObservedResource.present(API, "Defender", false, OWN));

        Assessment assessment = assess(required, seen);

        assertThat(assessment.plan().steps()).containsExactly(scopes(API, "Thing.Read"));
        assertThat(assessment.notices())
                .extracting(Notice::code, Notice::resource)
                .containsExactly(tuple(FailureCode.RESOURCE_DISABLED, API));
    }

    @Test
    void R15_aNoticeNamesTheResourceOrItsIdWhereTheNameIsUnknown() {
        RequiredPermissionSet required = set().delegated(API, "Thing.Read")
                .delegated(OTHER, "Thing.Read")
                .build();
        ObservedTenant.Builder seen = tenant().resource(ObservedResource.present(API, "Defender", false, OWN))
                .resource(ObservedResource.absent(OTHER, " ", OWN).asNotCreatable());

        assertThat(assess(required, seen).notices())
                .extracting(notice -> notice.message().split(" is ", 2)[0])
                .containsExactlyInAnyOrder("Defender", OTHER.toString());
    }

    @Test
    void R16_everyRequiredPermissionIsAssessedOnceInTheOrderOfTheSet() {
        RequiredPermissionSet required = set().application(API, "Thing.Read.All")
                .application(OTHER, "Nobody.Knows")
                .delegated(AppId.PARTNER_CENTER, "user_impersonation")
                .delegated(OTHER, "Thing.Write")
                .build();

        assertThat(assess(required, tenant().resource(present(OTHER))).permissions())
                .extracting(AssessedPermission::permission)
                .containsExactlyElementsOf(required.permissions());
    }

    // The plan as a value

    @Test
    void planReadsBackFromItsJson() {
        CpvRefreshPlan plan = planWithEveryStep();

        CpvRefreshPlan read = CpvRefreshPlan.fromJson(plan.toJson());

        assertThat(read).isEqualTo(plan).hasSameHashCodeAs(plan);
        assertThat(read.digest()).isEqualTo(plan.digest());
        assertThat(read.toJson()).isEqualTo(plan.toJson()).doesNotContain("\n");
        assertThat(read.tenant()).isEqualTo(TENANT);
        assertThat(read.extraGrants()).isEqualTo(ExtraGrants.REVOKE);
    }

    @Test
    void editedPlanIsRefused() {
        String json = planWithEveryStep().toJson();
        List<String> edits = List.of(
                json.replace(ROLE.toString(), ROLE_OFF.toString()),
                json.replace("\"Thing.Read\"", "\"Thing.Everything\""),
                json.replace("REVOKE\"", "KEEP\""),
                json.replace(TENANT.toString(), "0b7d5f4e-1111-4222-8333-444455556667"),
                json.replace("{\"step\":\"add-resource\",\"resourceAppId\":\"" + API + "\"},", ""));

        assertThat(edits).allSatisfy(edited -> {
            assertThat(edited).isNotEqualTo(json);
            assertThatExceptionOfType(PlanFormatException.class)
                    .isThrownBy(() -> CpvRefreshPlan.fromJson(edited))
                    .satisfies(e -> assertThat(e.path()).isEqualTo("$.digest"));
        });
    }

    @Test
    void malformedPlanNamesTheJsonPath() {
        String json = planWithEveryStep().toJson();

        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> CpvRefreshPlan.fromJson("{}"))
                .satisfies(e -> assertThat(e.path()).isEqualTo("$.tenantId"));
        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> CpvRefreshPlan.fromJson(json.replace("\"add-resource\"", "\"drop-tenant\"")))
                .satisfies(e -> assertThat(e.path()).isEqualTo("$.steps[1].step"));
        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> CpvRefreshPlan.fromJson("no plan"))
                .withMessageContaining("$");
    }

    @Test
    void planPrintsForPeopleALineForEachStep() {
        assertThat(planWithEveryStep().toText().lines())
                .containsExactly(
                        "Tenant " + TENANT + ": 6 steps",
                        "  consent to " + AppId.MICROSOFT_GRAPH + ": A.a B.b",
                        "  add resource " + API,
                        "  assign app role " + ROLE + " of " + API,
                        "  revoke app role " + ROLE_2 + " of " + API,
                        "  set scopes of " + API + ": Thing.Read; removed: Thing.Write",
                        "  merge the grants of " + OTHER + ": Thing.Read");
        assertThat(plan(new PlanStep.SetScopes(API, List.of(), List.of("Thing.Read")))
                        .toText()
                        .lines())
                .containsExactly(
                        "Tenant " + TENANT + ": 1 step", "  set scopes of " + API + ": none; removed: Thing.Read");
        assertThat(plan().toText()).isEqualTo("Tenant " + TENANT + ": nothing to do");
    }

    @Test
    void planSaysWhetherItTakesAnythingAwayOrNeedsConsent() {
        List<String> some = List.of("Thing.Read");
        List<PlanStep> taking = List.of(
                new PlanStep.RevokeAppRole(API, ROLE),
                new PlanStep.SetScopes(API, some, List.of("Thing.Write")),
                new PlanStep.MergeGrants(API, some, List.of("Thing.Write")));
        List<PlanStep> giving = List.of(
                new PlanStep.AddResource(API),
                new PlanStep.AssignAppRole(API, ROLE),
                new PlanStep.SetScopes(API, some, List.of()),
                new PlanStep.MergeGrants(API, some, List.of()));

        assertThat(taking)
                .allSatisfy(step -> assertThat(plan(giving.get(0), step)).matches(CpvRefreshPlan::removesPermissions));
        assertThat(giving)
                .allSatisfy(step -> assertThat(plan(step).removesPermissions()).isFalse());
        assertThat(plan(giving.get(1)).needsConsent()).isFalse();
        assertThat(plan(new PlanStep.Consent(AppId.MICROSOFT_GRAPH, some)))
                .matches(CpvRefreshPlan::needsConsent)
                .matches(plan -> !plan.removesPermissions());
    }

    private static CpvRefreshPlan plan(PlanStep... steps) {
        return new CpvRefreshPlan(TENANT, ExtraGrants.KEEP, "f", Arrays.asList(steps), PlanNames.NONE);
    }

    @Test
    void plansDifferByTenantPolicyRequirementAndSteps() {
        CpvRefreshPlan plan = new CpvRefreshPlan(TENANT, ExtraGrants.KEEP, "f", List.of(), PlanNames.NONE);

        assertThat(plan)
                .isEqualTo(new CpvRefreshPlan(TENANT, ExtraGrants.KEEP, "f", List.of(), PlanNames.NONE))
                .isNotEqualTo(new CpvRefreshPlan(
                        new TenantId(new UUID(1, 1)), ExtraGrants.KEEP, "f", List.of(), PlanNames.NONE))
                .isNotEqualTo(new CpvRefreshPlan(TENANT, ExtraGrants.REVOKE, "f", List.of(), PlanNames.NONE))
                .isNotEqualTo(new CpvRefreshPlan(TENANT, ExtraGrants.KEEP, "g", List.of(), PlanNames.NONE))
                .isNotEqualTo(new CpvRefreshPlan(
                        TENANT, ExtraGrants.KEEP, "f", List.of(new PlanStep.AddResource(API)), PlanNames.NONE))
                .isNotEqualTo("a plan");
    }

    private static CpvRefreshPlan planWithEveryStep() {
        return new CpvRefreshPlan(
                TENANT,
                ExtraGrants.REVOKE,
                RequiredPermissionSet.bootstrap().fingerprint(),
                List.of(
                        new PlanStep.Consent(AppId.MICROSOFT_GRAPH, List.of("B.b", "A.a")),
                        new PlanStep.AddResource(API),
                        new PlanStep.AssignAppRole(API, ROLE),
                        new PlanStep.RevokeAppRole(API, ROLE_2),
                        new PlanStep.SetScopes(API, List.of("Thing.Read"), List.of("Thing.Write")),
                        new PlanStep.MergeGrants(OTHER, List.of("Thing.Read"), List.of())),
                PlanNames.NONE);
    }

    // Tools

    private static RequiredPermissionSet.Builder set() {
        return RequiredPermissionSet.builder("test");
    }

    private static ObservedTenant.Builder tenant() {
        return ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER);
    }

    private static ObservedTenant notConsented(ObservedResource... known) {
        CpvFailure cause = CpvFailure.of(FailureCode.CONSENT_MISSING, "AADSTS65001");
        return ObservedTenant.notConsented(TENANT, TenantRoute.CUSTOMER, cause, Arrays.asList(known));
    }

    private static ObservedResource present(AppId id) {
        return ObservedResource.present(id, "", true, OWN);
    }

    private static TenantWideGrant grant(AppId resource, String... scopes) {
        return new TenantWideGrant(resource, Arrays.asList(scopes));
    }

    private static PlanStep scopes(AppId resource, String... scopes) {
        return new PlanStep.SetScopes(resource, Arrays.asList(scopes), List.of());
    }

    private static Assessment assess(RequiredPermissionSet required, ObservedTenant.Builder seen) {
        return Assessment.of(required, seen.build(), ExtraGrants.KEEP);
    }

    private static Standing standing(Assessment assessment, String id) {
        return assessment.permissions().stream()
                .filter(permission -> permission.permission().id().equals(id))
                .findFirst()
                .orElseThrow()
                .standing();
    }

    private static Tuple tuple(Object... values) {
        return Tuple.tuple(values);
    }

    /** A line break, a C1 control, a line separator, a change of direction and half a character. */
    private static final String FOREIGN = "A\n  add resource B\u009b\u2028\u202e\ud800Z";

    @Test
    void aNameOfTheTenantOrOfAFileStaysOnItsLine() {
        CpvRefreshPlan plan = new CpvRefreshPlan(
                TENANT,
                ExtraGrants.KEEP,
                "f",
                List.of(
                        new PlanStep.AssignAppRole(API, ROLE),
                        new PlanStep.SetScopes(OTHER, List.of(FOREIGN), List.of(FOREIGN))),
                new PlanNames(
                        FOREIGN,
                        Map.of(API, FOREIGN),
                        Map.of(new RequiredPermission(API, PermissionType.APPLICATION, ROLE.toString()), FOREIGN)));

        assertThat(plan.names().tenant()).isEqualTo("A   add resource B    Z");
        assertThat(plan.names().resources()).containsValue("A   add resource B    Z");
        assertThat(plan.names().permissions()).containsValue("A   add resource B    Z");
        for (CpvRefreshPlan each : List.of(plan, plan.withTenantName(FOREIGN))) {
            assertThat(each.toText().split("\\R")).hasSize(3);
            assertThat(each.toText()).doesNotContain("\u009b", "\u2028", "\u202e", "\ud800");
        }
        assertThat(CpvRefreshPlan.fromJson(plan.withTenantName(FOREIGN).toJson())
                        .names())
                .isEqualTo(plan.names());
    }
}
