package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** R19: the plan of a reset as a pure function and as a value that people read and approve. */
class CpvResetPlanTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final AppId API = AppId.of("fc780465-2017-40d4-a0c5-307022471b92");
    private static final UUID ROLE = UUID.fromString("11111111-0000-4000-8000-000000000001");
    private static final UUID WITHDRAWN = UUID.fromString("11111111-0000-4000-8000-000000000009");
    private static final ResourceDefinition DEFINITION =
            ResourceDefinition.ofTenant(List.of(new AppRole(ROLE, "Thing.Read.All", true)), List.of());
    private static final RequiredPermissionSet REQUIRED = RequiredPermissionSet.builder("app")
            .application(API, ROLE.toString())
            .delegated(API, "Thing.Read")
            .build();
    private static final PrincipalAssignment GROUP = new PrincipalAssignment.GroupMembership("g-1", "Partners");
    private static final UnrestorableItem DYNAMIC =
            new UnrestorableItem("member of group g-2", "its members follow a rule");

    @Test
    void R19_aScopeThatHasNoValueNameIsLost() {
        CpvResetPlan plan = plan(held(List.of(ROLE), "Thing.Read", "Th\u00efng"));

        assertThat(plan.failure()).isEmpty();
        assertThat(plan.permissions().permissions())
                .extracting(RequiredPermission::id)
                .containsExactly(ROLE.toString(), "Thing.Read");
        assertThat(plan.losses())
                .extracting(UnrestorableItem::toString)
                .containsExactly(
                        DYNAMIC.toString(),
                        "scope 'Th\u00efng' of Microsoft Defender (" + API + ") (not a valid scope name)");
    }

    @Test
    void R19_whatIsRequiredAndNeitherGrantedNorOfferedIsNotLost() {
        RequiredPermissionSet more = REQUIRED.plus(RequiredPermissionSet.builder("more")
                .application(API, WITHDRAWN.toString())
                .build());
        TenantSnapshot held = held(List.of(ROLE), "Thing.Read");

        assertThat(CpvResetPlan.between(more, seen(held), held, ExtraGrants.KEEP)
                        .failure())
                .isEmpty();
    }

    @Test
    void planPrintsForPeopleALineForEachThingThatGoesComesBackOrIsLost() {
        assertThat(plan(held(List.of(ROLE), "Thing.Read", "Thing.Write"))
                        .toText()
                        .lines())
                .containsExactly(
                        "Tenant " + TENANT + ": reset",
                        "  removed: the service principal with 1 app roles, 2 scopes, 2 other assignments",
                        "  restored: 3 permissions",
                        "    Microsoft Defender (" + API + "): app role Thing.Read.All; scopes Thing.Read, Thing.Write",
                        "  restored: member of group g-1 \"Partners\"",
                        "  lost: member of group g-2 (its members follow a rule)");
    }

    @Test
    void planPrintsForPeopleWhyItIsNotDone() {
        assertThat(withdrawn().toText().lines())
                .last()
                .isEqualTo("  not done: RESET_WOULD_LOSE: Granted now, and cannot be granted again: app role "
                        + WITHDRAWN + " of Microsoft Defender (" + API + ")");
        assertThat(impossible().toText())
                .isEqualTo("Tenant " + TENANT + ": cannot be reset: CONSENT_MISSING: There is nothing to reset");
    }

    @Test
    void planPrintsAsJson() throws JsonProcessingException {
        TenantSnapshot held = held(List.of(ROLE), "Thing.Read");

        JsonNode json = json(plan(held));

        assertThat(json.path("tenantId").textValue()).isEqualTo(TENANT.toString());
        assertThat(json.path("extraGrants").textValue()).isEqualTo("KEEP");
        assertThat(json.path("requiredFingerprint").textValue()).isEqualTo(REQUIRED.fingerprint());
        assertThat(TenantSnapshot.fromJson(json.path("removed").toString())).isEqualTo(held);
        assertThat(texts(json.path("permissions")))
                .containsExactly(
                        "app role Thing.Read.All (" + ROLE + ") of Microsoft Defender (" + API + ")",
                        "scope Thing.Read of Microsoft Defender (" + API + ")");
        assertThat(json.at("/removed/appRoles/0/resource").textValue()).isEqualTo("Microsoft Defender");
        assertThat(json.at("/removed/appRoles/0/appRole").textValue()).isEqualTo("Thing.Read.All");
        assertThat(json.at("/removed/grants/0/resource").textValue()).isEqualTo("Microsoft Defender");
        assertThat(json.has("tenant")).isFalse();
        assertThat(texts(json.path("assignments"))).containsExactly(GROUP.describe());
        assertThat(texts(json.path("losses"))).containsExactly(DYNAMIC.toString());
        assertThat(json.path("failure").isNull()).isTrue();
    }

    @Test
    void jsonOfAPlanThatIsNotDoneNamesTheCode() throws JsonProcessingException {
        assertThat(json(withdrawn()).path("failure").textValue()).isEqualTo("RESET_WOULD_LOSE");
        assertThat(json(impossible()).path("failure").textValue()).isEqualTo("CONSENT_MISSING");
        assertThat(json(impossible()).has("removed")).isFalse();
    }

    @Test
    void plansAreEqualIfTheSameIsRemovedGivenBackAndLost() {
        TenantSnapshot held = held(List.of(ROLE), "Thing.Read");
        CpvResetPlan plan = plan(held);
        ObservedTenant elsewhere = ObservedTenant.builder(new TenantId(new UUID(1, 1)), TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(API, "", true, DEFINITION))
                .build();

        assertThat(plan)
                .isEqualTo(plan(held(List.of(ROLE), "Thing.Read")))
                .hasSameHashCodeAs(plan(held(List.of(ROLE), "Thing.Read")))
                .isNotEqualTo(plan(held(List.of(), "Thing.Read")))
                .isNotEqualTo(CpvResetPlan.between(REQUIRED, seen(held), held, ExtraGrants.REVOKE))
                .isNotEqualTo(
                        CpvResetPlan.between(RequiredPermissionSet.bootstrap(), seen(held), held, ExtraGrants.KEEP))
                .isNotEqualTo(CpvResetPlan.between(REQUIRED, elsewhere, held, ExtraGrants.KEEP))
                .isNotEqualTo(plan.toText());
        assertThat(impossible()).isEqualTo(impossible()).isNotEqualTo(plan);
    }

    @Test
    void namesAreForPeopleAndChangeNoPlan() throws JsonProcessingException {
        UUID extra = WITHDRAWN;
        TenantSnapshot held = held(List.of(ROLE, extra), "Thing.Read", "Th\u00efng");
        TenantSnapshot renamed = new TenantSnapshot(
                TENANT,
                held.appRoles(),
                held.grants(),
                List.of(new PrincipalAssignment.GroupMembership("g-1", "Renamed")),
                List.of(new UnrestorableItem(DYNAMIC.key(), "member of group g-2 \"Renamed\"", "of another wording")));
        CpvResetPlan plan = plan(held);
        CpvResetPlan later = CpvResetPlan.between(REQUIRED, seen(renamed, "Defender XDR"), renamed, ExtraGrants.KEEP)
                .withTenantName("Contoso");

        assertThat(renamed).isEqualTo(held).hasSameHashCodeAs(held);
        assertThat(later).isEqualTo(plan).hasSameHashCodeAs(plan);
        assertThat(later.toText())
                .startsWith("Tenant Contoso (" + TENANT + "): reset")
                .contains("lost: app role " + extra + " of Defender XDR (" + API + ")")
                .contains("lost: member of group g-2 \"Renamed\"");
        assertThat(json(later).path("tenant").textValue()).isEqualTo("Contoso");
    }

    @Test
    void aRequiredScopeThatIsNamedByGuidIsShownByItsValue() throws JsonProcessingException {
        UUID scope = UUID.fromString("11111111-0000-4000-8000-000000000002");
        RequiredPermissionSet manifest = RequiredPermissionSet.builder("app")
                .delegated(API, scope.toString())
                .build();
        ObservedTenant seen = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(
                        API,
                        "Microsoft Defender",
                        true,
                        ResourceDefinition.ofTenant(List.of(), List.of(new PublishedScope(scope, "Thing.Manage")))))
                .build();

        CpvResetPlan plan = CpvResetPlan.between(manifest, seen, held(List.of()), ExtraGrants.REVOKE);

        assertThat(plan.toText()).contains("Microsoft Defender (" + API + "): scope Thing.Manage\n");
        assertThat(texts(json(plan).path("permissions")))
                .containsExactly("scope Thing.Manage (" + scope + ") of Microsoft Defender (" + API + ")");
    }

    private static CpvResetPlan plan(TenantSnapshot held) {
        return CpvResetPlan.between(REQUIRED, seen(held), held, ExtraGrants.KEEP);
    }

    /** A role that is granted and required is offered no longer. */
    private static CpvResetPlan withdrawn() {
        TenantSnapshot held = held(List.of(ROLE, WITHDRAWN), "Thing.Read");
        RequiredPermissionSet required = RequiredPermissionSet.builder("app")
                .application(API, WITHDRAWN.toString())
                .build();
        return CpvResetPlan.between(required, seen(held), held, ExtraGrants.KEEP);
    }

    private static CpvResetPlan impossible() {
        return CpvResetPlan.impossible(
                TENANT,
                REQUIRED,
                ExtraGrants.KEEP,
                CpvFailure.of(FailureCode.CONSENT_MISSING, "There is nothing to reset"));
    }

    private static TenantSnapshot held(List<UUID> roles, String... scopes) {
        SortedSet<AssignedAppRole> assigned = new TreeSet<>();
        roles.forEach(role -> assigned.add(new AssignedAppRole(API, role)));
        return new TenantSnapshot(
                TENANT,
                assigned,
                List.of(new TenantWideGrant(API, Arrays.asList(scopes))),
                List.of(GROUP),
                List.of(DYNAMIC));
    }

    private static ObservedTenant seen(TenantSnapshot held) {
        return seen(held, "Microsoft Defender");
    }

    private static ObservedTenant seen(TenantSnapshot held, String resource) {
        ObservedTenant.Builder seen = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(API, resource, true, DEFINITION));
        held.appRoles().forEach(seen::appRole);
        held.grants().forEach(seen::grant);
        return seen.build();
    }

    private static JsonNode json(CpvResetPlan plan) throws JsonProcessingException {
        assertThat(plan.toJson()).doesNotContain("\n");
        return JsonMapper.builder().build().readTree(plan.toJson());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    @Test
    void aNameOfTheTenantStaysOnItsLine() {
        String foreign = "A\n  restored: B\u009b\u2028\u202eZ";
        PrincipalAssignment group = new PrincipalAssignment.GroupMembership("g-1", foreign);
        TenantSnapshot held = new TenantSnapshot(
                TENANT,
                new TreeSet<>(List.of(new AssignedAppRole(API, ROLE))),
                List.of(),
                List.of(group),
                List.of(new UnrestorableItem("member of group g-2", foreign, foreign)));
        ObservedTenant seen = seen(held, foreign);

        for (ExtraGrants extras : ExtraGrants.values()) {
            String text = CpvResetPlan.between(REQUIRED, seen, held, extras)
                    .withTenantName(foreign)
                    .toText();

            assertThat(text.split("\\R")).hasSize(6);
            assertThat(text).doesNotContain("\u009b", "\u2028", "\u202e");
        }
    }
}
