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

/** Makes the result of an operation from how the tenant was before, how it is now, and what was answered. */
final class OutcomeAssembler {
    private static final CpvFailure CHANGED_MEANWHILE = CpvFailure.of(
            FailureCode.WRITE_CONFLICT, "Somebody else changed the tenant while it was refreshed: refresh again");

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

    /** What an operation achieved that did all it could, with the failure that is reported beside its permissions. */
    CpvResult ended(Optional<CpvFailure> failure) {
        return ended(failure, CHANGED_MEANWHILE);
    }

    /**
     * What an operation achieved that did all it could.
     *
     * @param failure the failure that is reported beside its permissions
     * @param untried the failure of a permission that is missing, though no step for it failed
     */
    CpvResult ended(Optional<CpvFailure> failure, CpvFailure untried) {
        return ended(failure.orElse(null), untried);
    }

    /** What an operation achieved that a failure ended early. */
    CpvResult stopped(CpvFailure failure) {
        return ended(failure, failure);
    }

    private CpvResult ended(@Nullable CpvFailure failure, CpvFailure untried) {
        Optional<ObservedTenant> last = view.reportable();
        if (last.isEmpty()) {
            return unseen(failure == null ? CpvFailure.of(FailureCode.UNKNOWN, "Nothing was observed") : failure);
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

    /** The tenant could not be read: nothing can be said of its permissions. */
    private CpvResult unseen(CpvFailure reason) {
        return failed(
                reason.code() == FailureCode.CANCELLED ? RefreshOutcome.CANCELLED : RefreshOutcome.FAILED, reason);
    }

    /** An error of the program ended the operation: what is known of the tenant is not to be relied on, but the answers stay. */
    CpvResult broken(CpvFailure reason) {
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
     * What would be done.
     *
     * @param now the tenant against what is required
     * @param failure what has to be done first, or null
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

    /** R12: a scope may come back in another spelling. */
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
