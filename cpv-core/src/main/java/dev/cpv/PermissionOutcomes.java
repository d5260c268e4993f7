package dev.cpv;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.AssessedPermission;
import dev.cpv.model.AssessedPermission.Standing;
import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureScope;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.StepKind;
import dev.cpv.spi.StepResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The outcome of each required permission (R16). */
final class PermissionOutcomes {
    private final RequiredPermissionSet required;
    private final StepAnswers answers;

    PermissionOutcomes(RequiredPermissionSet required, StepAnswers answers) {
        this.required = required;
        this.answers = answers;
    }

    /** Nothing is known about any permission: each one failed for this reason. */
    List<PermissionOutcome> failed(CpvFailure reason) {
        return required.permissions().stream()
                .map(permission -> outcome(permission, null, Status.FAILED, reason))
                .toList();
    }

    /** The outcomes of a preview. */
    List<PermissionOutcome> previewed(Assessment now) {
        return now.permissions().stream()
                .map(permission -> previewed(permission, now.plan().needsConsent()))
                .toList();
    }

    private PermissionOutcome previewed(AssessedPermission permission, boolean needsConsent) {
        Status status = switch (permission.standing()) {
            case GRANTED -> Status.ALREADY_GRANTED;
            case MISSING -> Status.MISSING;
            case NOT_APPLICABLE -> Status.NOT_APPLICABLE;
            case NOT_OFFERED -> Status.NOT_OFFERED;
            case BLOCKED -> Status.FAILED;
            // Without consent the tenant cannot be observed yet, so it is expected to be missing.
            case UNRESOLVED -> needsConsent ? Status.MISSING : Status.FAILED;
        };
        return outcome(permission, status, status == Status.MISSING ? null : reason(permission));
    }

    /**
     * The outcomes of an operation that may have written.
     *
     * @param before the tenant before anything was written
     * @param now the tenant now
     * @param untried the failure of a permission that is missing, though no step for it failed
     */
    List<PermissionOutcome> achieved(Assessment before, Assessment now, CpvFailure untried) {
        List<PlanStep.Consent> consents = consents();
        Set<RequiredPermission> already = before.permissions().stream()
                .filter(permission -> wasThere(permission, consents))
                .map(AssessedPermission::permission)
                .collect(Collectors.toSet());
        return now.permissions().stream()
                .map(permission -> achieved(permission, already.contains(permission.permission()), untried))
                .toList();
    }

    private PermissionOutcome achieved(AssessedPermission permission, boolean already, CpvFailure untried) {
        return switch (permission.standing()) {
            case GRANTED -> outcome(permission, already ? Status.ALREADY_GRANTED : Status.GRANTED, null);
            case NOT_APPLICABLE -> outcome(permission, Status.NOT_APPLICABLE, reason(permission));
            case NOT_OFFERED -> outcome(permission, Status.NOT_OFFERED, reason(permission));
            case BLOCKED, UNRESOLVED -> outcome(permission, Status.FAILED, reason(permission));
            case MISSING -> missing(permission, untried);
        };
    }

    /** It was observed, or the directory found it when it was about to write it. */
    private boolean wasThere(AssessedPermission permission, List<PlanStep.Consent> consents) {
        if (permission.standing() == Standing.GRANTED) {
            return !cameByConsent(permission, consents);
        }
        return permission
                .step()
                .flatMap(answers::find)
                .filter(answer -> answer.status() == StepResult.Status.UNCHANGED)
                .isPresent();
    }

    /**
     * The tenant was first observed after its consent, so what the consent granted looks as if it had been there
     * before.
     */
    private static boolean cameByConsent(AssessedPermission permission, List<PlanStep.Consent> consents) {
        AppId resource = permission.permission().resource();
        return permission.permission().type() == PermissionType.DELEGATED
                && consents.stream()
                        .filter(consent -> consent.resource().equals(resource))
                        .flatMap(consent -> consent.scopes().stream())
                        .anyMatch(permission.value().orElse("")::equalsIgnoreCase);
    }

    private List<PlanStep.Consent> consents() {
        return answers.asMap().entrySet().stream()
                .filter(answer -> answer.getValue().status() == StepResult.Status.APPLIED)
                .filter(answer -> answer.getKey().kind() == StepKind.CONSENT)
                .map(answer -> (PlanStep.Consent) answer.getKey())
                .toList();
    }

    private PermissionOutcome missing(AssessedPermission permission, CpvFailure untried) {
        Optional<StepResult> answer = permission.step().flatMap(answers::find);
        CpvFailure why = (answer.isPresent()
                        ? answer.flatMap(StepResult::failure)
                        : failureOn(permission.permission().resource()))
                .orElse(untried);
        Status status = switch (why.code()) {
            case PERMISSION_NOT_OFFERED -> Status.NOT_OFFERED;
            case RESOURCE_NOT_AVAILABLE -> Status.NOT_APPLICABLE;
            default -> Status.FAILED;
        };
        return outcome(permission, status, why);
    }

    /**
     * The step that would add it now can differ from the one that failed, where a later look showed a change. A failure
     * of one permission says nothing about the others of its resource.
     */
    private Optional<CpvFailure> failureOn(AppId resource) {
        return answers.asMap().entrySet().stream()
                .filter(answer -> answer.getKey().resource().equals(resource))
                .filter(answer -> answer.getKey().kind() != StepKind.RESTORE_ASSIGNMENT)
                .flatMap(answer -> answer.getValue().failure().stream())
                .filter(failure -> failure.scope() != FailureScope.PERMISSION)
                .findFirst();
    }

    private static @Nullable CpvFailure reason(AssessedPermission permission) {
        return permission.reason().orElse(null);
    }

    private PermissionOutcome outcome(AssessedPermission permission, Status status, @Nullable CpvFailure failure) {
        return outcome(permission.permission(), permission.value().orElse(null), status, failure);
    }

    private PermissionOutcome outcome(
            RequiredPermission permission, @Nullable String value, Status status, @Nullable CpvFailure failure) {
        return new PermissionOutcome(permission, value, required.requestedBy(permission), status, failure);
    }
}
