package dev.cpv;

import dev.cpv.internal.time.Backoff;
import dev.cpv.model.AppId;
import dev.cpv.model.AssessedPermission;
import dev.cpv.model.AssessedPermission.Standing;
import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.ObservedTenant.Visibility;
import dev.cpv.model.PlanApproval;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RequiredPermission;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Observes, plans and applies, and repeats that only while new steps appear. */
final class ReconcileLoop {
    private static final Duration READ_BACK_WINDOW = Duration.ofSeconds(60);

    private final Operation operation;
    private final TenantView view;
    private final TenantAccess access;
    private final PlanApproval approval;

    /**
     * Creates the loop.
     *
     * @param operation the operation that it is part of
     * @param approval is asked before a plan is carried out
     */
    ReconcileLoop(Operation operation, PlanApproval approval) {
        this.operation = operation;
        this.view = operation.view();
        this.access = operation.access();
        this.approval = approval;
    }

    /** A loop without approval: finishing a reset restores what was removed, so nobody can refuse it. */
    static ReconcileLoop withoutApproval(Operation operation) {
        return new ReconcileLoop(operation, plan -> Optional.empty());
    }

    // Observe

    /** Recalls what the journal remembers, observes the tenant, and waits while a consent is not visible yet. */
    void observe() {
        operation.memory().recall();
        access.observe();
        if (view.current().visibility() == Visibility.NOT_VISIBLE_YET) {
            waitForConsent(visibility -> visibility != Visibility.NOT_VISIBLE_YET);
        }
    }

    private void waitForConsent(Predicate<Visibility> enough) {
        if (!observeUntil(
                () -> enough.test(view.current().visibility()),
                operation.context().options().consentWait())) {
            throw new StopException(notVisibleYet());
        }
    }

    /**
     * R6: looks again after 1, 2, 4 … 30 s, and a last time at the window's end; returns whether that was ever enough.
     */
    private boolean observeUntil(BooleanSupplier enough, Duration window) {
        Instant bound = operation.time().now().plus(window);
        Backoff backoff = Backoff.first();
        while (!enough.getAsBoolean()) {
            Duration left = Duration.between(operation.time().now(), bound);
            if (left.isNegative() || left.isZero()) {
                return false;
            }
            operation.time().pause(backoff.atMost(left));
            backoff = backoff.next();
            access.observe();
        }
        return true;
    }

    private CpvFailure notVisibleYet() {
        Optional<CpvFailure> cause = view.current().cause();
        return CpvFailure.builder(
                        FailureCode.CONSENT_NOT_VISIBLE_YET,
                        "Consent is not effective after "
                                + operation.context().options().consentWait().toSeconds() + " s: "
                                + cause.map(CpvFailure::toString).orElse("the service principal is not visible yet"))
                .serviceCode(cause.flatMap(CpvFailure::serviceCode).orElse(null))
                .requestId(cause.flatMap(CpvFailure::requestId).orElse(null))
                .build();
    }

    // Plan

    /** Assesses the tenant. Before "not offered" is said, what the resource publishes is read in this tenant (R9). */
    Assessment assess() {
        Assessment assessment = view.assess();
        Set<AppId> missing = view.missingDefinitions(assessment);
        if (missing.isEmpty()) {
            return assessment;
        }
        access.readDefinitions(missing);
        return view.assess();
    }

    // Apply

    /** Consents where consent is missing (R4), and waits until it is effective; returns whether it was missing. */
    boolean consentIfMissing() {
        if (view.current().visibility() != Visibility.NOT_CONSENTED) {
            return false;
        }
        CpvRefreshPlan plan = view.assess().plan();
        approve(plan);
        PlanStep.Consent consent = plan.consent().orElseThrow();
        StopException.throwIf(access.consent(consent).failure());
        access.observe();
        waitForConsent(visibility -> visibility == Visibility.VISIBLE);
        return true;
    }

    /** Carries out what the plan says, and plans again, until no step is left that is allowed and was not tried. */
    void reconcile(Predicate<PlanStep> allowed) {
        Set<PlanStep> tried = new HashSet<>();
        while (true) {
            CpvRefreshPlan plan = assess().plan();
            Set<PlanStep> todo = new LinkedHashSet<>(plan.steps());
            todo.removeIf(step -> !allowed.test(step) || tried.contains(step));
            if (todo.isEmpty()) {
                return;
            }
            approve(plan);
            tried.addAll(todo);
            access.apply(List.copyOf(todo));
            StopException.throwIf(view.answers().cancelled(todo));
        }
    }

    private void approve(CpvRefreshPlan plan) {
        operation.listeners().planned(operation.context(), plan);
        StopException.throwIfRefused(approval.refuse(plan));
    }

    // Verify

    /**
     * R17: looks until the tenant shows what was written, if the caller asked for that.
     *
     * @return the failure for what was not seen, or empty if everything was
     */
    Optional<CpvFailure> readBack() {
        if (!view.readsBack() || !view.answers().hasWritten()) {
            return Optional.empty();
        }
        Set<RequiredPermission> believed = granted(view.assess());
        access.observe();
        if (observeUntil(() -> shows(believed), READ_BACK_WINDOW)) {
            return Optional.empty();
        }
        return Optional.of(CpvFailure.of(
                FailureCode.NOT_REPLICATED_YET,
                "Not everything that was written is visible after " + READ_BACK_WINDOW.toSeconds() + " s"));
    }

    /**
     * Every permission that is believed to be granted is in the last look, and no step that was done is planned again.
     */
    private boolean shows(Set<RequiredPermission> believed) {
        ObservedTenant look = view.current();
        if (look.visibility() != Visibility.VISIBLE) {
            return false;
        }
        Assessment shown = view.assess(view.target(), look);
        return granted(shown).containsAll(believed)
                && shown.plan().steps().stream().noneMatch(view.answers()::isDone);
    }

    private static Set<RequiredPermission> granted(Assessment assessment) {
        return assessment.permissions().stream()
                .filter(permission -> permission.standing() == Standing.GRANTED)
                .map(AssessedPermission::permission)
                .collect(Collectors.toSet());
    }
}
