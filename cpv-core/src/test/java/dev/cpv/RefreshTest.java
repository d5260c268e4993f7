package dev.cpv;

import static dev.cpv.Fixture.BOOTSTRAP;
import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.DEFENDER_ROLE;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.NIGHTLY;
import static dev.cpv.Fixture.REQUIRED;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.assign;
import static dev.cpv.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Notice;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call.Kind;
import dev.cpv.testing.ManualClock;
import dev.cpv.testing.PassingDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** R8 to R17 through the door: what is written, and what is said of it. */
class RefreshTest {
    private static final RefreshOptions REVOKE = RefreshOptions.defaults().withExtraGrants(ExtraGrants.REVOKE);

    private final Fixture fixture = new Fixture();

    @Test
    void R8_roleThatSomebodyElseAssignedMeanwhileCountsAsAlreadySo() {
        fixture.inSync();
        PassingDirectory stale = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant truth = super.observe(session, context, resources);
                return truth.after(new PlanStep.RevokeAppRole(GRAPH, GRAPH_ROLE), null);
            }
        };

        CpvResult result = fixture.client(stale).refresh(TENANT);

        assertThat(result.steps()).containsExactly(Map.entry(assign(GRAPH, GRAPH_ROLE), StepResult.unchanged()));
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(status(result, GRAPH_ROLE.toString())).isEqualTo(Status.ALREADY_GRANTED);
    }

    @Test
    void R9_definitionIsReadOnceInTheTenantBeforeNotOfferedIsSaid() {
        fixture.consented();
        PassingDirectory fromElsewhere = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant truth = super.observe(session, context, resources);
                ObservedTenant.Builder seen = ObservedTenant.builder(truth.tenant(), truth.route());
                resources.forEach(id -> seen.resource(ObservedResource.present(
                        id, "", true, ResourceDefinition.ofAnotherTenant(List.of(), List.of()))));
                truth.grants().forEach(seen::grant);
                return seen.build();
            }
        };
        UUID withdrawn = UUID.fromString("99999999-0000-4000-8000-000000000001");
        RequiredPermissionSet required = REQUIRED.plus(RequiredPermissionSet.builder("more")
                .application(GRAPH, withdrawn.toString())
                .build());
        CpvClient client = CpvClient.create(fromElsewhere, required);

        CpvResult result = client.refresh(TENANT);

        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.DEFINITIONS, Kind.APPLY);
        assertThat(status(result, withdrawn.toString())).isEqualTo(Status.NOT_OFFERED);
        assertThat(status(result, GRAPH_ROLE.toString())).isEqualTo(Status.GRANTED);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.worthRetrying()).as("nothing that passes by itself").isFalse();
    }

    @Test
    void R9_resourceWhoseDefinitionCannotBeReadIsSaidSo() {
        fixture.consented();
        PassingDirectory blind = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                ObservedTenant truth = super.observe(session, context, resources);
                ObservedTenant.Builder seen = ObservedTenant.builder(truth.tenant(), truth.route());
                resources.forEach(id -> seen.resource(ObservedResource.present(id, "", true, null)));
                return seen.build();
            }

            @Override
            protected Map<AppId, ResourceDefinition> definitions(
                    TenantSession session, RefreshContext context, Set<AppId> resources) {
                return Map.of();
            }
        };

        CpvResult result = fixture.client(blind).refresh(TENANT);

        assertThat(code(result, GRAPH_ROLE.toString())).contains(FailureCode.RESOURCE_NOT_READABLE);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.worthRetrying()).isTrue();
    }

    @Test
    void R10_extrasAreKeptAndReportedUnlessRevoked() {
        UUID extra = UUID.fromString("99999999-0000-4000-8000-000000000002");
        fixture.inSync().tenant.grantAppRole(DEFENDER, extra).grantScopes(DEFENDER, "Machine.Wipe");

        CpvResult kept = fixture.client.refresh(TENANT);
        CpvResult revoked = fixture.client.refresh(TENANT, REVOKE);
        CpvResult after = fixture.client.refresh(TENANT);

        assertThat(kept.extras()).extracting(ExtraPermission::id).containsExactly(extra.toString(), "Machine.Wipe");
        assertThat(kept.extras()).noneMatch(ExtraPermission::revoked);
        assertThat(revoked.extras()).hasSize(2).allMatch(ExtraPermission::revoked);
        assertThat(after.extras()).isEmpty();
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read");
        assertThat(fixture.tenant.appRoles()).hasSize(2);
    }

    @Test
    void R10_extraThatCouldNotBeRevokedIsStillThere() {
        UUID extra = UUID.fromString("99999999-0000-4000-8000-000000000002");
        fixture.inSync().tenant.grantAppRole(DEFENDER, extra);
        fixture.tenant.failNext(
                new PlanStep.RevokeAppRole(DEFENDER, extra), failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING));

        CpvResult result = fixture.client.refresh(TENANT, REVOKE);

        assertThat(result.extras())
                .singleElement()
                .satisfies(e -> assertThat(e.revoked()).isFalse());
        assertThat(result.outcome()).as("a step that was asked for failed").isEqualTo(RefreshOutcome.PARTIAL);
    }

    @Test
    void R10_extraThatWasRevokedIsToldBesideOneThatCouldNotBe() {
        UUID extra = UUID.fromString("99999999-0000-4000-8000-000000000002");
        fixture.inSync().tenant.grantAppRole(DEFENDER, extra).grantScopes(DEFENDER, "Machine.Wipe");
        fixture.tenant.failNext(
                new PlanStep.RevokeAppRole(DEFENDER, extra), failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING));

        CpvResult result = fixture.client.refresh(TENANT, REVOKE);

        assertThat(result.extras())
                .extracting(ExtraPermission::id, ExtraPermission::revoked)
                .containsExactly(Tuple.tuple(extra.toString(), false), Tuple.tuple("Machine.Wipe", true));
    }

    @Test
    void R10_clientsOwnOptionsHoldWhereACallNamesNone() {
        fixture.inSync().tenant.grantScopes(DEFENDER, "Machine.Wipe");
        CpvClient client = fixture.builder(fixture.directory).options(REVOKE).build();

        client.refresh(TENANT);

        assertThat(client.options()).isSameAs(REVOKE);
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read");
    }

    @Test
    void R11_usersOwnGrantsAreNeitherReadNorTouched() {
        fixture.inSync()
                .tenant
                .grantScopesToUser("ann", DEFENDER, "Machine.Wipe")
                .grantScopesToUser("bob", GRAPH, "Mail.Read");
        var before = fixture.tenant.grantsOfUsers();

        CpvResult result = fixture.client.refresh(TENANT, REVOKE);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(result.extras()).isEmpty();
        assertThat(fixture.tenant.grantsOfUsers()).isEqualTo(before).hasSize(2);
    }

    @Test
    void R12_rewrittenSpellingIsNoRevokedExtra() {
        fixture.inSync()
                .tenant
                .publish(
                        DEFENDER,
                        ResourceDefinition.ofTenant(
                                List.of(new AppRole(DEFENDER_ROLE, "x", true)),
                                List.of(new PublishedScope(UUID.randomUUID(), "Machine.Isolate"))));
        fixture.tenant.grantScopes(DEFENDER, "machine.ISOLATE");

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Isolate", "Machine.Read");
        assertThat(result.extras()).singleElement().satisfies(extra -> {
            assertThat(extra.value()).isEqualTo("Machine.Isolate");
            assertThat(extra.revoked()).isFalse();
        });
    }

    @Test
    void R13_severalGrantsBecomeOne() {
        fixture.inSync().tenant.grantScopes(DEFENDER, "Machine.Wipe");

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(fixture.tenant.grants()).hasSize(2);
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read", "Machine.Wipe");
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void R14_unionThatIsTooLongFailsThatResourceAlone() {
        fixture.consented();
        for (int i = 0; i < 16; i++) {
            fixture.tenant.grantScopes(DEFENDER, "Extra." + "x".repeat(240) + i);
        }

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(code(result, "Machine.Read")).contains(FailureCode.SCOPE_TOO_LONG);
        assertThat(status(result, DEFENDER_ROLE.toString())).isEqualTo(Status.GRANTED);
        assertThat(status(result, "User.Read.All")).isEqualTo(Status.GRANTED);
        assertThat(fixture.tenant.grants()).as("nothing was deleted").hasSize(17);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
    }

    @Test
    void R15_missingResourceIsAddedAndGrantedInTheSameRefresh() {
        fixture.consented().tenant.withoutResource(DEFENDER);

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.tenant.hasResource(DEFENDER)).isTrue();
        assertThat(fixture.tenant.scopes(DEFENDER)).containsExactly("Machine.Read");
        assertThat(status(result, DEFENDER_ROLE.toString())).isEqualTo(Status.GRANTED);
    }

    @Test
    void R15_resourceThatIsNotAvailableIsNotApplicableAndBlocksNoOther() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(status(result, DEFENDER_ROLE.toString())).isEqualTo(Status.NOT_APPLICABLE);
        assertThat(status(result, "Machine.Read")).isEqualTo(Status.NOT_APPLICABLE);
        assertThat(status(result, GRAPH_ROLE.toString())).isEqualTo(Status.GRANTED);
        assertThat(result.notices())
                .extracting(Notice::code, Notice::resource)
                .containsExactly(Tuple.tuple(FailureCode.RESOURCE_NOT_AVAILABLE, DEFENDER));
    }

    @Test
    void R15_forbiddenAdditionIsAFailure() {
        fixture.consented().tenant.withoutResource(DEFENDER);
        fixture.tenant.failNext(new PlanStep.AddResource(DEFENDER), failure(FailureCode.DELEGATED_ADMIN_ROLE_MISSING));

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(code(result, "Machine.Read")).contains(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
        assertThat(code(result, DEFENDER_ROLE.toString())).contains(FailureCode.DELEGATED_ADMIN_ROLE_MISSING);
        assertThat(fixture.journal.find(TENANT).orElseThrow().notCreatable()).isEmpty();
    }

    @Test
    void R15_whatCouldNotBeAddedIsRememberedForAWeekAtNight() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        fixture.client.refresh(TENANT, NIGHTLY);
        int writes = fixture.writes().size();

        fixture.clock.advance(Duration.ofDays(6));
        CpvResult remembered = fixture.client.refresh(TENANT, NIGHTLY);
        assertThat(fixture.writes()).as("no write").hasSize(writes);
        assertThat(remembered.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(status(remembered, "Machine.Read")).isEqualTo(Status.NOT_APPLICABLE);

        fixture.clock.advance(Duration.ofDays(2));
        fixture.client.refresh(TENANT, NIGHTLY);
        assertThat(fixture.writes()).as("asked again after a week").hasSize(writes + 1);
    }

    @Test
    void R15_personWhoRefreshesAsksAgain() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        fixture.client.refresh(TENANT, NIGHTLY);
        int writes = fixture.writes().size();

        fixture.client.refresh(TENANT);

        assertThat(fixture.writes()).hasSize(writes + 1);
    }

    @Test
    void R15_failedRefreshDoesNotForgetWhatCouldNotBeAdded() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        fixture.client.refresh(TENANT, NIGHTLY);
        int writes = fixture.writes().size();
        fixture.tenant.failNext(failure(FailureCode.NETWORK_FAILURE));

        fixture.client.refresh(TENANT, NIGHTLY);
        fixture.client.refresh(TENANT, NIGHTLY);

        assertThat(fixture.writes()).hasSize(writes);
    }

    @Test
    void R15_resourceThatIsThereAfterAllIsForgotten() {
        fixture.consented().tenant.withUnavailableResource(DEFENDER);
        fixture.client.refresh(TENANT, NIGHTLY);
        fixture.directory.tenant(TENANT).deleteApplication();
        Fixture licensed = new Fixture();
        licensed.inSync();

        CpvClient client = CpvClient.builder(licensed.directory, REQUIRED)
                .journal(fixture.journal)
                .clock(fixture.clock)
                .build();
        CpvResult result = client.refresh(TENANT, NIGHTLY);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(status(result, "Machine.Read")).isEqualTo(Status.ALREADY_GRANTED);
        assertThat(fixture.journal.find(TENANT).orElseThrow().notCreatable()).isEmpty();
    }

    @Test
    void R15_disabledResourceIsGrantedAndNoted() {
        fixture.consented().tenant.withDisabledResource(DEFENDER);

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(status(result, "Machine.Read")).isEqualTo(Status.GRANTED);
        assertThat(result.notices()).extracting(Notice::code).containsExactly(FailureCode.RESOURCE_DISABLED);
    }

    @Test
    void R16_everyRequiredPermissionIsInEveryResultExactlyOnce() {
        Set<RequiredPermission> all =
                REQUIRED.plus(RequiredPermissionSet.bootstrap()).permissions();
        fixture.tenant.withUnavailableResource(DEFENDER).consentVisibleAfter(1_000);
        CpvResult preview = fixture.client.preview(TENANT);
        CpvResult failed = fixture.client.refresh(TENANT);
        fixture.tenant.consentVisibleAfter(0);
        fixture.tenant.deleteApplication();
        CpvResult updated = fixture.client.refresh(TENANT);
        CpvResult upToDate = fixture.client.refresh(TENANT, NIGHTLY);
        fixture.tenant.failNext(failure(FailureCode.THROTTLED));
        CpvResult throttled = fixture.client.refresh(TENANT);
        fixture.tenant.deleteApplication();
        fixture.tenant.failNext(assign(GRAPH, GRAPH_ROLE), failure(FailureCode.WRITE_CONFLICT));
        CpvResult partial = fixture.client.refresh(TENANT);

        List<CpvResult> results = List.of(preview, failed, updated, upToDate, throttled, partial);

        assertThat(results)
                .extracting(CpvResult::outcome)
                .containsExactly(
                        RefreshOutcome.DRIFTED,
                        RefreshOutcome.FAILED,
                        RefreshOutcome.UPDATED,
                        RefreshOutcome.UP_TO_DATE,
                        RefreshOutcome.FAILED,
                        RefreshOutcome.PARTIAL);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.permissions())
                        .extracting(PermissionOutcome::permission)
                        .containsExactlyElementsOf(all));
    }

    @Test
    void R16_oneMissingPermissionMakesAPartialResult() {
        fixture.consented().tenant.failNext(assign(GRAPH, GRAPH_ROLE), failure(FailureCode.WRITE_CONFLICT));

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.outcome().isInSync()).isFalse();
        assertThat(code(result, GRAPH_ROLE.toString())).contains(FailureCode.WRITE_CONFLICT);
        assertThat(result.count(Status.FAILED)).isEqualTo(1);
        assertThat(result.worthRetrying()).isTrue();
        assertThatExceptionOfType(CpvRefreshException.class)
                .isThrownBy(result::orElseThrow)
                .satisfies(e -> assertThat(e.result()).isSameAs(result));
        assertThat(fixture.client.refresh(TENANT).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);
    }

    @Test
    void R16_tenantInSyncIsUpToDateAndCostsOneLook() {
        fixture.inSync();

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        assertThat(result.requests()).isEqualTo(1);
        assertThat(result.permissions()).extracting(PermissionOutcome::status).containsOnly(Status.ALREADY_GRANTED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE);
    }

    @Test
    void R16_directoryThatCannotLookMakesAFailedResult() {
        fixture.inSync().tenant.failNext(failure(FailureCode.TENANT_GONE));

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.TENANT_GONE);
        assertThat(result.worthRetrying()).isFalse();
        assertThat(result.count(Status.FAILED)).isEqualTo(result.permissions().size());
    }

    @Test
    void R16_faultOfADirectoryIsAResultAndTellsNoSecret() {
        PassingDirectory faulty = new PassingDirectory(fixture.directory) {
            @Override
            protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                throw new IllegalStateException("refresh_token=secret");
            }
        };

        CpvResult result = fixture.client(faulty).refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.UNKNOWN);
        assertThat(result.toJson()).contains("IllegalStateException").doesNotContain("secret");
    }

    @Test
    void R16_stepWithoutAnAnswerIsAFailure() {
        fixture.consented();
        PassingDirectory silent = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps, (step, result) -> {
                    if (!(step instanceof PlanStep.SetScopes)) {
                        sink.accept(step, result);
                    }
                });
            }
        };

        CpvResult result = fixture.client(silent).refresh(TENANT);

        assertThat(code(result, "Machine.Read")).contains(FailureCode.STEP_UNANSWERED);
        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
    }

    @Test
    void R16_stepThatADirectoryCannotDoIsAFailure() {
        fixture.consented();
        PassingDirectory poor = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                steps.forEach(step -> sink.accept(step, StepResult.unsupported()));
            }
        };

        CpvResult result = fixture.client(poor).refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(code(result, "Machine.Read")).contains(FailureCode.STEP_UNSUPPORTED);
    }

    @Test
    void R16_whereADirectoryRefusesTheWholeCallEveryStepHasItsFailure() {
        fixture.consented();
        List<PlanStep> planned = fixture.client.preview(TENANT).plan().steps();
        PassingDirectory refusing = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                throw new TenantDirectoryException(failure(FailureCode.THROTTLED), null);
            }
        };

        CpvResult result = fixture.client(refusing).refresh(TENANT);

        assertThat(result.steps().keySet()).containsExactlyElementsOf(planned);
        assertThat(result.steps().values())
                .allSatisfy(answer -> assertThat(answer.failure()).contains(failure(FailureCode.THROTTLED)));
    }

    @Test
    void R17_whatWasAnsweredAsWrittenIsBelievedWithoutAnotherLook() {
        fixture.consented();

        CpvResult result = fixture.client.refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(fixture.calls()).containsExactly(Kind.OBSERVE, Kind.APPLY);
        assertThat(status(result, BOOTSTRAP.get(0))).isEqualTo(Status.ALREADY_GRANTED);
        assertThat(status(result, "User.Read.All")).isEqualTo(Status.GRANTED);
    }

    @Test
    void R17_answersThatCameBeforeADirectoryBrokeDownAreKept() {
        fixture.consented();
        PassingDirectory breaking = new PassingDirectory(fixture.directory) {
            @Override
            protected void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                super.apply(session, context, steps.subList(0, 1), sink);
                throw new TenantDirectoryException(failure(FailureCode.NETWORK_FAILURE), null);
            }
        };

        CpvResult result = fixture.client(breaking).refresh(TENANT);

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.PARTIAL);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.NETWORK_FAILURE);
        assertThat(result.count(Status.GRANTED)).isEqualTo(1);
        assertThat(result.count(Status.FAILED)).isEqualTo(3);
    }

    @Test
    void refreshIsRecordedWithOutcomeRequirementActorAndReason() {
        fixture.inSync();
        fixture.clock.advance(Duration.ofMinutes(5));

        fixture.client.refresh(
                TENANT, RefreshOptions.defaults().withActor("ann").withReason("ticket 7"));

        assertThat(fixture.journal.find(TENANT))
                .contains(new TenantRecord(
                        TENANT,
                        fixture.clock.instant(),
                        RefreshOutcome.UP_TO_DATE,
                        REQUIRED.plus(RequiredPermissionSet.bootstrap()).fingerprint(),
                        Optional.of("ann"),
                        Optional.of("ticket 7"),
                        Map.of(),
                        Optional.empty(),
                        0));
    }

    @Test
    void tenantIsNamedByGuidOrDomain() {
        fixture.inSync().directory.addDomain("contoso.onmicrosoft.com", TENANT);

        assertThat(fixture.client
                        .refresh("0B7D5F4E-1111-4222-8333-444455556666")
                        .tenantId())
                .contains(TENANT);
        assertThat(fixture.client.refresh("Contoso.OnMicrosoft.com").tenantId()).contains(TENANT);
        assertThat(fixture.client.resolve("Contoso.OnMicrosoft.com")).isEqualTo(TENANT);
        assertThat(fixture.client.resolve("0B7D5F4E-1111-4222-8333-444455556666"))
                .isEqualTo(TENANT);
        for (String bad : new String[] {"", "contoso", "contoso.com/x", "a b.com", "https://contoso.com", "-.com"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> fixture.client.refresh(bad));
            assertThatIllegalArgumentException().isThrownBy(() -> fixture.client.resolve(bad));
        }
    }

    @Test
    void domainThatIsNotKnownIsAFailedResult() {
        CpvResult result = fixture.client.refresh("nobody.example");

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure().map(CpvFailure::code)).contains(FailureCode.TENANT_NOT_RESOLVED);
        assertThat(result.tenant()).isEqualTo("nobody.example");
        assertThat(result.tenantId()).isEmpty();
    }

    @Test
    void domainThatIsNotKnownResolvesToAnExceptionWithTheResult() {
        assertThatExceptionOfType(CpvRefreshException.class)
                .isThrownBy(() -> fixture.client.resolve("nobody.example"))
                .satisfies(e -> {
                    assertThat(e.result().outcome()).isEqualTo(RefreshOutcome.FAILED);
                    assertThat(e.result().failure().map(CpvFailure::code)).contains(FailureCode.TENANT_NOT_RESOLVED);
                    assertThat(e.result().tenant()).isEqualTo("nobody.example");
                });
    }

    @Test
    void faultOfADirectoryThatResolvesIsAFailedResult() {
        CpvClient client = fixture.client(new PassingDirectory(fixture.directory) {
            @Override
            public TenantId resolve(String domain) {
                throw new IllegalStateException("token=secret");
            }
        });

        CpvResult result = client.refresh("contoso.example");

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.FAILED);
        assertThat(result.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.UNKNOWN);
            assertThat(failure.message()).contains("IllegalStateException").doesNotContain("secret");
        });
    }

    @Test
    void requiredPermissionsMayDependOnTheTenant() {
        TenantId small = TenantId.of("11111111-2222-4333-8444-555555555555");
        RequiredPermissionSet little = RequiredPermissionSet.builder("little")
                .delegated(GRAPH, "User.Read.All")
                .build();
        CpvClient client = CpvClient.builder(fixture.directory, id -> id.equals(small) ? little : REQUIRED)
                .build();

        client.refresh(small);
        client.refresh(TENANT);

        assertThat(fixture.directory.tenant(small).appRoles()).isEmpty();
        assertThat(fixture.tenant.appRoles()).hasSize(2);
    }

    @Test
    void lastValueOfASettingIsTheOneThatHolds() {
        fixture.inSync();
        RefreshJournal last = new InMemoryRefreshJournal();
        ManualClock clock = new ManualClock(Instant.parse("2027-01-01T00:00:00Z"));
        CpvClient client = CpvClient.builder(fixture.directory, REQUIRED)
                .journal(fixture.journal)
                .journal(last)
                .clock(fixture.clock)
                .clock(clock)
                .sleeper(fixture.clock)
                .sleeper(clock)
                .timeout(Duration.ofSeconds(1))
                .timeout(Duration.ofSeconds(2))
                .bootstrapScopes(List.of("User.Read"))
                .bootstrapScopes(BOOTSTRAP)
                .build();

        client.refresh(TENANT);

        assertThat(client.journal()).isSameAs(last);
        assertThat(client.clock()).isSameAs(clock);
        assertThat(client.sleeper()).isSameAs(clock);
        assertThat(client.options().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(client.required(TENANT))
                .isEqualTo(CpvClient.builder(fixture.directory, REQUIRED)
                        .bootstrapScopes(BOOTSTRAP)
                        .build()
                        .required(TENANT));
        assertThat(last.find(TENANT)).isPresent();
        assertThat(fixture.journal.find(TENANT)).isEmpty();
    }

    @Test
    void timeoutAndOptionsOfTheBuilderHoldInEitherOrder() {
        RefreshOptions options = RefreshOptions.defaults().withActor("ann").withTimeout(Duration.ofMinutes(7));
        Duration timeout = Duration.ofSeconds(90);

        RefreshOptions timeoutFirst = CpvClient.builder(fixture.directory, REQUIRED)
                .timeout(timeout)
                .options(options)
                .build()
                .options();
        RefreshOptions optionsFirst = CpvClient.builder(fixture.directory, REQUIRED)
                .options(options)
                .timeout(timeout)
                .build()
                .options();
        RefreshOptions optionsAlone = CpvClient.builder(fixture.directory, REQUIRED)
                .options(options)
                .build()
                .options();

        assertThat(List.of(timeoutFirst, optionsFirst)).allSatisfy(both -> {
            assertThat(both.timeout()).isEqualTo(timeout);
            assertThat(both.actor()).contains("ann");
        });
        assertThat(optionsAlone.timeout()).isEqualTo(Duration.ofMinutes(7));
    }

    private static Status status(CpvResult result, String id) {
        return permission(result, id).status();
    }

    private static Optional<FailureCode> code(CpvResult result, String id) {
        PermissionOutcome permission = permission(result, id);
        assertThat(permission.status()).isEqualTo(Status.FAILED);
        return permission.failure().map(CpvFailure::code);
    }

    private static PermissionOutcome permission(CpvResult result, String idOrValue) {
        return result.permissions().stream()
                .filter(p -> p.permission().id().equals(idOrValue)
                        || p.value().orElse("").equals(idOrValue))
                .findFirst()
                .orElseThrow();
    }
}
