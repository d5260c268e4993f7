package dev.cpv;

import static dev.cpv.Fixture.BOOTSTRAP;
import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.DEFENDER_ROLE;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.assign;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Notice;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** R17: what a result takes as proof. */
class VerificationTest {
    private static final RefreshOptions READ_BACK =
            RefreshOptions.defaults().withVerification(WriteVerification.READ_BACK);
    private static final UUID EXTRA_ROLE = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private final Fixture fixture = new Fixture();

    private CpvResult refreshWithLag(Duration lag) {
        return client(new Lagging(fixture.directory, fixture.clock, lag)).refresh(TENANT, READ_BACK);
    }

    private CpvClient client(TenantDirectory directory) {
        return fixture.client(directory);
    }

    private static List<Duration> seconds(int... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    @Test
    void R17_withoutBeingToldOtherwiseWhatWasWrittenIsBelieved() {
        fixture.consented();

        CpvResult result = client(new Lagging(fixture.directory, fixture.clock, Duration.ofHours(1)))
                .refresh(TENANT);

        assertThat(RefreshOptions.defaults().verification()).isEqualTo(WriteVerification.BELIEVE);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.APPLY);
    }

    @Test
    void R17_readBackLooksAgainAfterWriting() {
        fixture.consented();

        CpvResult result = fixture.client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.count(Status.GRANTED)).isEqualTo(4);
        assertThat(result.count(Status.ALREADY_GRANTED)).isEqualTo(3);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.APPLY, Kind.OBSERVE);
        assertThat(fixture.clock.sleeps()).isEmpty();
    }

    @Test
    void R17_readBackOfATenantInSyncCostsNothing() {
        fixture.inSync();

        CpvResult result = fixture.client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE);
    }

    @Test
    void R17_consentIsLookedForOnceAndNotReadBackASecondTime() {
        fixture.tenant.withUnavailableResource(DEFENDER);
        CpvClient client = CpvClient.builder(
                        fixture.directory, RequiredPermissionSet.builder("none").build())
                .clock(fixture.clock)
                .sleeper(fixture.clock)
                .build();

        CpvResult result = client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.CONSENT, Kind.OBSERVE);
    }

    @Test
    void R17_readBackWaitsForListsThatLagBehindWrites() {
        fixture.consented();

        CpvResult result = refreshWithLag(Duration.ofSeconds(7));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.failure()).isEmpty();
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 4));
    }

    @Test
    void R17_readBackSeesWhatShowsAtTheVeryEndOfTheWindow() {
        fixture.consented();

        CpvResult result = refreshWithLag(Duration.ofSeconds(60));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 4, 8, 16, 29));
    }

    @Test
    void R17_whatIsNotSeenHasItsOwnReasonAndNotThatOfItsResourcesOtherPermissions() {
        fixture.consented();
        fixture.tenant.failNext(
                assign(DEFENDER, DEFENDER_ROLE), CpvFailure.of(FailureCode.PERMISSION_NOT_OFFERED, "On purpose"));

        CpvResult result = refreshWithLag(Duration.ofSeconds(61));

        assertThat(result.permissions())
                .filteredOn(outcome -> outcome.permission().resource().equals(DEFENDER))
                .extracting(outcome -> outcome.status() + " "
                        + outcome.failure().map(CpvFailure::code).orElseThrow())
                .containsExactlyInAnyOrder("NOT_OFFERED PERMISSION_NOT_OFFERED", "FAILED NOT_REPLICATED_YET");
    }

    @Test
    void R17_whatIsNotSeenInTheWindowIsToldAsFailedAndIsWorthRetrying() {
        fixture.consented();

        CpvResult result = refreshWithLag(Duration.ofSeconds(61));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(result.count(Status.GRANTED)).isZero();
        assertThat(result.count(Status.ALREADY_GRANTED)).isEqualTo(3);
        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .hasSize(4)
                .allSatisfy(permission -> assertThat(permission.failure().map(CpvFailure::code))
                        .contains(FailureCode.NOT_REPLICATED_YET));
        assertThat(result.steps().values()).allMatch(StepResult::isDone);
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2, 4, 8, 16, 29));
    }

    @Test
    void R17_whatIsSeenStaysGrantedBesideWhatIsNot() {
        fixture.consented();
        PassingDirectory hidesRoles = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant seen = super.observe(session, context, resources);
                ObservedTenant.Builder shown = ObservedTenant.builder(seen.tenant(), seen.route());
                seen.resources().values().forEach(shown::resource);
                seen.grants().forEach(shown::grant);
                return shown.build();
            }
        };

        CpvResult result = client(hidesRoles).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.GRANTED)
                .extracting(permission -> permission.permission().id())
                .containsExactly("User.Read.All", "Machine.Read");
        assertThat(result.count(Status.FAILED)).isEqualTo(2);
    }

    @Test
    void R17_aRevokedExtraThatIsStillSeenIsNotToldAsRevoked() {
        fixture.inSync().tenant.grantAppRole(GRAPH, EXTRA_ROLE);
        RefreshOptions revoke = READ_BACK.withExtraGrants(ExtraGrants.REVOKE);

        CpvResult unseen = client(new Lagging(fixture.directory, fixture.clock, Duration.ofHours(1)))
                .refresh(TENANT, revoke);

        assertThat(unseen.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
        assertThat(unseen.extras()).singleElement().matches(extra -> !extra.revoked());

        fixture.tenant.grantAppRole(GRAPH, EXTRA_ROLE);
        CpvResult seen = client(new Lagging(fixture.directory, fixture.clock, Duration.ofSeconds(3)))
                .refresh(TENANT, revoke);

        assertThat(seen.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(seen.extras()).singleElement().matches(ExtraPermission::revoked);
    }

    @Test
    void R17_mergedGrantsAreWaitedForThoughNoPermissionIsMissing() {
        fixture.inSync().tenant.grantScopes(GRAPH, BOOTSTRAP.get(0));

        CpvResult result = refreshWithLag(Duration.ofSeconds(3));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1, 2));
    }

    @Test
    void R17_aStepThatFailedIsNotWaitedForAndKeepsItsReason() {
        fixture.consented().tenant.failNext(assign(GRAPH, GRAPH_ROLE), failure(FailureCode.THROTTLED));

        CpvResult result = fixture.client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure()).isEmpty();
        assertThat(fixture.clock.sleeps()).isEmpty();
        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .singleElement()
                .satisfies(permission ->
                        assertThat(permission.failure().map(CpvFailure::code)).contains(FailureCode.THROTTLED));
    }

    @Test
    void R17_whereEveryStepFailedThereIsNothingToReadBack() {
        fixture.inSync();
        fixture.tenant.withoutResource(DEFENDER).withUnavailableResource(DEFENDER);

        CpvResult result = fixture.client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.APPLY);
    }

    @Test
    void R17_aResourceThatIsNotAvailableStaysNotApplicableWhenAllIsReadBack() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);

        CpvResult result = fixture.client.refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.count(Status.NOT_APPLICABLE)).isEqualTo(2);
        assertThat(result.notices()).extracting(Notice::code).containsExactly(FailureCode.RESOURCE_NOT_AVAILABLE);
    }

    @Test
    void R17_aLookThatFailsProvesNothing() {
        fixture.consented();
        PassingDirectory blindAfterwards = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                fixture.tenant.failNext(failure(FailureCode.NETWORK_FAILURE));
            }
        };

        CpvResult result = client(blindAfterwards).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NETWORK_FAILURE);
        assertThat(result.count(Status.GRANTED)).isZero();
        assertThat(result.count(Status.ALREADY_GRANTED)).isEqualTo(3);
    }

    @Test
    void R17_applicationDeletedMeanwhileIsNotToldAsGranted() {
        fixture.consented();
        PassingDirectory deletes = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                fixture.tenant.deleteApplication();
            }
        };

        CpvResult result = client(deletes).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.count(Status.FAILED)).isEqualTo(7);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
    }

    @Test
    void R17_cancelledWhileReadingBackNothingUnseenIsTold() {
        fixture.consented();
        Cancellation cancellation = new Cancellation();
        CpvClient client = fixture.builder(new Lagging(fixture.directory, fixture.clock, Duration.ofHours(1)))
                .sleeper(duration -> cancellation.cancel())
                .build();

        CpvResult result = client.refresh(TENANT, READ_BACK.withCancellation(cancellation));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.CANCELLED);
        assertThat(result.count(Status.GRANTED)).isZero();
        assertThat(fixture.journal.find(TENANT)).isEmpty();
    }

    @Test
    void R17_theDeadlineEndsReadingBack() {
        fixture.consented();

        CpvResult result = client(new Lagging(fixture.directory, fixture.clock, Duration.ofHours(1)))
                .refresh(TENANT, READ_BACK.withTimeout(Duration.ofSeconds(5)));

        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.DEADLINE_EXCEEDED);
        assertThat(result.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(result.count(Status.GRANTED)).isZero();
    }

    @Test
    void R17_anAddedResourceIsReadBackToo() {
        fixture.consented().tenant.withoutResource(DEFENDER);

        CpvResult result = refreshWithLag(Duration.ofSeconds(1));

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.clock.sleeps()).isEqualTo(seconds(1));
        assertThat(fixture.tenant.appRoles()).anyMatch(role -> role.appRoleId().equals(DEFENDER_ROLE));
    }

    @Test
    void R17_anApprovedPlanIsReadBackToo() {
        fixture.consented();
        CpvRefreshPlan plan = fixture.client.preview(TENANT).plan();

        CpvResult result = client(new Lagging(fixture.directory, fixture.clock, Duration.ofMinutes(5)))
                .apply(plan, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
    }

    @Test
    void R17_aPreviewWritesNothingAndReadsNothingBack() {
        fixture.consented();

        assertThat(fixture.client.preview(TENANT, READ_BACK).outcome()).isEqualTo(RefreshOutcome.DRIFTED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE);
    }

    @Test
    void R17_aStepThatFailedKeepsItsReasonThoughALaterLookWouldPlanAnother() {
        fixture.consented();
        PassingDirectory changedMeanwhile = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                PlanStep scopes = steps.stream()
                        .filter(step -> step instanceof PlanStep.SetScopes
                                && step.resource().equals(GRAPH))
                        .findFirst()
                        .orElseThrow();
                fixture.tenant.failNext(scopes, failure(FailureCode.THROTTLED));
                super.apply(session, context, steps, sink);
                fixture.tenant.grantScopes(GRAPH, "Mail.Read");
            }
        };

        CpvResult result = client(changedMeanwhile).refresh(TENANT, READ_BACK);

        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .singleElement()
                .satisfies(permission ->
                        assertThat(permission.failure().map(CpvFailure::code)).contains(FailureCode.THROTTLED));
    }

    @Test
    void R17_whatBecomesPossibleMeanwhileIsLeftToTheNextRefresh() {
        String extra = "Extra." + "x".repeat(3800);
        fixture.consented().tenant.grantScopes(DEFENDER, extra);
        fixture.tenant.grantScopes(DEFENDER, "Other." + "y".repeat(100));
        PassingDirectory shortenedMeanwhile = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                PlanStep shorter = new PlanStep.SetScopes(DEFENDER, List.of("Short"), List.of());
                super.apply(session, context, List.of(shorter), (step, answer) -> {});
            }
        };

        CpvResult believed = fixture.client.preview(TENANT);
        CpvResult result = client(shortenedMeanwhile).refresh(TENANT, READ_BACK);

        assertThat(believed.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .singleElement()
                .satisfies(permission ->
                        assertThat(permission.failure().map(CpvFailure::code)).contains(FailureCode.SCOPE_TOO_LONG));
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .singleElement()
                .satisfies(permission ->
                        assertThat(permission.failure().map(CpvFailure::code)).contains(FailureCode.WRITE_CONFLICT));
        assertThat(result.worthRetrying()).isTrue();
        assertThat(fixture.client.refresh(TENANT).outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void R17_anExtraThatComesBackInAnotherSpellingIsOneExtraAndNotRevoked() {
        fixture.inSync().tenant.grantScopes(DEFENDER, "Machine.Read", "EXTRA.read");
        PassingDirectory putsItBack = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                fixture.tenant.grantScopes(DEFENDER, "Extra.Read");
            }
        };

        CpvResult result = client(putsItBack).refresh(TENANT, READ_BACK.withExtraGrants(ExtraGrants.REVOKE));

        assertThat(result.extras()).singleElement().satisfies(extra -> {
            assertThat(extra.id()).isEqualTo("Extra.Read");
            assertThat(extra.revoked()).isFalse();
        });
    }

    /** Somebody else changes the tenant after each write. */
    private PassingDirectory meanwhile(PlanStep... changes) {
        return new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                super.apply(session, context, List.of(changes), (step, answer) -> {});
            }
        };
    }

    @Test
    void R17_whatWasThereAndIsGoneWhenAllIsReadBackIsNotClaimed() {
        fixture.consented().tenant.grantAppRole(GRAPH, GRAPH_ROLE);

        CpvResult result =
                client(meanwhile(new PlanStep.RevokeAppRole(GRAPH, GRAPH_ROLE))).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
        assertThat(failed(result)).containsExactly(GRAPH_ROLE + " NOT_REPLICATED_YET");
        assertThat(fixture.clock.sleeps()).as("it may be a list that lags").isEqualTo(seconds(1, 2, 4, 8, 16, 29));
    }

    @Test
    void R17_whatWentMissingIsNotToldWithTheFailureOfAnotherPermissionOrResource() {
        fixture.consented()
                .tenant
                .grantScopes(DEFENDER, "Machine.Read")
                .failNext(assign(GRAPH, GRAPH_ROLE), failure(FailureCode.THROTTLED))
                .failNext(assign(DEFENDER, DEFENDER_ROLE), failure(FailureCode.PERMISSION_NOT_OFFERED));
        PassingDirectory emptied = meanwhile(new PlanStep.SetScopes(DEFENDER, List.of(), List.of("Machine.Read")));

        CpvResult result = client(emptied).refresh(TENANT, READ_BACK);

        assertThat(failed(result))
                .containsExactlyInAnyOrder(GRAPH_ROLE + " THROTTLED", "Machine.Read NOT_REPLICATED_YET");
        assertThat(result.count(Status.NOT_OFFERED)).isEqualTo(1);
    }

    private static List<String> failed(CpvResult result) {
        return result.permissions().stream()
                .filter(permission -> permission.status() == Status.FAILED)
                .map(permission -> permission.permission().id() + " "
                        + permission.failure().map(CpvFailure::code).orElseThrow())
                .toList();
    }

    @Test
    void R17_whatWasReadOfResourcesIsKnownWhenAllIsReadBack() {
        fixture.consented();

        CpvResult result = client(new Fixture.Undefined(fixture.directory)).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.count(Status.GRANTED)).isEqualTo(4);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.DEFINITIONS, Kind.APPLY, Kind.OBSERVE);
    }

    @Test
    void R17_whatTheAdditionToldOfAResourceIsKnownWhenAllIsReadBack() {
        fixture.inSync().tenant.withoutResource(DEFENDER);

        CpvResult result = client(new Fixture.Undefined(fixture.directory)).refresh(TENANT, READ_BACK);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.permissions())
                .filteredOn(permission -> permission.permission().id().equals(DEFENDER_ROLE.toString()))
                .singleElement()
                .satisfies(permission -> assertThat(permission.value()).contains("Permission." + DEFENDER_ROLE));
    }
}
