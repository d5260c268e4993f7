package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.PlanStep;
import dev.cpv.spi.StepResult;
import java.util.Optional;

/** Assigns an app role (R8), or revokes it (R10). */
final class AppRoleWrite extends StepWrite {
    private static final int NOT_FOUND = 404;

    private final AssignedAppRole role;
    private final boolean assign;

    AppRoleWrite(PlanStep.AssignAppRole step) {
        super(step);
        role = new AssignedAppRole(step.resource(), step.appRoleId());
        assign = true;
    }

    AppRoleWrite(PlanStep.RevokeAppRole step) {
        super(step);
        role = new AssignedAppRole(step.resource(), step.appRoleId());
        assign = false;
    }

    @Override
    boolean isReady(TenantState state) {
        return !assign || state.resource(role.resource()).isPresent();
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        String assignment = state.assignments().get(role);
        if (assign == (assignment != null)) {
            return Optional.empty();
        }
        String principal = state.principalId().orElseThrow();
        return Optional.of(
                assignment != null
                        ? parts.revoke(principal, assignment)
                        : parts.assign(
                                principal,
                                state.resource(role.resource()).orElseThrow().objectId(),
                                role.appRoleId()));
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        if (assign) {
            state.assignments().put(role, answer.body().path("id").asText());
        } else {
            state.assignments().remove(role);
        }
        end(StepResult.applied());
    }

    /** The answer itself says that the role is assigned, so no look is needed. */
    @Override
    void wasThere() {
        reached();
    }

    @Override
    StepResult refused(BatchResponse answer, CpvFailure failure) {
        return !assign && answer.status() == NOT_FOUND ? StepResult.unchanged() : StepResult.failed(failure);
    }
}
