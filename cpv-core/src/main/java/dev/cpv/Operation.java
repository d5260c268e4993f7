package dev.cpv;

import dev.cpv.internal.jfr.RoundTripEvent;
import dev.cpv.model.AppId;
import dev.cpv.model.AssessedPermission;
import dev.cpv.model.AssessedPermission.Standing;
import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.ObservedResource.Presence;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.WriteVerification;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantRecord;
import dev.cpv.spi.TenantSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reconcile loop for one tenant: observe, plan, apply, and again only while something new became visible. One object
 * lives through one operation, on one thread.
 */
final class Operation {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration READ_BACK_WINDOW = Duration.ofSeconds(60);
    private static final Duration NOT_CREATABLE_MEMORY = Duration.ofDays(7);
    private static final int MAX_CAUSES = 5;

    private final RefreshContext context;
    private final RequiredPermissionSet required;
    private final TenantDirectory directory;
    private final RefreshJournal journal;
    private final TenantLease lease;
    private final Listeners listeners;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Instant start;

    private final Map<Step, StepResult> answers = new LinkedHashMap<>();
    private final Set<AppId> defined = new HashSet<>();
    /** What was learnt in this operation, and no look need show. */
    private final Map<AppId, ResourceDefinition> definitions = new HashMap<>();
    /** The resources that could not be added, and when that was found: what the journal says and what is learnt here. */
    private final Map<AppId, Instant> notCreatable = new HashMap<>();

    /** What is planned for: the required permissions, and during a reset also those that are to be given back. */
    private RequiredPermissionSet planned;

    private boolean remembered;
    /** Whether {@link dev.cpv.model.PlanApproval} is asked: what finishes a reset gives back, so nobody can refuse it. */
    private boolean gated;

    private boolean refused;
    private int failuresBefore;
    private ExtraGrants extraGrants;
    private CpvFailure untried = CpvFailure.of(
            FailureCode.WRITE_CONFLICT, "Somebody else changed the tenant while it was refreshed: refresh again");
    private @Nullable ObservedTenant first;
    private @Nullable ObservedTenant current;
    /** The last look, while {@link #current} also holds what was written since and is believed. */
    private @Nullable ObservedTenant looked;
    /** The last look, be it outdated: what is known of resources outlives the service principal. */
    private @Nullable ObservedTenant lastLook;

    private @Nullable Assessed assessed;
    private @Nullable TenantSession session;

    Operation(
            RefreshContext context,
            RequiredPermissionSet required,
            TenantDirectory directory,
            RefreshJournal journal,
            TenantLease lease,
            Listeners listeners,
            Clock clock,
            Sleeper sleeper) {
        this.context = context;
        this.required = required;
        this.directory = directory;
        this.journal = journal;
        this.lease = lease;
        this.listeners = listeners;
        this.clock = clock;
        this.sleeper = sleeper;
        this.start = clock.instant();
        this.extraGrants = context.options().extraGrants();
        this.planned = required;
    }

    CpvResult refresh() {
        return leased(() -> {
            Optional<ResetRecord> open = openReset();
            if (open.isPresent()) {
                return finish(new Reset(this, required).finish(open.get()));
            }
            gated = true;
            look();
            consentIfMissing();
            reconcile(step -> true);
            return finish(readBack());
        });
    }

    CpvResult preview() {
        return guarded(() -> {
            Optional<CpvFailure> unfinished = openReset().map(Operation::unfinished);
            look();
            Assessment assessment = define();
            if (!assessment.plan().isEmpty()) {
                listeners.tell(listener -> listener.planned(context, assessment.plan()));
            }
            return outcome(assessment).preview(unfinished.orElse(null));
        });
    }

    CpvResult apply(CpvRefreshPlan approved) {
        untried = CpvFailure.of(FailureCode.PLAN_STALE, "The approved plan does not add it");
        return leased(() -> {
            stopOn(openReset().map(Operation::unfinished));
            gated = true;
            look();
            CpvRefreshPlan plan = define().plan();
            if (!plan.equals(approved)) {
                return finish(stale(approved, plan));
            }
            if (consentIfMissing()) {
                // What was approved was what was expected: additions, whatever else the tenant turns out to hold.
                extraGrants = ExtraGrants.KEEP;
                reconcile(PlanStep::isAddition);
            } else {
                reconcile(step -> isApproved(step, plan));
            }
            return finish(readBack());
        });
    }

    CpvResetPlan planReset() {
        CpvResetPlan[] plan = new CpvResetPlan[1];
        CpvResult result = guarded(() -> {
            stopOn(openReset().map(Operation::unfinished));
            plan[0] = new Reset(this, required).plan(extraGrants);
            return finish(Optional.empty());
        });
        return plan[0] != null
                ? plan[0]
                : CpvResetPlan.impossible(
                        context.tenant(),
                        required,
                        extraGrants,
                        result.failure().orElseThrow());
    }

    CpvResult reset(CpvResetPlan approved) {
        return leased(() -> {
            Reset reset = new Reset(this, required);
            Optional<ResetRecord> open = openReset();
            if (open.isPresent()) {
                return finish(reset.finish(open.get()));
            }
            return finish(reset.begin(approved, clock.instant()));
        });
    }

    CpvResult offboard() {
        return leased(() -> {
            stopOn(openReset().map(Operation::unfinished));
            new Reset(this, required).remove();
            return new OutcomeAssembler(context, required, answers, start, clock.instant()).offboarded();
        });
    }

    private static CpvFailure unfinished(ResetRecord open) {
        return CpvFailure.of(
                FailureCode.RESET_UNFINISHED,
                "The reset that was begun at " + open.started() + " has not ended: it is at " + open.phase());
    }

    /** R34: what writes does so under a lease, and is recorded under it. */
    private CpvResult leased(Supplier<CpvResult> work) {
        try {
            CpvResult result = guarded(() -> {
                stopOn(lease.take());
                return work.get();
            });
            record(result);
            return result;
        } finally {
            lease.release();
        }
    }

    void stopOn(Optional<CpvFailure> failure) {
        failure.ifPresent(why -> {
            throw new StopException(why);
        });
    }

    private CpvFailure stale(CpvRefreshPlan approved, CpvRefreshPlan plan) {
        String why = approved.requiredFingerprint().equals(plan.requiredFingerprint())
                ? "the tenant now needs " + plan.steps().size() + " steps that are not the "
                        + approved.steps().size() + " approved ones"
                : "other permissions are required now";
        return CpvFailure.of(FailureCode.PLAN_STALE, "Nothing was written: " + why);
    }

    /** A resource that the plan adds may show only then what it publishes; its required permissions were previewed. */
    private static boolean isApproved(PlanStep step, CpvRefreshPlan plan) {
        return plan.steps().contains(step)
                || (step.isAddition() && plan.steps().contains(new PlanStep.AddResource(step.resource())));
    }

    /** The one place where a fault of a port ends the operation; what is known by then is told. */
    private CpvResult guarded(Supplier<CpvResult> work) {
        try (TenantSession opened = directory.open(context)) {
            session = opened;
            return work.get();
        } catch (TenantDirectoryException e) {
            return finish(e.failure());
        } catch (StopException e) {
            return finish(e.failure());
        } catch (RuntimeException e) {
            // A fault in a directory or journal must not end a whole fleet.
            LOG.error(
                    "Tenant {} failed by a fault of the program [{}]",
                    context.tenant(),
                    context.correlationId(),
                    withoutMessage(e, MAX_CAUSES));
            return finish(CpvFailure.of(
                    FailureCode.UNKNOWN,
                    "A fault of the program, see the log: " + e.getClass().getName()));
        }
    }

    /** R23: the message of a foreign exception may hold a token, so only its class and place are told. */
    private static Throwable withoutMessage(Throwable fault, int causes) {
        Throwable cause = fault.getCause();
        Throwable shown = new Throwable(
                fault.getClass().getName(), cause == null || causes == 0 ? null : withoutMessage(cause, causes - 1));
        shown.setStackTrace(fault.getStackTrace());
        return shown;
    }

    private TenantSession session() {
        return Objects.requireNonNull(session, "session");
    }

    // Observe

    void look() {
        remember();
        observe();
        if (seen().visibility() == Visibility.NOT_VISIBLE_YET) {
            waitForConsent(visibility -> visibility != Visibility.NOT_VISIBLE_YET);
        }
    }

    /** R6: looks at once, then after 1, 2, 4 … 30 s, and a last time at the bound. */
    private void waitForConsent(Predicate<Visibility> enough) {
        if (!lookUntil(() -> enough.test(seen().visibility()), context.options().consentWait())) {
            throw new StopException(notVisibleYet());
        }
    }

    /** Looks again after 1, 2, 4 … 30 s, and a last time at the window's end; says whether it was ever enough. */
    private boolean lookUntil(BooleanSupplier enough, Duration window) {
        Instant bound = clock.instant().plus(window);
        Duration pause = FIRST_PAUSE;
        while (!enough.getAsBoolean()) {
            Duration left = Duration.between(clock.instant(), bound);
            if (left.isNegative() || left.isZero()) {
                return false;
            }
            waitFor(pause.compareTo(left) < 0 ? pause : left);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            observe();
        }
        return true;
    }

    private CpvFailure notVisibleYet() {
        String last = seen().cause().map(CpvFailure::toString).orElse("the service principal is not visible yet");
        return CpvFailure.builder(
                        FailureCode.CONSENT_NOT_VISIBLE_YET,
                        "Consent is not effective after "
                                + context.options().consentWait().toSeconds() + " s: " + last)
                .serviceCode(seen().cause().flatMap(CpvFailure::serviceCode).orElse(null))
                .requestId(seen().cause().flatMap(CpvFailure::requestId).orElse(null))
                .build();
    }

    private void observe() {
        ensureActive();
        ObservedTenant observed = roundTrip("observe", 0, () -> session().observe(planned.resources()));
        notCreatable.keySet().removeIf(id -> observed.resource(id).presence() == Presence.PRESENT);
        looked = observed.withNotCreatable(knownUncreatable());
        current = looked;
        lastLook = looked;
        if (!hasWritten()) {
            first = looked;
        }
        listeners.tell(listener -> listener.observed(context, observed));
    }

    /** R15: what could not be created is not tried again for a week, unless a person asks; never twice in one operation. */
    private Set<AppId> knownUncreatable() {
        Set<AppId> known = new HashSet<>(notCreatable.keySet());
        if (context.options().priority() == Priority.MANUAL) {
            known.removeIf(id -> !OutcomeAssembler.isNotAvailable(answers.get(new PlanStep.AddResource(id))));
        }
        return known;
    }

    private void remember() {
        Instant since = start.minus(NOT_CREATABLE_MEMORY);
        recalled(journal::find).ifPresent(record -> {
            failuresBefore = record.failuresInARow();
            record.notCreatable().forEach((resource, found) -> {
                if (found.isAfter(since)) {
                    notCreatable.putIfAbsent(resource, found);
                }
            });
        });
        remembered = true;
    }

    private Optional<ResetRecord> openReset() {
        return recalled(journal::findReset).filter(reset -> reset.phase().isOpen());
    }

    private <T> Optional<T> recalled(Function<TenantId, Optional<T>> question) {
        try {
            return question.apply(context.tenant());
        } catch (RuntimeException e) {
            LOG.error("The journal did not tell what it remembers of tenant {}", context.tenant(), e);
            throw new StopException(TenantLease.unusable(e));
        }
    }

    ObservedTenant seen() {
        ObservedTenant seen = current;
        if (seen == null) {
            throw new IllegalStateException("Nothing was observed yet");
        }
        return seen;
    }

    // Plan

    /** Says what is to be there from now on; what the result tells is always what is required. */
    void plans(RequiredPermissionSet permissions) {
        planned = permissions;
    }

    TenantRoute route() {
        return context.route();
    }

    private Assessment assess() {
        return assess(planned, seen());
    }

    /** A tenant in sync is assessed by the same look to plan, to say how it stood, and to say how it stands. */
    private Assessment assess(RequiredPermissionSet against, ObservedTenant look) {
        Assessed known = assessed;
        if (known == null || !known.isOf(against, look, extraGrants)) {
            known = new Assessed(against, look, extraGrants, Assessment.of(against, look, extraGrants));
            assessed = known;
        }
        return known.result;
    }

    /** What came of the last assessment, which is a pure function of the rest. */
    private record Assessed(
            RequiredPermissionSet required, ObservedTenant look, ExtraGrants extraGrants, Assessment result) {
        boolean isOf(RequiredPermissionSet against, ObservedTenant seen, ExtraGrants extras) {
            return required.equals(against) && look == seen && extraGrants == extras;
        }
    }

    /** R9: before "not offered" is said, what the resource publishes is read in this tenant, once. */
    Assessment define() {
        Assessment assessment = assess();
        Set<AppId> open = new HashSet<>(assessment.undefinedResources());
        open.removeAll(defined);
        if (open.isEmpty()) {
            return assessment;
        }
        define(open);
        return assess();
    }

    /** Reads in this very tenant what all resources publish that are planned for and there. */
    void defineHere() {
        Set<AppId> present = new HashSet<>(planned.resources());
        present.removeIf(id -> seen().resource(id).presence() != Presence.PRESENT);
        define(present);
    }

    private void define(Set<AppId> resources) {
        ensureActive();
        defined.addAll(resources);
        Map<AppId, ResourceDefinition> read =
                roundTrip("definitions", 0, () -> session().definitions(Set.copyOf(resources)));
        definitions.putAll(read);
        current = seen().withDefinitions(read);
    }

    // Apply

    /** Returns whether a consent was needed. */
    boolean consentIfMissing() {
        if (seen().visibility() != Visibility.NOT_CONSENTED) {
            return false;
        }
        CpvRefreshPlan plan = assess().plan();
        listeners.tell(listener -> listener.planned(context, plan));
        passGate(plan);
        PlanStep.Consent consent = plan.consent().orElseThrow();
        stopOn(answer(consent, () -> session().consent(consent)).failure());
        observe();
        waitForConsent(visibility -> visibility == Visibility.VISIBLE);
        return true;
    }

    void reconcile(Predicate<PlanStep> allowed) {
        Set<PlanStep> tried = new HashSet<>();
        while (true) {
            CpvRefreshPlan plan = define().plan();
            Set<PlanStep> todo = new LinkedHashSet<>(plan.steps());
            todo.removeIf(step -> !allowed.test(step) || tried.contains(step));
            if (todo.isEmpty()) {
                return;
            }
            listeners.tell(listener -> listener.planned(context, plan));
            passGate(plan);
            tried.addAll(todo);
            write(List.copyOf(todo));
            stopIfCancelled(todo);
        }
    }

    private void passGate(CpvRefreshPlan plan) {
        if (gated) {
            Optional<CpvFailure> refusal = context.options().gate().refuse(plan);
            refused = refusal.isPresent();
            stopOn(refusal);
        }
    }

    /** A directory answers the steps that it did not begin with "cancelled"; then the whole refresh is (R18). */
    private void stopIfCancelled(Collection<PlanStep> steps) {
        answers.forEach((step, result) -> result.failure()
                .filter(failure -> failure.code() == FailureCode.CANCELLED && steps.contains(step))
                .ifPresent(failure -> {
                    throw new StopException(failure);
                }));
    }

    void write(List<PlanStep> steps) {
        write("apply", steps, () -> session().apply(steps, this::answered));
    }

    StepResult removeConsent() {
        return answer(new ResetStep.RemoveConsent(), () -> session().removeConsent());
    }

    StepResult deleteServicePrincipal() {
        return answer(new ResetStep.DeleteServicePrincipal(), () -> session().deleteServicePrincipal());
    }

    void restore(List<PrincipalAssignment> assignments) {
        List<ResetStep.RestoreAssignment> steps =
                assignments.stream().map(ResetStep.RestoreAssignment::new).toList();
        write("restore", steps, () -> session().restore(assignments, this::answered));
    }

    private StepResult answer(Step step, Supplier<StepResult> work) {
        write(step.kind().wireName(), List.of(step), () -> answered(step, work.get()));
        return Objects.requireNonNull(answers.get(step));
    }

    private void write(String call, List<? extends Step> steps, Runnable work) {
        ensureActive();
        stopOn(lease.confirm());
        try {
            roundTrip(call, steps.size(), () -> {
                work.run();
                return steps;
            });
        } catch (TenantDirectoryException e) {
            // Before the first write this is the answer to all; an answer that came is never lost.
            steps.forEach(step -> answers.computeIfAbsent(step, s -> StepResult.failed(e.failure())));
            throw e;
        }
        CpvFailure unanswered = CpvFailure.of(FailureCode.STEP_UNANSWERED, "The directory gave no answer");
        steps.forEach(step -> answers.computeIfAbsent(step, s -> StepResult.failed(unanswered)));
    }

    private void answered(Step step, StepResult result) {
        answers.put(step, result);
        boolean believed = switch (step.kind()) {
            case CONSENT -> false; // It is no proof, the next look is (R6).
            case REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL -> {
                removed(step, result);
                yield false;
            }
            case ADD_RESOURCE, ASSIGN_APP_ROLE, REVOKE_APP_ROLE, SET_SCOPES, MERGE_GRANTS, RESTORE_ASSIGNMENT -> true;
        };
        if (believed && result.isDone()) {
            notCreatable.remove(step.resource());
            result.definition().ifPresent(definition -> definitions.put(step.resource(), definition));
            current = seen().after(step, result.definition().orElse(null));
        } else if (step.kind() == StepKind.ADD_RESOURCE && OutcomeAssembler.isNotAvailable(result)) {
            notCreatable.put(step.resource(), clock.instant());
            current = seen().withNotCreatable(Set.of(step.resource()));
        }
        listeners.tell(listener -> listener.stepAnswered(context, step, result));
    }

    /** Nothing is claimed of what a removal left, be it that its answer was lost. */
    private void removed(Step step, StepResult result) {
        if (result.failure().filter(failure -> !failure.retryable()).isPresent()) {
            return; // Refused, so nothing changed.
        }
        current = null;
        looked = null;
        if (lastLook != null && step.kind() == StepKind.DELETE_SERVICE_PRINCIPAL && result.isDone()) {
            current = lastLook.after(step, null);
        }
    }

    /** What was to be given and was not; a resource that is not available here is no failure (R15). */
    Map<Step, CpvFailure> failedAdditions() {
        Map<Step, CpvFailure> failed = new LinkedHashMap<>();
        answers.forEach((step, result) -> {
            if (step.isAddition() && !OutcomeAssembler.isNotAvailable(result)) {
                result.failure().ifPresent(failure -> failed.put(step, failure));
            }
        });
        return failed;
    }

    // Reset

    TenantSnapshot snapshot() {
        ensureActive();
        return roundTrip("snapshot", 0, () -> session().snapshot());
    }

    /** R20: the next step is taken only if this one is safe. */
    void save(ResetRecord record) {
        stopOn(lease.save(record));
    }

    // Read back

    /**
     * R17: looks until the tenant shows what was written, where the caller asked for that.
     *
     * @return what the result tells of all that was not seen, or empty if nothing is open
     */
    Optional<CpvFailure> readBack() {
        if (!readsBack() || !hasWritten()) {
            return Optional.empty();
        }
        Assessment believed = assess();
        observe();
        if (lookUntil(() -> shows(believed), READ_BACK_WINDOW)) {
            return Optional.empty();
        }
        return Optional.of(CpvFailure.of(
                FailureCode.NOT_REPLICATED_YET,
                "Not all that was written is seen after " + READ_BACK_WINDOW.toSeconds() + " s"));
    }

    private boolean readsBack() {
        return context.options().verification() == WriteVerification.READ_BACK;
    }

    /** Nothing that is believed to be granted is missing in the last look, and nothing that was done is to be done again. */
    private boolean shows(Assessment believed) {
        if (seen().visibility() != Visibility.VISIBLE) {
            return false;
        }
        Assessment shown = assess(planned, seen().withDefinitions(definitions));
        return granted(shown).containsAll(granted(believed))
                && shown.plan().steps().stream().noneMatch(this::wasDone);
    }

    private static Set<RequiredPermission> granted(Assessment assessment) {
        return assessment.permissions().stream()
                .filter(permission -> permission.standing() == Standing.GRANTED)
                .map(AssessedPermission::permission)
                .collect(Collectors.toSet());
    }

    /** Consent is left aside: it was looked for already (R6). So is a removal: what was there before is no longer. */
    private boolean hasWritten() {
        return answers.keySet().stream().anyMatch(step -> isReadBack(step.kind()) && wasDone(step));
    }

    private static boolean isReadBack(StepKind kind) {
        return switch (kind) {
            case CONSENT, REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL -> false;
            case ADD_RESOURCE, ASSIGN_APP_ROLE, REVOKE_APP_ROLE, SET_SCOPES, MERGE_GRANTS, RESTORE_ASSIGNMENT -> true;
        };
    }

    private boolean wasDone(Step step) {
        StepResult answer = answers.get(step);
        return answer != null && answer.isDone();
    }

    // Finish

    CpvResult failed(CpvFailure failure) {
        return finish(failure);
    }

    private CpvResult finish(Optional<CpvFailure> failure) {
        return finish(failure.orElse(null));
    }

    private CpvResult finish(@Nullable CpvFailure failure) {
        // Who wants all read back is told nothing that no look has shown.
        ObservedTenant told = readsBack() ? looked : current;
        if (told == null || told.visibility() != Visibility.VISIBLE) {
            return new OutcomeAssembler(context, required, answers, start, clock.instant()).unseen(failure);
        }
        return outcome(assessment(told)).operation(failure, untried);
    }

    private OutcomeAssembler outcome(Assessment last) {
        return new OutcomeAssembler(context, required, answers, start, clock.instant()).with(initially(), last);
    }

    private Assessment initially() {
        return assessment(first == null ? seen() : first);
    }

    /** How the tenant stood at a look, told with all that was learnt of what resources publish. */
    private Assessment assessment(ObservedTenant look) {
        return assess(required, look.withDefinitions(definitions));
    }

    private void record(CpvResult result) {
        // What was not read must not be overwritten with nothing (R15).
        Optional<CpvFailure> failure = result.failure();
        if (!remembered || isNoAttempt(result)) {
            return;
        }
        lease.save(new TenantRecord(
                context.tenant(),
                clock.instant(),
                result.outcome(),
                required.fingerprint(),
                context.options().actor(),
                context.options().reason(),
                notCreatable,
                failure.map(CpvFailure::code),
                failuresInARow(result)));
    }

    /**
     * A cancelled refresh is no attempt (R18), nor is a stale or refused plan. What ails the partner says nothing of the tenant
     * (R28).
     */
    private boolean isNoAttempt(CpvResult result) {
        return refused
                || result.outcome() == RefreshOutcome.CANCELLED
                || result.failure()
                        .filter(f -> f.code() == FailureCode.PLAN_STALE || f.scope() == FailureScope.PARTNER)
                        .isPresent();
    }

    /** R30: what is not the tenant's fault does not count, and ends no row either unless the tenant could be looked at. */
    private int failuresInARow(CpvResult result) {
        if (result.outcome() != RefreshOutcome.FAILED) {
            return 0;
        }
        boolean counts = result.failure()
                .filter(failure -> failure.scope() == FailureScope.TENANT)
                .filter(failure -> failure.code() != FailureCode.CONSENT_NOT_VISIBLE_YET)
                .isPresent();
        return counts ? failuresBefore + 1 : failuresBefore;
    }

    private void ensureActive() {
        if (context.isCancelled()) {
            throw new StopException(CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled"));
        }
        Duration left = context.timeLeft(clock.instant());
        if (left.isNegative() || left.isZero()) {
            throw new StopException(CpvFailure.of(
                    FailureCode.DEADLINE_EXCEEDED,
                    "The operation took longer than " + context.options().timeout()));
        }
    }

    private void waitFor(Duration pause) {
        Duration left = context.timeLeft(clock.instant());
        try {
            sleeper.sleep(pause.compareTo(left) < 0 ? pause : left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StopException(CpvFailure.of(FailureCode.CANCELLED, "The thread was interrupted"));
        }
    }

    private <T> T roundTrip(String call, int steps, Supplier<T> work) {
        RoundTripEvent event = new RoundTripEvent();
        int before = context.requests();
        event.begin();
        try {
            return work.get();
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.tenant = context.tenant().toString();
                event.call = call;
                event.steps = steps;
                event.requests = context.requests() - before;
                event.commit();
            }
        }
    }
}
