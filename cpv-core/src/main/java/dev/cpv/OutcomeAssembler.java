package dev.cpv;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.AssessedPermission;
import dev.cpv.model.AssessedPermission.Standing;
import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the result of an operation from how the tenant stood before, how it stands now, and what was answered. */
final class OutcomeAssembler {
    private final RefreshContext context;
    private final RequiredPermissionSet required;
    private final Map<Step, StepResult> answers;
    private final Instant start;
    private final Instant end;
    private @Nullable Assessment before;
    private @Nullable Assessment after;

    OutcomeAssembler(
            RefreshContext context,
            RequiredPermissionSet required,
            Map<Step, StepResult> answers,
            Instant start,
            Instant end) {
        this.context = context;
        this.required = required;
        this.answers = answers;
        this.start = start;
        this.end = end;
    }

    OutcomeAssembler with(Assessment initially, Assessment last) {
        before = initially;
        after = last;
        return this;
    }

    /** The tenant could not be looked at: nothing can be said of its permissions. */
    CpvResult unseen(@Nullable CpvFailure failure) {
        CpvFailure reason = failure == null ? CpvFailure.of(FailureCode.UNKNOWN, "Nothing was observed") : failure;
        List<PermissionOutcome> permissions = required.permissions().stream()
                .map(permission -> outcome(permission, null, Status.FAILED, reason))
                .toList();
        RefreshOutcome outcome =
                reason.code() == FailureCode.CANCELLED ? RefreshOutcome.CANCELLED : RefreshOutcome.FAILED;
        return result(outcome).permissions(permissions).failure(reason).build();
    }

    /** The application is gone, so nothing is required any more; the answers to the steps are the proof. */
    CpvResult offboarded() {
        return result(RefreshOutcome.OFFBOARDED).build();
    }

    /**
     * Tells what would be done.
     *
     * @param failure what has to be done first, or null
     */
    CpvResult preview(@Nullable CpvFailure failure) {
        Assessment now = now();
        List<PermissionOutcome> permissions = now.permissions().stream()
                .map(permission -> previewed(permission, now.plan().needsConsent()))
                .toList();
        RefreshOutcome outcome = failure != null
                ? RefreshOutcome.PARTIAL
                : !now.plan().isEmpty()
                        ? RefreshOutcome.DRIFTED
                        : permissions.stream().allMatch(p -> p.status().isInSync())
                                ? RefreshOutcome.UP_TO_DATE
                                : RefreshOutcome.PARTIAL;
        return result(outcome)
                .permissions(permissions)
                .extras(extras(now.extras(), now.extras()))
                .notices(now.notices())
                .failure(failure)
                .plan(now.plan())
                .build();
    }

    private PermissionOutcome previewed(AssessedPermission permission, boolean needsConsent) {
        Status status = switch (permission.standing()) {
            case GRANTED -> Status.ALREADY_GRANTED;
            case MISSING -> Status.MISSING;
            case NOT_APPLICABLE -> Status.NOT_APPLICABLE;
            case NOT_OFFERED -> Status.NOT_OFFERED;
            case BLOCKED -> Status.FAILED;
            // Without consent nobody can look yet, so it is expected to be missing.
            case UNRESOLVED -> needsConsent ? Status.MISSING : Status.FAILED;
        };
        return outcome(
                permission.permission(),
                permission.value().orElse(null),
                status,
                status == Status.MISSING ? null : permission.reason().orElse(null));
    }

    /**
     * Tells what an operation came to.
     *
     * @param failure what ended it early, or null
     * @param untried what is said of a permission that is missing, though no step for it went wrong
     */
    CpvResult operation(@Nullable CpvFailure failure, CpvFailure untried) {
        Assessment now = now();
        Predicate<AssessedPermission> already = already();
        List<PermissionOutcome> permissions = now.permissions().stream()
                .map(permission -> achieved(permission, already.test(permission), failure == null ? untried : failure))
                .toList();
        return result(outcome(permissions, failure))
                .permissions(permissions)
                .extras(extras(initially().extras(), now.extras()))
                .notices(now.notices())
                .failure(failure)
                .build();
    }

    private Predicate<AssessedPermission> already() {
        List<PlanStep.Consent> consents = consents();
        if (before == after) {
            return permission -> wasThere(permission, consents);
        }
        Set<RequiredPermission> already = initially().permissions().stream()
                .filter(permission -> wasThere(permission, consents))
                .map(AssessedPermission::permission)
                .collect(Collectors.toSet());
        return permission -> already.contains(permission.permission());
    }

    /** It was seen, or the directory found it when it was about to write it. */
    private boolean wasThere(AssessedPermission permission, List<PlanStep.Consent> consents) {
        if (permission.standing() == Standing.GRANTED) {
            return !cameByConsent(permission, consents);
        }
        return permission
                .step()
                .map(answers::get)
                .filter(answer -> answer.status() == StepResult.Status.UNCHANGED)
                .isPresent();
    }

    /** The tenant was looked at only after its consent, so what that gave looks as if it had been there. */
    private static boolean cameByConsent(AssessedPermission permission, List<PlanStep.Consent> consents) {
        if (consents.isEmpty() || permission.permission().type() != PermissionType.DELEGATED) {
            return false;
        }
        AppId resource = permission.permission().resource();
        return consents.stream()
                .filter(consent -> consent.resource().equals(resource))
                .flatMap(consent -> consent.scopes().stream())
                .anyMatch(permission.value().orElse("")::equalsIgnoreCase);
    }

    private List<PlanStep.Consent> consents() {
        return answers.entrySet().stream()
                .filter(answer -> answer.getValue().status() == StepResult.Status.APPLIED)
                .map(Map.Entry::getKey)
                .filter(step -> step.kind() == StepKind.CONSENT)
                .map(PlanStep.Consent.class::cast)
                .toList();
    }

    private RefreshOutcome outcome(List<PermissionOutcome> permissions, @Nullable CpvFailure failure) {
        if (failure != null && failure.code() == FailureCode.CANCELLED) {
            return RefreshOutcome.CANCELLED;
        }
        if (failure != null && failure.code() == FailureCode.PLAN_STALE) {
            return RefreshOutcome.FAILED;
        }
        boolean inSync = permissions.stream().allMatch(p -> p.status().isInSync());
        boolean allDone = answers.values().stream().allMatch(result -> result.isDone() || isNotAvailable(result));
        if (failure != null || !inSync || !allDone) {
            return RefreshOutcome.PARTIAL;
        }
        boolean written = answers.values().stream().anyMatch(r -> r.status() == StepResult.Status.APPLIED);
        return written ? RefreshOutcome.UPDATED : RefreshOutcome.UP_TO_DATE;
    }

    /** What a resource lacks that is not available here is told as not applicable, not as failed (R15). */
    static boolean isNotAvailable(@Nullable StepResult result) {
        return result != null
                && result.failure()
                        .filter(failure -> failure.code() == FailureCode.RESOURCE_NOT_AVAILABLE)
                        .isPresent();
    }

    private PermissionOutcome achieved(AssessedPermission permission, boolean already, CpvFailure otherwise) {
        RequiredPermission required = permission.permission();
        String value = permission.value().orElse(null);
        return switch (permission.standing()) {
            case GRANTED -> outcome(required, value, already ? Status.ALREADY_GRANTED : Status.GRANTED, null);
            case NOT_APPLICABLE ->
                outcome(
                        required,
                        value,
                        Status.NOT_APPLICABLE,
                        permission.reason().orElse(null));
            case NOT_OFFERED ->
                outcome(required, value, Status.NOT_OFFERED, permission.reason().orElse(null));
            case BLOCKED, UNRESOLVED ->
                outcome(required, value, Status.FAILED, permission.reason().orElse(null));
            case MISSING -> missed(required, value, permission.step(), otherwise);
        };
    }

    private PermissionOutcome missed(
            RequiredPermission permission, @Nullable String value, Optional<PlanStep> step, CpvFailure otherwise) {
        Optional<StepResult> answer = step.map(answers::get);
        CpvFailure why = (answer.isPresent() ? answer.flatMap(StepResult::failure) : failureOn(permission.resource()))
                .orElse(otherwise);
        Status status = switch (why.code()) {
            case PERMISSION_NOT_OFFERED -> Status.NOT_OFFERED;
            case RESOURCE_NOT_AVAILABLE -> Status.NOT_APPLICABLE;
            default -> Status.FAILED;
        };
        return outcome(permission, value, status, why);
    }

    /**
     * The step that would add it now can differ from the one that went wrong, where a later look showed a change. What is
     * true of one permission alone says nothing of the resource's others.
     */
    private Optional<CpvFailure> failureOn(AppId resource) {
        return answers.entrySet().stream()
                .filter(answer -> answer.getKey().resource().equals(resource))
                .filter(answer -> answer.getKey().kind() != StepKind.RESTORE_ASSIGNMENT)
                .flatMap(answer -> answer.getValue().failure().stream())
                .filter(failure -> failure.scope() != FailureScope.PERMISSION)
                .findFirst();
    }

    private static List<ExtraOutcome> extras(SortedSet<ExtraPermission> found, Set<ExtraPermission> left) {
        SortedSet<ExtraPermission> all = new TreeSet<>(found);
        all.removeIf(extra -> left.stream().anyMatch(other -> isSame(extra, other)));
        all.addAll(left);
        List<ExtraOutcome> extras = new ArrayList<>();
        all.forEach(extra -> extras.add(new ExtraOutcome(extra, !left.contains(extra))));
        return extras;
    }

    /** R12: a scope may come back in another spelling. */
    private static boolean isSame(ExtraPermission one, ExtraPermission other) {
        return one.resource().equals(other.resource())
                && one.type() == other.type()
                && one.id().equalsIgnoreCase(other.id());
    }

    private PermissionOutcome outcome(
            RequiredPermission permission, @Nullable String value, Status status, @Nullable CpvFailure failure) {
        return new PermissionOutcome(permission, value, required.requestedBy(permission), status, failure);
    }

    private CpvResult.Builder result(RefreshOutcome outcome) {
        return new CpvResult.Builder(context.tenant().toString(), context.tenant(), outcome)
                .correlationId(context.correlationId())
                .steps(answers)
                .cost(context.requests(), Duration.between(start, end));
    }

    private Assessment now() {
        return Objects.requireNonNull(after, "after");
    }

    private Assessment initially() {
        return Objects.requireNonNull(before, "before");
    }
}
