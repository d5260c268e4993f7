package dev.cpv.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.cpv.conformance.Ability;
import dev.cpv.conformance.RefreshJournalConformance;
import dev.cpv.conformance.TenantDirectoryConformance;
import dev.cpv.conformance.TenantDirectorySubject;
import dev.cpv.conformance.TenantTruth;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The suites themselves: what is broken on purpose must fail the rule that it breaks, no other, and say so. */
class ConformanceSuiteTest {
    static Stream<Arguments> brokenDirectories() {
        return Stream.of(
                Arguments.of(1, TakesNoConsentForLag.class),
                Arguments.of(2, LeavesAbsenceOpen.class),
                Arguments.of(2, ShowsUsersGrants.class),
                Arguments.of(2, JoinsGrants.class),
                Arguments.of(2, ShowsOnlyWhatWasAsked.class),
                Arguments.of(3, ForgetsAnAnswer.class),
                Arguments.of(3, AnswersTwice.class),
                Arguments.of(3, AnswersOnAnotherThread.class),
                Arguments.of(4, FailsOnWhatIsThere.class),
                Arguments.of(5, StopsAtTheFirstFailure.class),
                Arguments.of(5, HidesTheFailedPrerequisite.class),
                Arguments.of(6, RevokesMoreThanNamed.class),
                Arguments.of(7, SeesTheFirstLookForEver.class),
                Arguments.of(8, ThrowsItsOwnException.class),
                Arguments.of(8, ThrowsAfterTheFirstWrite.class),
                Arguments.of(9, WorksForOneThreadOnly.class),
                Arguments.of(10, GoesOnWhenCancelled.class),
                Arguments.of(10, WritesWhatItCallsCancelled.class),
                Arguments.of(11, DeletesBeforeItPatches.class),
                Arguments.of(11, MergesNothing.class),
                Arguments.of(12, ReadsDefinitionsElsewhere.class),
                Arguments.of(13, OverlooksGroups.class),
                Arguments.of(13, ConsentsToWhatItCannotRead.class),
                Arguments.of(14, BelievesTheDeletion.class),
                Arguments.of(14, MissesTheConsent.class),
                Arguments.of(15, ForgetsToGiveBack.class),
                Arguments.of(16, OpensWithARequest.class),
                Arguments.of(16, SharesASession.class),
                Arguments.of(16, LosesWhatItHolds.class),
                Arguments.of(17, CannotBeClosedTwice.class),
                Arguments.of(17, GoesOnWhenClosed.class),
                Arguments.of(18, ConsentsAsItApplies.class));
    }

    @ParameterizedTest(name = "rule {0}: {1}")
    @MethodSource("brokenDirectories")
    void brokenDirectoryFailsTheRuleThatItBreaksAndNoOther(int rule, Class<?> broken) {
        List<Event> failures = run(broken).testEvents().failed().list();

        assertThat(failures)
                .as("tests that fail for %s", broken.getSimpleName())
                .isNotEmpty();
        assertThat(failures)
                .extracting(ConformanceSuiteTest::method)
                .allSatisfy(method -> assertThat(method).startsWith("rule" + rule + "_"));
        assertThat(failures)
                .extracting(ConformanceSuiteTest::message)
                .allSatisfy(message -> assertThat(message).startsWith("Rule " + rule));
    }

    @Test
    void everyRuleOfTheDirectoryIsBrokenByAtLeastOneOfThem() {
        assertThat(brokenDirectories().map(arguments -> arguments.get()[0]).distinct())
                .hasSize(18);
    }

    @Test
    void healthyDirectoryPassesAndNothingIsSkipped() {
        EngineExecutionResults results = run(Healthy.class);

        results.testEvents()
                .assertStatistics(statistics -> statistics.failed(0).aborted(0).skipped(0));
        assertThat(results.testEvents().succeeded().count()).isGreaterThanOrEqualTo(34);
    }

    @Test
    void whatTheSubjectCannotSetUpIsSkippedVisibly() {
        EngineExecutionResults results = run(AbleToDoNothing.class);

        assertThat(results.testEvents().failed().list()).isEmpty();
        assertThat(results.testEvents().aborted().list())
                .extracting(ConformanceSuiteTest::method)
                .contains(
                        "rule2_observeHidesUsersOwnGrants",
                        "rule5_failedStepStopsNoOther",
                        "rule8_remoteCauseIsTenantDirectoryException",
                        "rule11_refusedMergeLosesNoScope",
                        "rule12_definitionsAreReadInTheTenantItself",
                        "rule13_snapshotTellsAllAndChangesNothing",
                        "rule15_whatIsNotCalledALossComesBack");
        assertThat(results.testEvents().succeeded().list())
                .extracting(ConformanceSuiteTest::method)
                .contains("rule1_observeAnswersNotConsentedInsteadOfThrowing", "rule6_applyChangesNothingElse");
    }

    @Test
    void poorSubjectIsToldWhatItLacks() {
        assertThat(run(OffersTooLittle.class).testEvents().failed().list())
                .extracting(ConformanceSuiteTest::message)
                .isNotEmpty()
                .allSatisfy(message -> assertThat(message).startsWith("required() must hold"));
    }

    static Stream<Arguments> brokenJournals() {
        return Stream.of(
                Arguments.of(1, KeepsTheFirst.class),
                Arguments.of(2, KeepsOneTenant.class),
                Arguments.of(2, LeasesOneTenant.class),
                Arguments.of(3, OneThreadOnly.class),
                Arguments.of(4, GivesToEverybody.class),
                Arguments.of(4, LooksBeforeItLeases.class),
                Arguments.of(5, CountsDown.class),
                Arguments.of(6, LeasesForEver.class),
                Arguments.of(7, RenewsForTheLoser.class),
                Arguments.of(7, RenewsNothing.class),
                Arguments.of(8, KeepsWhatIsReleased.class),
                Arguments.of(8, ReleasesForTheLoser.class),
                Arguments.of(9, SavesForTheLoser.class),
                Arguments.of(10, SaysThatItIsDurable.class),
                Arguments.of(11, SwallowsInterrupts.class),
                Arguments.of(11, StopsWhenInterrupted.class),
                Arguments.of(12, OverwritesTheFirstSnapshot.class),
                Arguments.of(13, ForgetsRecordsAlone.class),
                Arguments.of(13, ForgetsWhatIsLeased.class),
                Arguments.of(13, ForgetsOpenResets.class),
                Arguments.of(13, CountsAnew.class));
    }

    @ParameterizedTest(name = "rule {0}: {1}")
    @MethodSource("brokenJournals")
    void brokenJournalFailsTheRuleThatItBreaks(int rule, Class<?> broken) {
        assertThat(run(broken).testEvents().failed().list())
                .filteredOn(event -> method(event).startsWith("rule" + rule + "_"))
                .as("failures of rule %s for %s", rule, broken.getSimpleName())
                .isNotEmpty()
                .extracting(ConformanceSuiteTest::message)
                .allSatisfy(message -> assertThat(message).contains("Rule " + rule));
        if (!BREAKS_OTHER_RULES_TOO.contains(broken)) {
            assertThat(rulesBroken(broken)).containsExactly("rule" + rule);
        }
    }

    @Test
    void everyRuleOfTheJournalIsBrokenByAtLeastOneOfThem() {
        assertThat(brokenJournals().map(arguments -> arguments.get()[0]).distinct())
                .hasSize(13);
    }

    @Test
    void healthyJournalPasses() {
        EngineExecutionResults results = run(HealthyJournal.class);

        assertThat(results.testEvents().failed().list()).isEmpty();
        assertThat(results.testEvents().aborted().list())
                .as("it is not durable")
                .extracting(ConformanceSuiteTest::method)
                .containsExactly("rule10_durableJournalRemembers");
    }

    private static List<String> rulesBroken(Class<?> suite) {
        return run(suite).testEvents().failed().stream()
                .map(event -> method(event).replaceFirst("_.*", ""))
                .distinct()
                .toList();
    }

    private static EngineExecutionResults run(Class<?> suite) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(suite))
                .execute();
    }

    private static String method(Event event) {
        return event.getTestDescriptor().getDisplayName().replace("()", "");
    }

    private static String message(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .map(Throwable::getMessage)
                .orElse("");
    }

    // Directories that are broken on purpose

    private static final PlanStep CONSENT = new PlanStep.Consent(
            AppId.MICROSOFT_GRAPH,
            RequiredPermissionSet.bootstrapScopes().stream()
                    .map(PublishedScope::value)
                    .toList());

    /** Hands in a directory around the fake that its subclass has broken. */
    abstract static class Broken extends TenantDirectoryConformance {
        private final Function<FakeTenantDirectory, TenantDirectory> breaking;

        Broken(Function<FakeTenantDirectory, TenantDirectory> breaking) {
            this.breaking = breaking;
        }

        @Override
        protected TenantDirectorySubject subject() {
            return new FakeSubject(breaking);
        }
    }

    static class Healthy extends Broken {
        Healthy() {
            super(PassingDirectory::new);
        }
    }

    /** Shows something else than it sees. */
    abstract static class Shows extends Broken {
        Shows(BiFunction<ObservedTenant, FakeTenant, ObservedTenant> shown) {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                    return shown.apply(session.observe(resources), fake.tenant(context.tenant()));
                }
            });
        }
    }

    /** Answers something else than what it did, or not at all. */
    abstract static class Answers extends Broken {
        Answers(Answering answering) {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected void answer(Step step, StepResult result, StepSink sink) {
                    answering.answer(step, result, sink);
                }
            });
        }
    }

    /** What becomes of the answer for a step. */
    interface Answering {
        void answer(Step step, StepResult result, StepSink sink);
    }

    /** Applies steps in its own way. */
    abstract static class Applies extends Broken {
        Applies(Function<FakeTenantDirectory, Applying> applying) {
            super(fake -> new PassingDirectory(fake) {
                private final Applying its = applying.apply(fake);

                @Override
                protected void apply(
                        TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                    its.apply(session, context, steps, sink);
                }
            });
        }
    }

    /** How steps are applied. */
    interface Applying {
        void apply(TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink);
    }

    static class TakesNoConsentForLag extends Shows {
        TakesNoConsentForLag() {
            super((truth, tenant) -> {
                return truth.visibility() == Visibility.NOT_CONSENTED
                        ? ObservedTenant.notVisibleYet(truth.tenant(), truth.route())
                        : truth;
            });
        }
    }

    static class LeavesAbsenceOpen extends Shows {
        LeavesAbsenceOpen() {
            super((truth, tenant) -> {
                return copy(
                        truth,
                        resource -> resource.presence() == Presence.ABSENT
                                ? ObservedResource.unknown(resource.id(), "", null)
                                : resource,
                        truth.grants());
            });
        }
    }

    static class ShowsUsersGrants extends Shows {
        ShowsUsersGrants() {
            super((truth, tenant) -> {
                List<TenantWideGrant> grants = new ArrayList<>(truth.grants());
                tenant.grantsOfUsers()
                        .forEach((user, own) ->
                                own.forEach((resource, scopes) -> grants.add(new TenantWideGrant(resource, scopes))));
                return copy(truth, resource -> resource, grants);
            });
        }
    }

    static class JoinsGrants extends Shows {
        JoinsGrants() {
            super((truth, tenant) -> {
                Map<AppId, List<String>> joined = new HashMap<>();
                truth.grants()
                        .forEach(grant -> joined.computeIfAbsent(grant.resource(), r -> new ArrayList<>())
                                .addAll(grant.scopes()));
                List<TenantWideGrant> grants = new ArrayList<>();
                joined.forEach((resource, scopes) -> grants.add(new TenantWideGrant(resource, scopes)));
                return copy(truth, resource -> resource, grants);
            });
        }
    }

    static class ShowsOnlyWhatWasAsked extends Broken {
        ShowsOnlyWhatWasAsked() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                    ObservedTenant truth = session.observe(resources);
                    return copy(
                            truth,
                            resource -> resource,
                            truth.grants().stream()
                                    .filter(grant -> resources.contains(grant.resource()))
                                    .toList());
                }
            });
        }
    }

    static class ForgetsAnAnswer extends Answers {
        ForgetsAnAnswer() {
            super((step, result, sink) -> {
                if (step.kind() != StepKind.ADD_RESOURCE || result.status() != StepResult.Status.UNCHANGED) {
                    sink.accept(step, result);
                }
            });
        }
    }

    static class AnswersTwice extends Answers {
        AnswersTwice() {
            super((step, result, sink) -> {
                sink.accept(step, result);
                sink.accept(step, result);
            });
        }
    }

    static class AnswersOnAnotherThread extends Answers {
        AnswersOnAnotherThread() {
            super((step, result, sink) -> {
                Thread thread = new Thread(() -> sink.accept(step, result));
                thread.start();
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    static class FailsOnWhatIsThere extends Answers {
        FailsOnWhatIsThere() {
            super((step, result, sink) -> {
                boolean there = result.status() == StepResult.Status.UNCHANGED;
                sink.accept(step, there ? failed(FailureCode.WRITE_CONFLICT) : result);
            });
        }
    }

    static class StopsAtTheFirstFailure extends Applies {
        StopsAtTheFirstFailure() {
            super(fake -> (session, context, steps, sink) -> {
                List<StepResult> failures = new ArrayList<>();
                if (steps.contains(CONSENT)) {
                    session.apply(steps, sink); // Refused as a whole.
                }
                for (PlanStep step : steps) {
                    if (context.isCancelled()) {
                        sink.accept(step, failed(FailureCode.CANCELLED));
                    } else if (failures.isEmpty()) {
                        session.apply(List.of(step), (same, result) -> {
                            result.failure().ifPresent(f -> failures.add(result));
                            sink.accept(same, result);
                        });
                    } else {
                        sink.accept(step, failures.get(0));
                    }
                }
            });
        }
    }

    static class HidesTheFailedPrerequisite extends Answers {
        HidesTheFailedPrerequisite() {
            super((step, result, sink) -> {
                boolean hidden = step.kind() != StepKind.ADD_RESOURCE
                        && result.failure()
                                .filter(f -> f.code() == FailureCode.RESOURCE_NOT_AVAILABLE)
                                .isPresent();
                sink.accept(step, hidden ? failed(FailureCode.UNKNOWN) : result);
            });
        }
    }

    static class RevokesMoreThanNamed extends Applies {
        RevokesMoreThanNamed() {
            super(fake -> (session, context, steps, sink) -> {
                session.apply(steps, sink);
                if (steps.stream().anyMatch(step -> step.kind() == StepKind.REVOKE_APP_ROLE)) {
                    List<PlanStep> more = new ArrayList<>();
                    for (AssignedAppRole role : fake.tenant(context.tenant()).appRoles()) {
                        more.add(new PlanStep.RevokeAppRole(role.resource(), role.appRoleId()));
                    }
                    session.apply(more, (step, result) -> {});
                }
            });
        }
    }

    static class SeesTheFirstLookForEver extends Broken {
        SeesTheFirstLookForEver() {
            super(fake -> new PassingDirectory(fake) {
                private final Map<TenantId, ObservedTenant> cache = new ConcurrentHashMap<>();

                @Override
                protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                    ObservedTenant truth = session.observe(resources);
                    return cache.computeIfAbsent(context.tenant(), tenant -> truth);
                }
            });
        }
    }

    static class ThrowsItsOwnException extends Broken {
        ThrowsItsOwnException() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected ObservedTenant observe(TenantSession session, RefreshContext context, Set<AppId> resources) {
                    try {
                        return session.observe(resources);
                    } catch (TenantDirectoryException e) {
                        throw new UncheckedIOException(new IOException(e));
                    }
                }
            });
        }
    }

    static class ThrowsAfterTheFirstWrite extends Applies {
        ThrowsAfterTheFirstWrite() {
            super(fake -> (session, context, steps, sink) -> {
                List<CpvFailure> failures = new ArrayList<>();
                session.apply(steps, (step, result) -> {
                    result.failure().ifPresent(failures::add);
                    sink.accept(step, result);
                });
                if (!failures.isEmpty()) {
                    throw new TenantDirectoryException(failures.get(0), null);
                }
            });
        }
    }

    static class WorksForOneThreadOnly extends Applies {
        WorksForOneThreadOnly() {
            super(fake -> {
                AtomicInteger inside = new AtomicInteger();
                return (session, context, steps, sink) -> alone(inside, () -> session.apply(steps, sink));
            });
        }
    }

    static class GoesOnWhenCancelled extends Broken {
        GoesOnWhenCancelled() {
            super(fake -> context -> fake.open(uncancelled(context)));
        }
    }

    static class WritesWhatItCallsCancelled extends Broken {
        WritesWhatItCallsCancelled() {
            super(fake -> new PassingDirectory(context -> fake.open(uncancelled(context))) {
                @Override
                protected void apply(
                        TenantSession session, RefreshContext context, List<PlanStep> steps, StepSink sink) {
                    session.apply(
                            steps,
                            (step, result) ->
                                    sink.accept(step, context.isCancelled() ? failed(FailureCode.CANCELLED) : result));
                }
            });
        }
    }

    static class DeletesBeforeItPatches extends Applies {
        DeletesBeforeItPatches() {
            super(fake -> (session, context, steps, sink) -> {
                for (PlanStep step : steps) {
                    if (step.kind() == StepKind.MERGE_GRANTS) {
                        TenantWideGrant survivor = fake.tenant(context.tenant()).grants().stream()
                                .filter(grant -> grant.resource().equals(step.resource()))
                                .findFirst()
                                .orElseThrow();
                        PlanStep delete = new PlanStep.SetScopes(step.resource(), survivor.scopes(), List.of());
                        session.apply(List.of(delete), (same, result) -> {});
                    }
                }
                session.apply(steps, sink);
            });
        }
    }

    static class MergesNothing extends Applies {
        MergesNothing() {
            super(fake -> (session, context, steps, sink) -> {
                if (steps.stream().noneMatch(step -> step.kind() == StepKind.MERGE_GRANTS)) {
                    session.apply(steps, sink);
                } else {
                    steps.forEach(step -> sink.accept(step, StepResult.applied()));
                }
            });
        }
    }

    static class ReadsDefinitionsElsewhere extends Broken {
        ReadsDefinitionsElsewhere() {
            super(fake -> new PassingDirectory(fake) {
                private final TenantId home = new TenantId(UUID.randomUUID());

                @Override
                protected Map<AppId, ResourceDefinition> definitions(
                        TenantSession session, RefreshContext context, Set<AppId> resources) {
                    session.definitions(resources);
                    RefreshContext elsewhere =
                            RefreshContext.start(home, fake.route(home), RefreshOptions.defaults(), Instant.EPOCH);
                    return fake.open(elsewhere).definitions(resources);
                }
            });
        }
    }

    static class OverlooksGroups extends Broken {
        OverlooksGroups() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected TenantSnapshot snapshot(TenantSession session, RefreshContext context) {
                    TenantSnapshot truth = session.snapshot();
                    return new TenantSnapshot(
                            truth.tenant(),
                            truth.appRoles(),
                            truth.grants(),
                            truth.assignments().stream()
                                    .filter(each -> each.kind() != PrincipalAssignment.Kind.GROUP_MEMBERSHIP)
                                    .toList(),
                            truth.losses());
                }
            });
        }
    }

    static class ConsentsToWhatItCannotRead extends Broken {
        ConsentsToWhatItCannotRead() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected TenantSnapshot snapshot(TenantSession session, RefreshContext context) {
                    TenantSnapshot truth = session.snapshot();
                    if (!truth.appRoles().isEmpty()) {
                        fake.tenant(context.tenant()).assign(new PrincipalAssignment.GroupMembership("readers", ""));
                    }
                    return truth;
                }
            });
        }
    }

    static class BelievesTheDeletion extends Broken {
        BelievesTheDeletion() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected StepResult deleteServicePrincipal(TenantSession session, RefreshContext context) {
                    session.definitions(Set.of()); // Refused once the session is closed.
                    return StepResult.applied();
                }
            });
        }
    }

    static class MissesTheConsent extends Broken {
        MissesTheConsent() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected StepResult removeConsent(TenantSession session, RefreshContext context) {
                    StepResult result = session.removeConsent();
                    return result.status() == StepResult.Status.UNCHANGED ? failed(FailureCode.UNKNOWN) : result;
                }
            });
        }
    }

    static class ForgetsToGiveBack extends Broken {
        ForgetsToGiveBack() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected void restore(
                        TenantSession session,
                        RefreshContext context,
                        List<PrincipalAssignment> assignments,
                        StepSink sink) {
                    session.definitions(Set.of()); // Refused once the session is closed.
                    assignments.forEach(
                            each -> sink.accept(new ResetStep.RestoreAssignment(each), StepResult.applied()));
                }
            });
        }
    }

    static class OpensWithARequest extends Broken {
        OpensWithARequest() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                public TenantSession open(RefreshContext context) {
                    context.countRequest();
                    return super.open(context);
                }
            });
        }
    }

    static class SharesASession extends Broken {
        SharesASession() {
            super(fake -> new PassingDirectory(fake) {
                private final Map<TenantId, TenantSession> shared = new ConcurrentHashMap<>();

                @Override
                public TenantSession open(RefreshContext context) {
                    return shared.computeIfAbsent(context.tenant(), tenant -> super.open(context));
                }
            });
        }
    }

    static class LosesWhatItHolds extends Broken {
        LosesWhatItHolds() {
            super(fake -> new PassingDirectory(fake) {
                private final AtomicInteger deletions = new AtomicInteger();

                @Override
                protected StepResult deleteServicePrincipal(TenantSession session, RefreshContext context) {
                    return deletions.getAndIncrement() == 0
                            ? session.deleteServicePrincipal()
                            : failed(FailureCode.CONSENT_MISSING);
                }
            });
        }
    }

    static class CannotBeClosedTwice extends Broken {
        CannotBeClosedTwice() {
            super(fake -> new PassingDirectory(fake) {
                private final Set<TenantSession> closed = ConcurrentHashMap.newKeySet();

                @Override
                protected void close(TenantSession session) {
                    if (!closed.add(session)) {
                        throw new IllegalStateException("Closed twice");
                    }
                    session.close();
                }
            });
        }
    }

    static class GoesOnWhenClosed extends Broken {
        GoesOnWhenClosed() {
            super(fake -> new PassingDirectory(fake) {
                @Override
                protected void close(TenantSession session) {
                    // Nothing ends.
                }
            });
        }
    }

    static class ConsentsAsItApplies extends Applies {
        ConsentsAsItApplies() {
            super(fake -> (session, context, steps, sink) -> {
                List<PlanStep> others = new ArrayList<>(steps);
                others.removeIf(step -> step.kind() == StepKind.CONSENT);
                session.apply(others, sink);
            });
        }
    }

    static class AbleToDoNothing extends TenantDirectoryConformance {
        @Override
        protected TenantDirectorySubject subject() {
            return new Poor(new FakeSubject().required(), EnumSet.allOf(Ability.class));
        }
    }

    static class OffersTooLittle extends TenantDirectoryConformance {
        @Override
        protected TenantDirectorySubject subject() {
            return new Poor(RequiredPermissionSet.bootstrap(), Set.of());
        }
    }

    // Journals that are broken on purpose

    /** Other rules' tests stand on what these break. */
    private static final Set<Class<?>> BREAKS_OTHER_RULES_TOO = Set.of(
            KeepsOneTenant.class,
            LeasesOneTenant.class,
            GivesToEverybody.class,
            CountsDown.class,
            LeasesForEver.class,
            KeepsWhatIsReleased.class);

    /** Hands in a journal that its subclass has broken. */
    abstract static class BrokenJournal extends RefreshJournalConformance {
        private final Supplier<RefreshJournal> broken;

        BrokenJournal(Supplier<RefreshJournal> broken) {
            this.broken = broken;
        }

        @Override
        protected RefreshJournal journal() {
            return broken.get();
        }
    }

    static class HealthyJournal extends BrokenJournal {
        HealthyJournal() {
            super(PlainJournal::new);
        }
    }

    static class KeepsTheFirst extends BrokenJournal {
        KeepsTheFirst() {
            super(() -> new PlainJournal() {
                @Override
                void keep(TenantRecord record) {
                    records.putIfAbsent(record.tenant(), record);
                }
            });
        }
    }

    static class KeepsOneTenant extends BrokenJournal {
        KeepsOneTenant() {
            super(() -> new PlainJournal() {
                @Override
                void keep(TenantRecord record) {
                    records.clear();
                    super.keep(record);
                }
            });
        }
    }

    static class LeasesOneTenant extends BrokenJournal {
        LeasesOneTenant() {
            super(() -> new PlainJournal() {
                @Override
                boolean isFree(TenantId tenant, Instant now) {
                    return leases.isEmpty();
                }
            });
        }
    }

    static class OneThreadOnly extends BrokenJournal {
        OneThreadOnly() {
            super(() -> new PlainJournal() {
                private final AtomicInteger inside = new AtomicInteger();

                @Override
                public Optional<TenantRecord> find(TenantId tenant) {
                    alone(inside, () -> {});
                    return super.find(tenant);
                }
            });
        }
    }

    static class GivesToEverybody extends BrokenJournal {
        GivesToEverybody() {
            super(() -> new PlainJournal() {
                @Override
                boolean isFree(TenantId tenant, Instant now) {
                    return true;
                }
            });
        }
    }

    static class LooksBeforeItLeases extends BrokenJournal {
        LooksBeforeItLeases() {
            super(() -> new PlainJournal() {
                private final Map<TenantId, CountDownLatch> inside = new ConcurrentHashMap<>();

                @Override
                public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
                    if (!isFree(tenant, now)) {
                        return Optional.empty();
                    }
                    awaitAnother(inside.computeIfAbsent(tenant, id -> new CountDownLatch(2)));
                    return Optional.of(give(tenant, owner, now.plus(duration)));
                }
            });
        }
    }

    static class CountsDown extends BrokenJournal {
        CountsDown() {
            super(() -> new PlainJournal() {
                @Override
                long next(long last) {
                    return last - 1;
                }
            });
        }
    }

    static class LeasesForEver extends BrokenJournal {
        LeasesForEver() {
            super(() -> new PlainJournal() {
                @Override
                boolean isFree(TenantId tenant, Instant now) {
                    return !leases.containsKey(tenant);
                }
            });
        }
    }

    static class RenewsForTheLoser extends BrokenJournal {
        RenewsForTheLoser() {
            super(() -> new PlainJournal() {
                @Override
                public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
                    return Optional.of(new Lease(lease.tenant(), lease.owner(), now.plus(duration), lease.fencing()));
                }
            });
        }
    }

    static class RenewsNothing extends BrokenJournal {
        RenewsNothing() {
            super(() -> new PlainJournal() {
                @Override
                public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
                    return isHeld(lease) ? Optional.of(lease) : Optional.empty();
                }
            });
        }
    }

    static class KeepsWhatIsReleased extends BrokenJournal {
        KeepsWhatIsReleased() {
            super(() -> new PlainJournal() {
                @Override
                public void release(Lease lease) {}
            });
        }
    }

    static class ReleasesForTheLoser extends BrokenJournal {
        ReleasesForTheLoser() {
            super(() -> new PlainJournal() {
                @Override
                public void release(Lease lease) {
                    leases.remove(lease.tenant());
                }
            });
        }
    }

    static class SavesForTheLoser extends BrokenJournal {
        SavesForTheLoser() {
            super(() -> new PlainJournal() {
                @Override
                public boolean save(TenantRecord record, Lease lease) {
                    keep(record);
                    return true;
                }
            });
        }
    }

    static class OverwritesTheFirstSnapshot extends BrokenJournal {
        OverwritesTheFirstSnapshot() {
            super(() -> new PlainJournal() {
                @Override
                ResetRecord kept(@Nullable ResetRecord before, ResetRecord reset) {
                    return reset;
                }
            });
        }
    }

    static class ForgetsRecordsAlone extends BrokenJournal {
        ForgetsRecordsAlone() {
            super(() -> new PlainJournal() {
                @Override
                void drop(TenantId tenant) {
                    records.remove(tenant);
                }
            });
        }
    }

    static class ForgetsWhatIsLeased extends BrokenJournal {
        ForgetsWhatIsLeased() {
            super(() -> new PlainJournal() {
                @Override
                boolean isForgettable(TenantId tenant, Instant now) {
                    return !isReset(tenant);
                }
            });
        }
    }

    static class ForgetsOpenResets extends BrokenJournal {
        ForgetsOpenResets() {
            super(() -> new PlainJournal() {
                @Override
                boolean isForgettable(TenantId tenant, Instant now) {
                    return isFree(tenant, now);
                }
            });
        }
    }

    static class CountsAnew extends BrokenJournal {
        CountsAnew() {
            super(() -> new PlainJournal() {
                @Override
                void drop(TenantId tenant) {
                    super.drop(tenant);
                    numbers.remove(tenant);
                }
            });
        }
    }

    static class SaysThatItIsDurable extends BrokenJournal {
        SaysThatItIsDurable() {
            super(() -> new PlainJournal() {
                @Override
                public boolean isDurable() {
                    return true;
                }
            });
        }

        @Override
        protected RefreshJournal reopened() {
            return new PlainJournal();
        }
    }

    static class SwallowsInterrupts extends BrokenJournal {
        SwallowsInterrupts() {
            super(() -> new PlainJournal() {
                @Override
                public void release(Lease lease) {
                    Thread.interrupted();
                    super.release(lease);
                }
            });
        }
    }

    static class StopsWhenInterrupted extends BrokenJournal {
        StopsWhenInterrupted() {
            super(() -> new PlainJournal() {
                @Override
                public void release(Lease lease) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new RefreshJournalException("Interrupted", null);
                    }
                    super.release(lease);
                }
            });
        }
    }

    /** A journal that obeys every rule, in parts that can be broken. */
    private static class PlainJournal implements RefreshJournal {
        final Map<TenantId, TenantRecord> records = new ConcurrentHashMap<>();
        final Map<TenantId, ResetRecord> resets = new ConcurrentHashMap<>();
        final Map<TenantId, Lease> leases = new ConcurrentHashMap<>();
        final Map<TenantId, Long> numbers = new ConcurrentHashMap<>();

        boolean isFree(TenantId tenant, Instant now) {
            Lease lease = leases.get(tenant);
            return lease == null || !now.isBefore(lease.until());
        }

        long next(long last) {
            return last + 1;
        }

        void keep(TenantRecord record) {
            records.put(record.tenant(), record);
        }

        final synchronized Lease give(TenantId tenant, String owner, Instant until) {
            long number = next(numbers.getOrDefault(tenant, 0L));
            Lease lease = new Lease(tenant, owner, until, number);
            numbers.put(tenant, number);
            leases.put(tenant, lease);
            return lease;
        }

        final boolean isHeld(Lease lease) {
            Lease last = leases.get(lease.tenant());
            return last != null && last.fencing() == lease.fencing();
        }

        @Override
        public Optional<TenantRecord> find(TenantId tenant) {
            return Optional.ofNullable(records.get(tenant));
        }

        ResetRecord kept(@Nullable ResetRecord before, ResetRecord reset) {
            return before != null && before.phase().isOpen() ? before.in(reset.phase()) : reset;
        }

        @Override
        public Optional<ResetRecord> findReset(TenantId tenant) {
            return Optional.ofNullable(resets.get(tenant));
        }

        @Override
        public boolean saveReset(ResetRecord reset, Lease lease) {
            synchronized (this) {
                boolean last = numbers.getOrDefault(lease.tenant(), 0L) == lease.fencing();
                if (last) {
                    resets.put(lease.tenant(), kept(resets.get(lease.tenant()), reset));
                }
                return last;
            }
        }

        @Override
        public boolean save(TenantRecord record, Lease lease) {
            synchronized (this) {
                boolean last = numbers.getOrDefault(lease.tenant(), 0L) == lease.fencing();
                if (last) {
                    keep(record);
                }
                return last;
            }
        }

        @Override
        public Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
            synchronized (this) {
                return isFree(tenant, now) ? Optional.of(give(tenant, owner, now.plus(duration))) : Optional.empty();
            }
        }

        @Override
        public Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
            synchronized (this) {
                if (!isHeld(lease)) {
                    return Optional.empty();
                }
                Lease renewed = new Lease(lease.tenant(), lease.owner(), now.plus(duration), lease.fencing());
                leases.put(lease.tenant(), renewed);
                return Optional.of(renewed);
            }
        }

        @Override
        public void release(Lease lease) {
            synchronized (this) {
                if (isHeld(lease)) {
                    leases.remove(lease.tenant());
                }
            }
        }

        @Override
        public Optional<Lease> lease(TenantId tenant) {
            return Optional.ofNullable(leases.get(tenant));
        }

        final boolean isReset(TenantId tenant) {
            return findReset(tenant).filter(reset -> reset.phase().isOpen()).isPresent();
        }

        boolean isForgettable(TenantId tenant, Instant now) {
            return isFree(tenant, now) && !isReset(tenant);
        }

        void drop(TenantId tenant) {
            records.remove(tenant);
            resets.remove(tenant);
            leases.remove(tenant);
        }

        @Override
        public boolean forget(TenantId tenant, Instant now) {
            synchronized (this) {
                boolean forgettable = isForgettable(tenant, now);
                if (forgettable) {
                    drop(tenant);
                }
                return forgettable;
            }
        }
    }

    // Tools

    /** Gives another thread some time to come to the same place. */
    private static void awaitAnother(CountDownLatch inside) {
        inside.countDown();
        try {
            inside.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives another thread some time to come in, and complains if one did: a race that shows each time. */
    private static void alone(AtomicInteger inside, Runnable work) {
        inside.incrementAndGet();
        try {
            for (int i = 0; i < 100_000 && inside.get() == 1; i++) {
                Thread.onSpinWait();
            }
            if (inside.get() > 1) {
                throw new IllegalStateException("Two threads at once");
            }
            work.run();
        } finally {
            inside.decrementAndGet();
        }
    }

    private static StepResult failed(FailureCode code) {
        return StepResult.failed(CpvFailure.of(code, "Broken on purpose"));
    }

    private static RefreshContext uncancelled(RefreshContext context) {
        return RefreshContext.start(context.tenant(), context.route(), RefreshOptions.defaults(), context.deadline());
    }

    private static ObservedTenant copy(
            ObservedTenant truth, Function<ObservedResource, ObservedResource> change, List<TenantWideGrant> grants) {
        if (truth.visibility() != Visibility.VISIBLE) {
            return truth;
        }
        ObservedTenant.Builder copy = ObservedTenant.builder(truth.tenant(), truth.route());
        truth.resources().values().forEach(resource -> copy.resource(change.apply(resource)));
        truth.appRoles().forEach(copy::appRole);
        grants.forEach(copy::grant);
        return copy.build();
    }

    /** A subject that implements none of the methods that belong to an ability. */
    private record Poor(FakeSubject rich, RequiredPermissionSet required, Set<Ability> missing)
            implements TenantDirectorySubject {
        Poor(RequiredPermissionSet required, Set<Ability> missing) {
            this(new FakeSubject(), required, missing);
        }

        @Override
        public TenantDirectory directory() {
            return rich.directory();
        }

        @Override
        public Clock clock() {
            return rich.clock();
        }

        @Override
        public Sleeper sleeper() {
            return rich.sleeper();
        }

        @Override
        public TenantId create(TenantTruth state) {
            return rich.create(state);
        }

        @Override
        public TenantTruth read(TenantId tenant) {
            return rich.read(tenant);
        }
    }
}
