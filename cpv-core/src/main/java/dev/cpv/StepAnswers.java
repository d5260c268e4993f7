package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.spi.StepResult;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The directory's answers to the steps of one operation, in the order in which they came. */
final class StepAnswers {
    private final Map<PlanStep, StepResult> answers = new LinkedHashMap<>();

    void put(PlanStep step, StepResult result) {
        answers.put(step, result);
    }

    /** An answer that came is never lost (R17): this fills in only what is missing. */
    void putIfAbsent(PlanStep step, CpvFailure failure) {
        answers.computeIfAbsent(step, unanswered -> StepResult.failed(failure));
    }

    Optional<StepResult> find(PlanStep step) {
        return Optional.ofNullable(answers.get(step));
    }

    Map<PlanStep, StepResult> asMap() {
        return Collections.unmodifiableMap(answers);
    }

    boolean isDone(PlanStep step) {
        return find(step).filter(StepResult::isDone).isPresent();
    }

    /**
     * Whether something was written that a look can show. Not a consent, which was looked for already (R6), and not a removal: what
     * was there before it is no longer.
     */
    boolean hasWritten() {
        return answers.keySet().stream()
                .anyMatch(step -> !(step instanceof PlanStep.Consent) && !isRemoval(step) && isDone(step));
    }

    static boolean isRemoval(PlanStep step) {
        return step instanceof PlanStep.RemoveConsent || step instanceof PlanStep.DeleteServicePrincipal;
    }

    /** A resource that is not available in the tenant makes its permissions not applicable, which is no failure (R15). */
    static boolean isNotAvailable(StepResult result) {
        return result.failure()
                .filter(failure -> failure.code() == FailureCode.RESOURCE_NOT_AVAILABLE)
                .isPresent();
    }

    /** What was to be added or restored, and was not. */
    Map<PlanStep, CpvFailure> failedAdditions() {
        Map<PlanStep, CpvFailure> failed = new LinkedHashMap<>();
        answers.forEach((step, result) -> {
            if (step.isAddition() && !isNotAvailable(result)) {
                result.failure().ifPresent(failure -> failed.put(step, failure));
            }
        });
        return failed;
    }

    /** The steps that a directory did not begin because the operation was cancelled (R18). */
    Optional<CpvFailure> cancelled(Collection<? extends PlanStep> steps) {
        return steps.stream()
                .flatMap(step -> find(step).flatMap(StepResult::failure).stream())
                .filter(failure -> failure.code() == FailureCode.CANCELLED)
                .findFirst();
    }
}
