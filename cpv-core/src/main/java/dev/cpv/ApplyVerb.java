package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;

/** Carries out a plan that somebody approved, if the tenant still needs exactly that. */
final class ApplyVerb implements Verb {
    private static final CpvFailure NOT_APPROVED =
            CpvFailure.of(FailureCode.PLAN_STALE, "The approved plan does not add it");

    private final CpvRefreshPlan approved;

    ApplyVerb(CpvRefreshPlan approved) {
        this.approved = approved;
    }

    @Override
    public CpvResult run(Operation operation) {
        StopException.throwIf(ResetProcedure.unfinished(operation));
        ReconcileLoop loop =
                new ReconcileLoop(operation, operation.context().options().approval());
        loop.observe();
        CpvRefreshPlan plan = loop.assess().plan();
        if (!plan.equals(approved)) {
            return operation.outcome().stopped(stale(plan));
        }
        if (loop.consentIfMissing()) {
            // Only the expected additions were approved, whatever else the tenant turns out to hold.
            operation.view().keepExtras();
            loop.reconcile(PlanStep::isAddition);
        } else {
            loop.reconcile(this::isApproved);
        }
        return operation.outcome().completed(loop.readBack(), NOT_APPROVED);
    }

    private CpvFailure stale(CpvRefreshPlan plan) {
        String why = approved.requiredFingerprint().equals(plan.requiredFingerprint())
                ? "the tenant now needs " + plan.steps().size() + " steps, which differ from the "
                        + approved.steps().size() + " approved ones"
                : "the required permissions have changed";
        return CpvFailure.of(FailureCode.PLAN_STALE, "Nothing was written: " + why);
    }

    /** What a resource publishes may be known only after the plan added it; its required permissions were previewed. */
    private boolean isApproved(PlanStep step) {
        return approved.steps().contains(step)
                || (step.isAddition() && approved.steps().contains(new PlanStep.AddResource(step.resource())));
    }
}
