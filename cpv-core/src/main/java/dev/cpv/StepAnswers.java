package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.spi.StepResult;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The directory's answers to the steps of one operation, in the order in which they came. */
final class StepAnswers {
    private final Map<Step, StepResult> answers = new LinkedHashMap<>();

    void put(Step step, StepResult result) {
        answers.put(step, result);
    }

    /** An answer that came is never lost (R17): this fills in only what is missing. */
    void putIfAbsent(Step step, CpvFailure failure) {
        answers.computeIfAbsent(step, unanswered -> StepResult.failed(failure));
    }

    Optional<StepResult> find(Step step) {
        return Optional.ofNullable(answers.get(step));
    }

    Map<Step, StepResult> asMap() {
        return Collections.unmodifiableMap(answers);
    }

    boolean isDone(Step step) {
        return find(step).filter(StepResult::isDone).isPresent();
    }

    /**
     * Whether something was written that a look can show. Not a consent, which was waited for already (R6), and not a
     * removal: what it removed is no longer there.
     */
    boolean hasWritten() {
        return answers.keySet().stream().anyMatch(step -> isObservable(step.kind()) && isDone(step));
    }

    private static boolean isObservable(StepKind kind) {
        return switch (kind) {
            case ADD_RESOURCE, ASSIGN_APP_ROLE, REVOKE_APP_ROLE, SET_SCOPES, MERGE_GRANTS, RESTORE_ASSIGNMENT -> true;
            case CONSENT, REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL -> false;
        };
    }

    /** A resource that is not available in the tenant makes its permissions not applicable, which is no failure (R15). */
    static boolean isNotAvailable(StepResult result) {
        return result.failure()
                .filter(failure -> failure.code() == FailureCode.RESOURCE_NOT_AVAILABLE)
                .isPresent();
    }

    /** What was to be added or restored, and was not. */
    Map<Step, CpvFailure> failedAdditions() {
        Map<Step, CpvFailure> failed = new LinkedHashMap<>();
        answers.forEach((step, result) -> {
            if (step.isAddition() && !isNotAvailable(result)) {
                result.failure().ifPresent(failure -> failed.put(step, failure));
            }
        });
        return failed;
    }

    /** The steps that a directory did not begin because the operation was cancelled (R18). */
    Optional<CpvFailure> cancelled(Collection<? extends Step> steps) {
        return steps.stream()
                .flatMap(step -> find(step).flatMap(StepResult::failure).stream())
                .filter(failure -> failure.code() == FailureCode.CANCELLED)
                .findFirst();
    }
}
