package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvResetPlan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Computes what a reset would remove, restore and lose (R19), without writing. The result shows the tenant as a preview
 * does; the plan is kept beside it.
 */
final class PlanResetVerb implements Verb {
    private @Nullable CpvResetPlan plan;

    @Override
    public CpvResult run(Operation operation) {
        StopException.throwIf(ResetProcedure.unfinished(operation));
        CpvResetPlan made = new ResetProcedure(operation).plan();
        plan = made;
        TenantView view = operation.view();
        CpvFailure obstacle = made.failure().orElse(null);
        return operation.outcome().preview(view.assess(operation.required(), view.current()), obstacle);
    }

    /** The plan, unless a failure prevented it. */
    Optional<CpvResetPlan> plan() {
        return Optional.ofNullable(plan);
    }
}
