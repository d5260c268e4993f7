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
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.ResetRecord.Phase;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.PassingDirectory;
import dev.cpv.testkit.Chance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R19 and R20: what a reset takes away, gives back and loses, and who finishes it. */
class ResetTest {
    private static final UUID EXTRA_ROLE = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final AppId EXCHANGE = AppId.of("00000002-0000-0ff1-ce00-000000000000");
    private static final PrincipalAssignment GROUP = new PrincipalAssignment.GroupMembership("group-1", "Partners");
    private static final PrincipalAssignment USER =
            new PrincipalAssignment.AppAssignment("user-1", new UUID(0, 0), "Ann");
    private static final PrincipalAssignment ROLE =
            new PrincipalAssignment.DirectoryRole(UUID.randomUUID(), "Directory Readers");
    private static final Set<Kind> WRITES =
            EnumSet.complementOf(EnumSet.of(Kind.OBSERVE, Kind.DEFINITIONS, Kind.SNAPSHOT));
    private static final RefreshOptions REVOKE = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);

    @TempDir
    private Path directory;

    private Fixture fixture = new Fixture();
    private RefreshJournal journal = new InMemoryRefreshJournal();

    @BeforeEach
    void open() {
        journal = FileRefreshJournal.open(directory.resolve("journal"));
        fixture.inSync();
        enrich(fixture.tenant);
    }

    private static void enrich(FakeTenant tenant) {
        tenant.publish(
                        GRAPH,
                        ResourceDefinition.ofTenant(
                                List.of(
                                        new AppRole(GRAPH_ROLE, "User.Read.All", true),
                                        new AppRole(EXTRA_ROLE, "Extra.Role", true)),
                                RequiredPermissionSet.bootstrapScopes()))
                .grantAppRole(GRAPH, EXTRA_ROLE)
                .grantScopes(DEFENDER, "Extra.Scope")
                .grantScopesToUser("ann", GRAPH, "Mail.Read")
                .assign(GROUP)
                .assign(USER)
                .assign(ROLE);
    }

    @Test
    void R19_planTellsWhatGoesAndComesBackAndWritesNothing() {
        CpvResetPlan plan = client(fixture.directory).planReset(TENANT);

        assertThat(plan.failure()).isEmpty();
        assertThat(plan.losses()).isEmpty();
        assertThat(plan.snapshot().orElseThrow().appRoles()).hasSize(3);
        assertThat(plan.assignments())
                .containsExactlyInAnyOrder(
                        GROUP, USER, ROLE, new PrincipalAssignment.UserGrant("ann", GRAPH, List.of("Mail.Read")));
        assertThat(plan.toText())
                .contains("3 app roles")
                .contains("restored: member of group group-1 \"Partners\"")
                .doesNotContain("lost:");
        assertThat(plan.toJson()).contains("\"losses\":[]").contains("group-1");
        assertThat(fixture.writes()).isEmpty();
        assertThat(journal.findReset(TENANT)).isEmpty();
    }

    @Test
    void R19_tenantHasAfterwardsWhatItHadAndWhatIsRequired() {
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(result.failure()).isEmpty();
        assertThat(result.count(Status.GRANTED)).as("all went, and came back").isEqualTo(7);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.DONE);
        assertThat(fixture.writes())
                .extracting(steps -> steps.get(0).kind())
                .startsWith(StepKind.REMOVE_CONSENT, StepKind.DELETE_SERVICE_PRINCIPAL, StepKind.CONSENT);
    }

    @Test
    void R16_resultOfAResetTellsOfTheRequiredPermissionsAlone() {
        fixture = new Fixture().inSync();
        fixture.tenant.grantScopes(DEFENDER, "Extra.Scope");

        CpvResult result = reset(fixture.directory);

        assertThat(fixture.tenant.scopes(DEFENDER)).contains("Extra.Scope");
        assertThat(result.permissions())
                .extracting(PermissionOutcome::permission)
                .containsExactlyElementsOf(
                        REQUIRED.plus(RequiredPermissionSet.bootstrap()).permissions());
    }

    @Test
    void R19_whatWasMissingIsAddedOnTheWay() {
        fixture = new Fixture().consented();

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles()).hasSize(2);
    }

    @Test
    void R19_snapshotIsSafeBeforeAnythingIsRemoved() {
        List<Phase> phases = new ArrayList<>();
        List<TenantSnapshot> snapshots = new ArrayList<>();
        TenantSnapshot before =
                client(fixture.directory).planReset(TENANT).snapshot().orElseThrow();

        reset(new PassingDirectory(fixture.directory) {
            @Override
            protected <T> T call(RefreshContext context, Kind kind, Supplier<T> work) {
                if (WRITES.contains(kind)) {
                    ResetRecord record = journal.findReset(TENANT).orElseThrow();
                    phases.add(record.phase());
                    snapshots.add(record.snapshot());
                }
                return work.get();
            }
        });

        assertThat(phases).startsWith(Phase.REMOVING, Phase.REMOVING, Phase.DELETED, Phase.RESTORING);
        assertThat(snapshots).containsOnly(before);
    }

    @Test
    void R19_underRevokeOnlyWhatIsRequiredComesBackAndThePlanSaysSo() {
        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT, REVOKE);

        assertThat(plan.assignments()).isEmpty();
        assertThat(plan.losses())
                .extracting(UnrestorableItem::what)
                .contains(
                        "app role Extra.Role (" + EXTRA_ROLE + ") of " + GRAPH,
                        "scope Extra.Scope of " + DEFENDER,
                        GROUP.describe());
        assertThat(client.reset(plan).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.appRoles())
                .containsExactlyInAnyOrder(
                        new AssignedAppRole(GRAPH, GRAPH_ROLE), new AssignedAppRole(DEFENDER, DEFENDER_ROLE));
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read");
        assertThat(fixture.tenant.assignments()).isEmpty();
    }

    @Test
    void R19_extrasOfAResourceThatIsNotRequiredComeBackToo() {
        holdsOfExchange();
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    @Test
    void R20_whoFinishesAResetGivesBackExtrasOfAResourceThatIsNotRequired() {
        holdsOfExchange();
        TenantState before = TenantState.of(fixture.tenant);
        fixture.tenant.failNext(new PlanStep.Consent(GRAPH, BOOTSTRAP), failure(FailureCode.SERVICE_UNAVAILABLE));
        reset(fixture.directory);
        assertThat(phase()).isEqualTo(Phase.DELETED);

        CpvResult result = refresh();

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    private void holdsOfExchange() {
        fixture.tenant
                .publish(
                        EXCHANGE,
                        ResourceDefinition.ofTenant(List.of(new AppRole(EXTRA_ROLE, "Extra.Role", true)), List.of()))
                .grantAppRole(EXCHANGE, EXTRA_ROLE)
                .grantScopes(EXCHANGE, "Exchange.Manage");
    }

    @Test
    void R19_whatCannotBeGivenBackIsTold() {
        PrincipalAssignment dynamic = new PrincipalAssignment.GroupMembership("group-2", "All partners");
        fixture.tenant.assignForGood(dynamic, "its members follow a rule").grantAppRole(DEFENDER, EXTRA_ROLE);

        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);

        assertThat(plan.losses())
                .extracting(UnrestorableItem::what)
                .containsExactly("app role " + EXTRA_ROLE + " of " + DEFENDER, dynamic.describe());
        assertThat(plan.toText())
                .contains("lost: member of group group-2 \"All partners\" (its members follow a rule)");
        assertThat(plan.failure()).as("nothing of it is required").isEmpty();
        CpvResult result = client.reset(plan);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.assignments()).doesNotContain(dynamic).contains(GROUP);
    }

    @Test
    void R19_scopesThatDoNotFitIntoOneGrantAreToldAsLost() {
        String[] many = new String[90];
        for (int i = 0; i < many.length; i++) {
            many[i] = "Extra.Scope." + "x".repeat(30) + i;
        }
        fixture.tenant.grantScopes(DEFENDER, many);

        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);

        assertThat(plan.losses()).hasSizeGreaterThanOrEqualTo(many.length);
        assertThat(client.reset(plan).outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read");
    }

    @Test
    void R19_nothingIsRemovedWhereARequiredPermissionWouldBeLost() {
        fixture.tenant.publish(DEFENDER, ResourceDefinition.ofTenant(List.of(), List.of()));
        TenantState before = TenantState.of(fixture.tenant);

        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);
        CpvResult result = client.reset(plan);

        assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_WOULD_LOSE);
        assertThat(plan.failure().orElseThrow().message()).contains(DEFENDER_ROLE.toString());
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_WOULD_LOSE);
        assertThat(fixture.writes()).isEmpty();
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(journal.findReset(TENANT)).isEmpty();
    }

    @Test
    void R19_theTenantItselfIsAskedWhatCanBeHadAgain() {
        PassingDirectory elsewhere = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ResourceDefinition offered = ResourceDefinition.ofAnotherTenant(
                        List.of(new AppRole(DEFENDER_ROLE, "Machine.Read.All", true)), List.of());
                return super.observe(session, context, resources).withDefinitions(Map.of(DEFENDER, offered));
            }
        };
        fixture.tenant.publish(DEFENDER, ResourceDefinition.ofTenant(List.of(), List.of()));

        CpvResetPlan plan = client(elsewhere).planReset(TENANT);

        assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_WOULD_LOSE);
    }

    @Test
    void R19_theTenantItselfIsAskedAboutExtrasToo() {
        PassingDirectory elsewhere = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ResourceDefinition offered = ResourceDefinition.ofAnotherTenant(
                        List.of(new AppRole(EXTRA_ROLE, "Extra.Role", true)), List.of());
                return super.observe(session, context, resources).withDefinitions(Map.of(EXCHANGE, offered));
            }
        };
        fixture.tenant
                .publish(EXCHANGE, ResourceDefinition.ofTenant(List.of(), List.of()))
                .grantAppRole(EXCHANGE, EXTRA_ROLE);

        CpvResetPlan plan = client(elsewhere).planReset(TENANT);

        assertThat(plan.failure()).isEmpty();
        assertThat(plan.losses())
                .extracting(UnrestorableItem::what)
                .containsExactly("app role " + EXTRA_ROLE + " of " + EXCHANGE);
    }

    @Test
    void R19_aResetThatWasApprovedIsDoneThoughAGroupWasRenamedSince() {
        fixture.tenant.assignForGood(
                new PrincipalAssignment.GroupMembership("group-2", "All partners"), "its members follow a rule");
        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);
        PrincipalAssignment renamed = new PrincipalAssignment.GroupMembership("group-2", "Every partner");
        fixture.tenant
                .assignForGood(renamed, "its members follow a rule")
                .assign(new PrincipalAssignment.GroupMembership(GROUP.objectId(), "Some partners"));
        assertThat(client.planReset(TENANT).toText())
                .contains("\"Every partner\"", "\"Some partners\"")
                .doesNotContain("All partners");

        CpvResult result = client.reset(plan);

        assertThat(result.failure()).isEmpty();
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void R19_nothingIsRemovedIfTheTenantIsNotAsThePlanSays() {
        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);
        fixture.tenant.grantScopesToUser("bob", GRAPH, "Mail.Send");

        CpvResult result = client.reset(plan);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.PLAN_STALE);
        assertThat(fixture.writes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TenantRoute.class,
            names = {"PARTNER", "DIRECT"})
    void R19_onlyACustomersTenantIsReset(TenantRoute route) {
        fixture.tenant.route(route);

        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);

        assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_ROUTE);
        assertThat(client.reset(plan).failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_ROUTE);
        assertThat(fixture.writes()).isEmpty();
    }

    @Test
    void R19_tenantWithoutConsentIsNotReset() {
        fixture.tenant.deleteApplication();

        CpvResetPlan plan = client(fixture.directory).planReset(TENANT);

        assertThat(plan.failure().orElseThrow().code()).isEqualTo(FailureCode.CONSENT_MISSING);
        assertThat(plan.snapshot()).isEmpty();
        assertThat(plan.toText()).contains("cannot be reset");
    }

    @Test
    void R19_directoryThatCannotResetSaysSo() {
        TenantDirectory plain = context -> new TenantSession() {
            private final TenantSession session = fixture.directory.open(context);

            @Override
            public ObservedTenant observe(Set<AppId> resources) {
                return session.observe(resources);
            }

            @Override
            public Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
                return Map.of();
            }

            @Override
            public StepResult consent(PlanStep.Consent consent) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void apply(List<PlanStep> steps, StepSink sink) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {
                session.close();
            }
        };

        assertThat(client(plain).planReset(TENANT).failure().orElseThrow().code())
                .isEqualTo(FailureCode.STEP_UNSUPPORTED);
    }

    @Test
    void R20_resetNeedsADurableJournal() {
        CpvResetPlan plan = fixture.client.planReset(TENANT);

        assertThatIllegalStateException()
                .isThrownBy(() -> fixture.client.reset(plan))
                .withMessageContaining("Builder.journal");
        assertThat(fixture.writes()).isEmpty();
    }

    @Test
    void R20_everyPhaseStandsInTheJournal() {
        List<Phase> phases = new ArrayList<>();
        RefreshJournal noting = new PassingJournal(journal) {
            @Override
            public boolean saveReset(ResetRecord reset, Lease lease) {
                phases.add(reset.phase());
                return super.saveReset(reset, lease);
            }
        };
        CpvClient client = fixture.builder(fixture.directory, noting).build();

        client.reset(client.planReset(TENANT));

        assertThat(phases).containsExactly(Phase.SNAPSHOT, Phase.REMOVING, Phase.DELETED, Phase.RESTORING, Phase.DONE);
    }

    @Test
    void R20_removalThatIsRefusedEndsTheResetAndChangesNothing() {
        fixture.tenant.failNext(new ResetStep.RemoveConsent(), failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING));
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
        assertThat(result.count(Status.ALREADY_GRANTED)).isEqualTo(7);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.ABORTED);
        assertThat(refresh().outcome().isInSync()).as("the entry is closed").isTrue();
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureCode.class,
            names = {"RESET_NOT_CONFIRMED", "BOOTSTRAP_SCOPES_MISSING"})
    void R20_deletionThatIsRefusedGivesBackWhatTheConsentTookAlong(FailureCode refusal) {
        fixture.tenant.failNext(new ResetStep.DeleteServicePrincipal(), failure(refusal));
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(refusal);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.ABORTED);
    }

    @Test
    void R20_whatTimeCanMendLeavesTheResetOpenAndClaimsNothing() {
        fixture.tenant.failNext(new ResetStep.DeleteServicePrincipal(), failure(FailureCode.SERVICE_UNAVAILABLE));
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(result.count(Status.ALREADY_GRANTED) + result.count(Status.GRANTED))
                .as("the consent is gone, so nothing is said to be granted")
                .isZero();
        assertThat(phase()).isEqualTo(Phase.REMOVING);
        assertThat(refresh().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void R20_whereTheAnswerToTheRemovalIsLostNothingIsClaimed() {
        fixture.tenant.failNext(new ResetStep.RemoveConsent(), failure(FailureCode.NETWORK_FAILURE));
        TenantState before = TenantState.of(fixture.tenant);

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.NETWORK_FAILURE);
        assertThat(result.count(Status.ALREADY_GRANTED)).isZero();
        assertThat(phase()).isEqualTo(Phase.REMOVING);
        assertThat(refresh().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    @Test
    void R20_whereItCannotBeToldWhetherTheServicePrincipalIsGoneTheResetStaysOpen() {
        TenantState before = TenantState.of(fixture.tenant);
        fixture.tenant.failNext(new ResetStep.DeleteServicePrincipal(), failure(FailureCode.SERVICE_UNAVAILABLE));
        reset(fixture.directory);
        fixture.tenant.failNext(new ResetStep.DeleteServicePrincipal(), failure(FailureCode.NETWORK_FAILURE));

        CpvResult again = refresh();

        assertThat(again.failure().orElseThrow().code()).isEqualTo(FailureCode.NETWORK_FAILURE);
        assertThat(phase()).isEqualTo(Phase.REMOVING);
        assertThat(refresh().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    @Test
    void R20_whatCannotBeGivenBackAfterAllIsToldByTheResult() {
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.UNKNOWN));

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_INCOMPLETE);
        assertThat(result.failure().orElseThrow().message()).contains("Partners");
        assertThat(phase()).isEqualTo(Phase.DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"consent gone, service principal there", "both gone", "deletion confirmed", "consent there again"
            })
    void R20_whoFinishesAResetIsToldWhatCannotBeGivenBack(String cutShort) {
        if (cutShort.equals("both gone")) {
            fixture.tenant.consentRemovalDeletesPrincipal();
        }
        Step fails = switch (cutShort) {
            case "deletion confirmed" -> new PlanStep.Consent(GRAPH, BOOTSTRAP);
            case "consent there again" -> new ResetStep.RestoreAssignment(USER);
            default -> new ResetStep.DeleteServicePrincipal();
        };
        fixture.tenant.failNext(fails, failure(FailureCode.SERVICE_UNAVAILABLE));
        reset(fixture.directory);
        assertThat(phase().isOpen()).isTrue();
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.UNKNOWN));

        CpvResult result = refresh();

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_INCOMPLETE);
        assertThat(result.failure().orElseThrow().message())
                .contains("Partners")
                .doesNotContain("Ann");
        assertThat(phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void R20_aResetThatIsReadBackStaysOpenUntilAllIsSeen() {
        TenantState before = TenantState.of(fixture.tenant);
        PlanStep taken = new PlanStep.RevokeAppRole(GRAPH, GRAPH_ROLE);

        CpvResult result = readBack(assign(GRAPH, GRAPH_ROLE), taken);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.NOT_REPLICATED_YET);
        assertThat(phase()).isEqualTo(Phase.RESTORING);
        assertThat(refresh().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void R20_aPermissionIsNotToldWithTheFailureOfAnAssignment() {
        Step group = new ResetStep.RestoreAssignment(GROUP);
        fixture.tenant.failNext(group, failure(FailureCode.UNKNOWN));
        List<String> others = new ArrayList<>(BOOTSTRAP);
        others.add("Mail.Read");

        CpvResult result = readBack(group, new PlanStep.SetScopes(GRAPH, others, List.of("User.Read.All")));

        assertThat(result.permissions())
                .filteredOn(permission -> permission.status() == Status.FAILED)
                .singleElement()
                .satisfies(permission -> {
                    assertThat(permission.permission().id()).isEqualTo("User.Read.All");
                    assertThat(permission.failure().map(CpvFailure::code)).contains(FailureCode.NOT_REPLICATED_YET);
                });
    }

    /** Resets and reads back, while somebody else changes the tenant after a step. */
    private CpvResult readBack(Step after, PlanStep change) {
        CpvClient client = client(new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, sink);
                changeAfter(session, steps);
            }

            @Override
            protected void restore(
                    TenantSession session,
                    RefreshContext context,
                    List<PrincipalAssignment> assignments,
                    StepSink sink) {
                super.restore(session, context, assignments, sink);
                changeAfter(
                        session,
                        assignments.stream()
                                .map(ResetStep.RestoreAssignment::new)
                                .toList());
            }

            private void changeAfter(TenantSession session, List<? extends Step> steps) {
                if (steps.contains(after)) {
                    session.apply(List.of(change), (step, answer) -> {});
                }
            }
        });
        return client.reset(
                client.planReset(TENANT), RefreshOptions.defaults().withVerification(WriteVerification.READ_BACK));
    }

    @Test
    void R20_anExtraPermissionThatCannotBeGivenBackIsToldByTheResult() {
        fixture.tenant.failNext(assign(GRAPH, EXTRA_ROLE), failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING));

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_INCOMPLETE);
        assertThat(result.failure().orElseThrow().message()).contains(EXTRA_ROLE.toString());
        assertThat(phase()).isEqualTo(Phase.DONE);
    }

    @Test
    void R20_aSecondResetFinishesTheOneThatIsOpen() {
        TenantState before = TenantState.of(fixture.tenant);
        CpvClient client = client(fixture.directory);
        CpvResetPlan plan = client.planReset(TENANT);
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.THROTTLED));
        client.reset(plan);
        assertThat(phase()).isEqualTo(Phase.RESTORING);

        CpvResult again = client.reset(plan);

        assertThat(again.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
        assertThat(phase()).isEqualTo(Phase.DONE);
        assertThat(fixture.writes().stream()
                        .flatMap(List::stream)
                        .filter(step -> step.kind() == StepKind.REMOVE_CONSENT))
                .as("nothing is removed a second time")
                .hasSize(1);
    }

    @Test
    void R20_aTenantWhoseResetIsOpenIsNotOffboarded() {
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.THROTTLED));
        reset(fixture.directory);

        CpvResult result = client(fixture.directory).offboard(TENANT);

        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_UNFINISHED);
        assertThat(fixture.tenant.isConsented()).isTrue();
        assertThat(phase()).as("who refreshes finishes it").isEqualTo(Phase.RESTORING);
    }

    @Test
    void R20_whatCouldNotBeGivenBackYetIsGivenBackByTheNextRefresh() {
        TenantState before = TenantState.of(fixture.tenant);
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.THROTTLED));

        CpvResult result = reset(fixture.directory);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(phase()).isEqualTo(Phase.RESTORING);
        assertThat(refresh().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(TenantState.of(fixture.tenant)).isEqualTo(before);
    }

    @Test
    void R20_whileAResetIsOpenNothingElseSaysThatAllIsWell() {
        fixture.tenant.failNext(new ResetStep.RestoreAssignment(GROUP), failure(FailureCode.THROTTLED));
        reset(fixture.directory);
        CpvClient client = client(fixture.directory);

        CpvResult preview = client.preview(TENANT);

        assertThat(preview.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(preview.failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_UNFINISHED);
        assertThat(client.apply(preview.plan()).failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_UNFINISHED);
        assertThat(client.planReset(TENANT).failure().orElseThrow().code()).isEqualTo(FailureCode.RESET_UNFINISHED);
    }

    @Test
    void R20_nothingIsRemovedIfTheSnapshotIsNotSafe() {
        RefreshJournal full = new PassingJournal(journal) {
            @Override
            public boolean saveReset(ResetRecord reset, Lease lease) {
                throw new RefreshJournalException("The disk is full", null);
            }
        };
        CpvClient client = fixture.builder(fixture.directory, full).build();

        CpvResult result = client.reset(client.planReset(TENANT));

        assertThat(result.failure().orElseThrow().code()).isEqualTo(FailureCode.JOURNAL_FAILED);
        assertThat(fixture.writes()).isEmpty();
    }

    /** At each call of the directory, before and after its effect, with a service principal that stays or goes with consent. */
    @ParameterizedTest
    @ValueSource(strings = {"before", "after", "before, gone with consent", "after, gone with consent"})
    void R20_killedAtAnyCallTheNextRefreshFinishes(String when) {
        int kills = 0;
        boolean died = true;
        for (int call = 1; died; call++) {
            Fixture other = new Fixture().inSync();
            fixture = other;
            enrich(other.tenant);
            if (when.contains("gone")) {
                other.tenant.consentRemovalDeletesPrincipal();
            }
            journal = FileRefreshJournal.open(directory.resolve(when + call));
            TenantState before = TenantState.of(other.tenant);
            CpvResetPlan plan = client(other.directory).planReset(TENANT);
            died = isKilled(other, plan, call, when.startsWith("before"));
            kills += died ? 1 : 0;

            other.clock.advance(Duration.ofMinutes(20));
            CpvResult result = refresh();

            assertThat(result.outcome())
                    .as("killed %s call %d: %s", when, call, result)
                    .isIn(RefreshOutcome.UPDATED, RefreshOutcome.UP_TO_DATE);
            assertThat(TenantState.of(other.tenant))
                    .as("killed %s call %d", when, call)
                    .isEqualTo(before);
            assertThat(journal.findReset(TENANT).filter(reset -> reset.phase().isOpen()))
                    .as("killed %s call %d", when, call)
                    .isEmpty();
        }
        assertThat(kills)
                .as("look, snapshot, removals, consent, looks and writes")
                .isGreaterThanOrEqualTo(8);
    }

    @Test
    void R20_whateverGoesWrongTheTenantHasInTheEndWhatItHad() {
        long[] seeds = Chance.seeds("cpv.resets", 3_000).toArray();
        int cases = seeds.length;
        int kills = 0;
        int unfinished = 0;
        for (long seed : seeds) {
            Random random = Chance.dice(seed);
            Fixture other = new Fixture().inSync();
            fixture = other;
            enrich(other.tenant);
            if (random.nextBoolean()) {
                other.tenant.consentRemovalDeletesPrincipal();
            }
            journal = new DurableInMemory();
            TenantState before = TenantState.of(other.tenant);
            CpvResetPlan plan = client(other.directory).planReset(TENANT);
            disturb(other.tenant, random);
            kills += isKilled(other, plan, 1 + random.nextInt(12), random.nextBoolean()) ? 1 : 0;
            unfinished +=
                    journal.findReset(TENANT).filter(r -> r.phase().isOpen()).isPresent() ? 1 : 0;
            for (int again = 0; again < 12; again++) {
                other.clock.advance(Duration.ofMinutes(20));
                refresh();
            }

            assertThat(TenantState.of(other.tenant)).as("-Dcpv.seed=%d", seed).isEqualTo(before);
            assertThat(refresh().outcome()).as("-Dcpv.seed=%d", seed).isEqualTo(RefreshOutcome.UP_TO_DATE);
        }
        assertThat(kills).as("killed of %d", cases).isGreaterThan(cases / 4);
        assertThat(unfinished).as("left open of %d", cases).isGreaterThan(cases / 4);
    }

    /** What the next tries meet: refusals that time mends, of whole calls and of steps. */
    private static void disturb(FakeTenant tenant, Random random) {
        FailureCode[] passing = {
            FailureCode.SERVICE_UNAVAILABLE,
            FailureCode.THROTTLED,
            FailureCode.NETWORK_FAILURE,
            FailureCode.WRITE_CONFLICT
        };
        List<Step> steps = List.of(
                new ResetStep.RemoveConsent(),
                new ResetStep.DeleteServicePrincipal(),
                new PlanStep.Consent(GRAPH, BOOTSTRAP),
                new PlanStep.AssignAppRole(GRAPH, EXTRA_ROLE),
                new PlanStep.AssignAppRole(DEFENDER, DEFENDER_ROLE),
                new PlanStep.SetScopes(DEFENDER, List.of("Extra.Scope", "Machine.Read"), List.of()),
                new ResetStep.RestoreAssignment(GROUP),
                new ResetStep.RestoreAssignment(ROLE));
        for (int faults = random.nextInt(5); faults > 0; faults--) {
            FailureCode code = passing[random.nextInt(passing.length)];
            if (random.nextInt(4) == 0) {
                tenant.failNext(failure(code));
            } else {
                tenant.failNext(steps.get(random.nextInt(steps.size())), failure(code));
            }
        }
    }

    private boolean isKilled(Fixture other, CpvResetPlan plan, int call, boolean before) {
        try {
            client(new Killing(other.directory, call, before)).reset(plan);
            return false;
        } catch (Killing.KilledError e) {
            return true;
        }
    }

    private CpvResult reset(TenantDirectory over) {
        CpvClient client = client(over);
        return client.reset(client.planReset(TENANT));
    }

    private CpvResult refresh() {
        return client(fixture.directory).refresh(TENANT);
    }

    private CpvClient client(TenantDirectory over) {
        return fixture.builder(over, journal).build();
    }

    private Phase phase() {
        return journal.findReset(TENANT).orElseThrow().phase();
    }

    /** Stands for a durable journal where nothing is to be shown of the disk. */
    private static final class DurableInMemory extends PassingJournal {
        DurableInMemory() {
            super(new InMemoryRefreshJournal());
        }

        @Override
        public boolean isDurable() {
            return true;
        }
    }

    /** All that the tenant keeps of the application. */
    private record TenantState(
            Set<AssignedAppRole> appRoles, Set<String> scopes, List<PrincipalAssignment> assignments) {
        static TenantState of(FakeTenant tenant) {
            Set<String> scopes = new TreeSet<>();
            tenant.grants()
                    .forEach(grant -> grant.scopes().forEach(scope -> scopes.add(grant.resource() + " " + scope)));
            return new TenantState(tenant.appRoles(), scopes, tenant.assignments());
        }
    }
}
