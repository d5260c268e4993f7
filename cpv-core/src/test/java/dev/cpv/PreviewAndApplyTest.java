package dev.cpv;

import static dev.cpv.Fixture.BOOTSTRAP;
import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.DEFENDER_ROLE;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.REQUIRED;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.assign;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The dry run, and doing exactly what somebody approved. */
class PreviewAndApplyTest {
    private static final RefreshOptions REVOKE = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);
    private static final UUID EXTRA_ROLE = UUID.fromString("99999999-0000-4000-8000-000000000002");

    private final Fixture fixture = new Fixture();

    @Test
    void previewOfATenantInSyncIsUpToDateWithAnEmptyPlan() {
        fixture.inSync();

        CpvResult preview = fixture.client.preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(preview.plan().isEmpty()).isTrue();
        assertThat(preview.orElseThrow()).isSameAs(preview);
    }

    @Test
    void previewOfADriftedTenantPlansAndWritesNothing() {
        fixture.inSync().tenant.withoutResource(DEFENDER);

        CpvResult preview = fixture.client.preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertThat(preview.plan().steps())
                .startsWith(new PlanStep.AddResource(DEFENDER))
                .noneMatch(step -> step.resource().equals(GRAPH));
        assertThat(preview.count(Status.MISSING)).isEqualTo(2);
        assertThat(preview.count(Status.ALREADY_GRANTED)).isEqualTo(5);
        assertThat(preview.steps()).isEmpty();
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE);
        assertThat(fixture.journal.find(TENANT)).as("a dry run is no attempt").isEmpty();
    }

    @Test
    void previewOfATenantWithoutConsentPlansConsentAndTheExpectedAdditions() {
        CpvResult preview = fixture.client.preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertThat(preview.plan().steps())
                .startsWith(new PlanStep.Consent(GRAPH, BOOTSTRAP))
                .contains(assign(GRAPH, GRAPH_ROLE), assign(DEFENDER, DEFENDER_ROLE));
        assertThat(preview.permissions()).extracting(PermissionOutcome::status).containsOnly(Status.MISSING);
        assertThat(fixture.tenant.isConsented()).isFalse();
    }

    @Test
    void previewThatCannotLookFailsAndHasNoPlan() {
        fixture.tenant.failNext(failure(FailureCode.SERVICE_UNAVAILABLE));

        CpvResult preview = fixture.client.preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(preview.findPlan()).isEmpty();
        assertThatIllegalStateException().isThrownBy(preview::plan);
    }

    @Test
    void previewOfWhatCannotBeMendedIsPartial() {
        fixture.inSync();
        RequiredPermissionSet more = REQUIRED.plus(RequiredPermissionSet.builder("more")
                .application(GRAPH, EXTRA_ROLE.toString())
                .build());

        CpvResult preview = CpvClient.create(fixture.directory, more).preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(preview.count(Status.NOT_OFFERED)).isEqualTo(1);
        assertThat(preview.plan().isEmpty()).isTrue();
    }

    @Test
    void R9_previewOfAResourceThatCannotBeReadSaysSo() {
        fixture.inSync();
        Fixture.Undefined blind = new Fixture.Undefined(fixture.directory) {
            @Override
            protected Map<AppId, ResourceDefinition> definitions(
                    TenantSession session, RefreshContext context, Set<AppId> resources) {
                return Map.of();
            }
        };

        CpvResult preview = fixture.client(blind).preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(preview.permissions())
                .filteredOn(p -> p.status() == Status.FAILED)
                .as("cpv's own scopes, which are required by GUID")
                .hasSize(BOOTSTRAP.size())
                .allSatisfy(
                        p -> assertThat(p.failure().map(CpvFailure::code)).contains(FailureCode.RESOURCE_NOT_READABLE));
    }

    @Test
    void withoutConsentPreviewExpectsToBeMissingWhatNobodyCanResolveYet() {
        CpvResult preview =
                fixture.client(new Fixture.Undefined(fixture.directory)).preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertThat(preview.permissions())
                .allSatisfy(p -> assertThat(p.status()).isEqualTo(Status.MISSING))
                .allSatisfy(p -> assertThat(p.failure()).isEmpty());
    }

    @Test
    void approvedPlanIsApplied() {
        fixture.consented();
        CpvRefreshPlan approved =
                CpvRefreshPlan.fromJson(fixture.client.preview(TENANT).plan().toJson());

        CpvResult applied = fixture.client.apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(applied.steps().keySet()).containsExactlyElementsOf(approved.steps());
        assertThat(fixture.client.preview(TENANT).outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void approvedPlanThatIsEmptyIsUpToDate() {
        fixture.inSync();

        assertThat(fixture.client.apply(fixture.client.preview(TENANT).plan()).outcome())
                .isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void planOfATenantThatChangedIsStaleAndNothingIsWritten() {
        fixture.consented();
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        fixture.tenant.grantAppRole(GRAPH, GRAPH_ROLE);

        CpvResult applied = fixture.client.apply(approved);

        assertStale(applied);
        assertThat(fixture.writes()).isEmpty();
    }

    @Test
    void planForOtherRequirementsIsStale() {
        fixture.inSync();
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        RequiredPermissionSet more = REQUIRED.plus(RequiredPermissionSet.builder("more")
                .delegated(GRAPH, "Mail.Read")
                .build());

        CpvResult applied = CpvClient.create(fixture.directory, more).apply(approved);

        assertStale(applied);
        assertThat(applied.failure().orElseThrow().message()).contains("the required permissions have changed");
    }

    @Test
    void planWithoutConsentIsStaleOnceTheTenantWasConsented() {
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        fixture.consented();

        assertStale(fixture.client.apply(approved));
        assertThat(fixture.tenant.appRoles()).isEmpty();
    }

    @Test
    void approvedRevocationIsAppliedWhateverTheClientsDefaultIs() {
        fixture.inSync().tenant.grantAppRole(DEFENDER, EXTRA_ROLE);
        CpvRefreshPlan approved = fixture.client.preview(TENANT, REVOKE).plan();

        CpvResult applied = fixture.client.apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles()).noneMatch(role -> role.appRoleId().equals(EXTRA_ROLE));
    }

    @Test
    void approvedConsentApprovesAdditionsAlone() {
        CpvRefreshPlan approved = fixture.client.preview(TENANT, REVOKE).plan();
        PassingDirectory surprising = new PassingDirectory(fixture.directory) {
            @Override
            protected StepResult consent(TenantSession session, RefreshContext context, PlanStep.Consent consent) {
                StepResult answer = super.consent(session, context, consent);
                // What nobody could see while there was no consent.
                fixture.tenant.grantAppRole(DEFENDER, EXTRA_ROLE).grantScopes(DEFENDER, "Machine.Wipe");
                return answer;
            }
        };

        CpvResult applied = fixture.client(surprising).apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles()).anyMatch(role -> role.appRoleId().equals(EXTRA_ROLE));
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read", "Machine.Wipe");
        assertThat(applied.extras()).hasSize(2).noneMatch(ExtraPermission::revoked);
    }

    @Test
    void approvedConsentDoesNotApproveAMergeOfGrants() {
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        PassingDirectory surprising = new PassingDirectory(fixture.directory) {
            @Override
            protected StepResult consent(TenantSession session, RefreshContext context, PlanStep.Consent consent) {
                StepResult answer = super.consent(session, context, consent);
                fixture.tenant.grantScopes(DEFENDER, "Machine.Wipe").grantScopes(DEFENDER, "Machine.Isolate");
                return answer;
            }
        };

        CpvResult applied = fixture.client(surprising).apply(approved);

        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Isolate", "Machine.Wipe");
        assertThat(fixture.tenant.grants())
                .filteredOn(grant -> grant.resource().equals(DEFENDER))
                .as("a merge deletes a grant, and nobody approved that")
                .hasSize(2);
        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(applied.permissions())
                .filteredOn(p -> p.status() == Status.FAILED)
                .singleElement()
                .satisfies(p -> assertThat(p.failure().map(CpvFailure::code)).contains(FailureCode.PLAN_STALE));
    }

    @Test
    void approvedConsentAddsResourcesThatTurnOutToBeMissing() {
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        fixture.tenant.withoutResource(DEFENDER);

        CpvResult applied = fixture.client.apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.hasResource(DEFENDER)).isTrue();
    }

    @Test
    void approvedAdditionOfAResourceApprovesWhatThenShowsToBeMissing() {
        fixture.inSync().tenant.withoutResource(DEFENDER);
        CpvRefreshPlan approved = fixture.client.preview(TENANT).plan();
        assertThat(approved.steps())
                .contains(new PlanStep.AddResource(DEFENDER))
                .doesNotContain(assign(DEFENDER, DEFENDER_ROLE));

        CpvResult applied = fixture.client.apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(applied.steps()).containsKey(assign(DEFENDER, DEFENDER_ROLE));
    }

    @Test
    void approvedAdditionOfAResourceApprovesNoRevocationThatShowsOnlyThen() {
        // The list of service principals lags: the resource is there, with a role that nobody requires.
        fixture.inSync().tenant.withoutResource(DEFENDER).grantAppRole(DEFENDER, EXTRA_ROLE);
        CpvRefreshPlan approved = fixture.client.preview(TENANT, REVOKE).plan();
        assertThat(approved.removesPermissions()).isFalse();

        CpvResult applied = fixture.client.apply(approved);

        assertThat(applied.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles())
                .extracting(role -> role.appRoleId())
                .contains(DEFENDER_ROLE, EXTRA_ROLE);
        assertThat(applied.extras()).singleElement().matches(extra -> !extra.revoked());
    }

    @Test
    void previewReportsExtrasAsStillThere() {
        fixture.inSync().tenant.grantAppRole(DEFENDER, EXTRA_ROLE);

        assertThat(fixture.client.preview(TENANT, REVOKE).extras())
                .singleElement()
                .satisfies(extra -> assertThat(extra.revoked()).isFalse());
    }

    private static void assertStale(CpvResult result) {
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.PLAN_STALE);
        assertThat(result.steps()).isEmpty();
    }
}
