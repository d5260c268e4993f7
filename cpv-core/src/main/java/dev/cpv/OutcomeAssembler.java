package dev.cpv;

import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builds the result of an operation from the tenant before, the tenant now, and the answers to the steps. */
final class OutcomeAssembler {
    private static final CpvFailure CHANGED_MEANWHILE = CpvFailure.of(
            FailureCode.WRITE_CONFLICT, "Another client changed the tenant during the refresh: refresh again");

    private final RefreshContext context;
    private final RequiredPermissionSet required;
    private final TenantView view;
    private final OperationTime time;
    private final PermissionOutcomes outcomes;

    OutcomeAssembler(RefreshContext context, RequiredPermissionSet required, TenantView view, OperationTime time) {
        this.context = context;
        this.required = required;
        this.view = view;
        this.time = time;
        this.outcomes = new PermissionOutcomes(required, view.answers());
    }

    /** The result of an operation that ran to its end, with the failure that is reported beside its permissions. */
    CpvResult completed(Optional<CpvFailure> failure) {
        return completed(failure, CHANGED_MEANWHILE);
    }

    /**
     * The result of an operation that ran to its end.
     *
     * @param failure the failure that is reported beside its permissions
     * @param untried the failure of a permission that is missing, though no step for it failed
     */
    CpvResult completed(Optional<CpvFailure> failure, CpvFailure untried) {
        return completed(failure.orElse(null), untried);
    }

    /** The result of an operation that a failure ended early. */
    CpvResult stopped(CpvFailure failure) {
        return completed(failure, failure);
    }

    private CpvResult completed(@Nullable CpvFailure failure, CpvFailure untried) {
        Optional<ObservedTenant> last = view.reportable();
        if (last.isEmpty()) {
            return unobserved(failure == null ? CpvFailure.of(FailureCode.UNKNOWN, "Nothing was observed") : failure);
        }
        Assessment now = view.assess(required, last.get());
        Assessment before = view.initial() == last.get() ? now : view.assess(required, view.initial());
        List<PermissionOutcome> permissions = outcomes.achieved(before, now, failure == null ? untried : failure);
        return result(outcome(permissions, failure))
                .permissions(permissions)
                .extras(extras(before.extras(), now.extras()))
                .notices(now.notices())
                .failure(failure)
                .build();
    }

    /** The tenant could not be read: nothing is known about its permissions. */
    private CpvResult unobserved(CpvFailure reason) {
        return failed(
                reason.code() == FailureCode.CANCELLED ? RefreshOutcome.CANCELLED : RefreshOutcome.FAILED, reason);
    }

    /**
     * An unexpected error ended the operation: what is known about the tenant is unreliable, so only the answers are
     * kept.
     */
    CpvResult faulted(CpvFailure reason) {
        return failed(RefreshOutcome.FAILED, reason);
    }

    private CpvResult failed(RefreshOutcome outcome, CpvFailure reason) {
        return result(outcome)
                .permissions(outcomes.failed(reason))
                .failure(reason)
                .build();
    }

    /** The application is gone, so nothing is required any more; the answers to the steps are the proof. */
    CpvResult offboarded() {
        return result(RefreshOutcome.OFFBOARDED).build();
    }

    /**
     * The result of a preview.
     *
     * @param now the tenant against what is required
     * @param failure what has to be resolved first, or null
     */
    CpvResult preview(Assessment now, @Nullable CpvFailure failure) {
        List<PermissionOutcome> permissions = outcomes.previewed(now);
        return result(previewed(now, permissions, failure))
                .permissions(permissions)
                .extras(extras(now.extras(), now.extras()))
                .notices(now.notices())
                .failure(failure)
                .plan(now.plan())
                .build();
    }

    private static RefreshOutcome previewed(
            Assessment now, List<PermissionOutcome> permissions, @Nullable CpvFailure failure) {
        if (failure != null) {
            return RefreshOutcome.PARTIAL;
        }
        if (!now.plan().isEmpty()) {
            return RefreshOutcome.DRIFTED;
        }
        return isInSync(permissions) ? RefreshOutcome.UP_TO_DATE : RefreshOutcome.PARTIAL;
    }

    private RefreshOutcome outcome(List<PermissionOutcome> permissions, @Nullable CpvFailure failure) {
        if (failure != null && failure.code() == FailureCode.CANCELLED) {
            return RefreshOutcome.CANCELLED;
        }
        if (failure != null && failure.code() == FailureCode.PLAN_STALE) {
            return RefreshOutcome.FAILED;
        }
        Collection<StepResult> answers = view.answers().asMap().values();
        boolean allDone = answers.stream().allMatch(result -> result.isDone() || StepAnswers.isNotAvailable(result));
        if (failure != null || !isInSync(permissions) || !allDone) {
            return RefreshOutcome.PARTIAL;
        }
        boolean written = answers.stream().anyMatch(result -> result.status() == StepResult.Status.APPLIED);
        return written ? RefreshOutcome.UPDATED : RefreshOutcome.UP_TO_DATE;
    }

    private static boolean isInSync(List<PermissionOutcome> permissions) {
        return permissions.stream().allMatch(permission -> permission.status().isInSync());
    }

    private static List<ExtraPermission> extras(SortedSet<ExtraPermission> found, Set<ExtraPermission> left) {
        SortedSet<ExtraPermission> all = new TreeSet<>(found);
        all.removeIf(extra -> left.stream().anyMatch(other -> isSame(extra, other)));
        all.addAll(left);
        return all.stream()
                .map(extra -> left.contains(extra) ? extra : extra.asRevoked())
                .toList();
    }

    /** R12: a scope may be returned in another spelling. */
    private static boolean isSame(ExtraPermission one, ExtraPermission other) {
        return one.resource().equals(other.resource())
                && one.type() == other.type()
                && one.id().equalsIgnoreCase(other.id());
    }

    private CpvResultBuilder result(RefreshOutcome outcome) {
        return new CpvResultBuilder(context.tenant().toString(), context.tenant(), outcome)
                .correlationId(context.correlationId())
                .steps(view.answers().asMap())
                .cost(context.requests(), time.elapsed());
    }
}
