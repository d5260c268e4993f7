package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.spi.StepResult;
import java.util.Optional;

/**
 * Restores one assignment that was deleted with our service principal (R19): a principal assigned to it, a directory role, or a
 * group membership.
 */
class AssignmentWrite extends StepWrite {
    private final PrincipalAssignment assignment;

    private AssignmentWrite(ResetStep.RestoreAssignment step) {
        super(step);
        assignment = step.assignment();
    }

    /** For a kind of assignment that takes more than one write. */
    AssignmentWrite(ResetStep.RestoreAssignment step, PrincipalAssignment assignment) {
        super(step);
        this.assignment = assignment;
    }

    static StepWrite of(ResetStep.RestoreAssignment step) {
        return step.assignment() instanceof PrincipalAssignment.UserGrant grant
                ? new UserGrantWrite(step, grant)
                : new AssignmentWrite(step);
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        String own = state.principalId().orElseThrow();
        return Optional.of(
                switch (assignment.kind()) {
                    case APP_ASSIGNMENT ->
                        parts.assign(
                                assignment.objectId(),
                                own,
                                ((PrincipalAssignment.AppAssignment) assignment).appRoleId());
                    case DIRECTORY_ROLE ->
                        parts.assignDirectoryRole(
                                own, ((PrincipalAssignment.DirectoryRole) assignment).roleTemplateId());
                    case GROUP_MEMBERSHIP -> parts.addToGroup(own, assignment.objectId());
                    case USER_GRANT ->
                        throw new IllegalStateException(
                                "This assignment takes more than one write: " + assignment.describe());
                });
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        end(StepResult.applied());
    }

    /** The answer itself says that the assignment exists; a look would not show it. */
    @Override
    void wasThere() {
        reached();
    }

    /**
     * A user or group may be deleted while a reset waits. Our own principal was written before, so it is not the missing object.
     */
    @Override
    Optional<StepResult> repeatedly(BatchResponse answer, int times, CpvFailure failure) {
        boolean missing = answer.verdict() == GraphVerdict.NOT_REPLICATED;
        boolean named = failure.message().contains(assignment.objectId());
        return missing && (named || times >= Retries.MAX_ATTEMPTS)
                ? Optional.of(StepResult.failed(
                        failure.as(FailureCode.RESET_INCOMPLETE, "It no longer exists: " + failure.message())))
                : Optional.empty();
    }
}
