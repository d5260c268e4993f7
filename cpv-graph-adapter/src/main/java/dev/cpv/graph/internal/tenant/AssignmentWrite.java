package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.spi.StepResult;
import java.util.Optional;

/** Gives back what went with our service principal (R19): who is assigned to it, a directory role, the membership of a group. */
class AssignmentWrite extends StepWrite {
    private final PrincipalAssignment assignment;

    private AssignmentWrite(PlanStep.RestoreAssignment step) {
        super(step);
        assignment = step.assignment();
    }

    /** For a kind of assignment that takes more than one write. */
    AssignmentWrite(PlanStep.RestoreAssignment step, PrincipalAssignment assignment) {
        super(step);
        this.assignment = assignment;
    }

    static StepWrite of(PlanStep.RestoreAssignment step) {
        return step.assignment() instanceof PrincipalAssignment.UserGrant grant
                ? new UserGrantWrite(step, grant)
                : new AssignmentWrite(step);
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        String own = state.principalId().orElseThrow();
        if (assignment instanceof PrincipalAssignment.AppAssignment assigned) {
            return Optional.of(parts.assign(assigned.principalId(), own, assigned.appRoleId()));
        } else if (assignment instanceof PrincipalAssignment.DirectoryRole role) {
            return Optional.of(parts.assignDirectoryRole(own, role.roleTemplateId()));
        } else if (assignment instanceof PrincipalAssignment.GroupMembership membership) {
            return Optional.of(parts.addToGroup(own, membership.groupId()));
        }
        throw new IllegalStateException("No write for " + assignment.describe());
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        end(StepResult.applied());
    }

    /** The answer itself says so, and no look would show it. */
    @Override
    void wasThere() {
        reached();
    }

    /** Users and groups come and go while a reset waits; our own principal was written to before, so it is not what is missing. */
    @Override
    Optional<StepResult> repeatedly(BatchResponse answer, int times, CpvFailure failure) {
        boolean missing = answer.verdict() == GraphVerdict.NOT_REPLICATED;
        boolean named = failure.message().contains(other());
        return missing && (named || times >= Retries.MAX_ATTEMPTS)
                ? Optional.of(StepResult.failed(
                        failure.as(FailureCode.RESET_INCOMPLETE, "It is no longer there: " + failure.message())))
                : Optional.empty();
    }

    /** The object at the other end of the assignment. */
    private String other() {
        if (assignment instanceof PrincipalAssignment.AppAssignment assigned) {
            return assigned.principalId();
        } else if (assignment instanceof PrincipalAssignment.DirectoryRole role) {
            return role.roleTemplateId().toString();
        } else if (assignment instanceof PrincipalAssignment.GroupMembership membership) {
            return membership.groupId();
        } else if (assignment instanceof PrincipalAssignment.UserGrant grant) {
            return grant.userId();
        }
        throw new IllegalStateException("No object for " + assignment.describe());
    }
}
