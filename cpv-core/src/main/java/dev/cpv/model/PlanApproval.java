package dev.cpv.model;

import java.util.Optional;

/**
 * Is asked before a plan is carried out, and can refuse: the place for an approval, a change window, or a brake. A refresh that is
 * refused writes nothing more, tells the failure, and counts as no attempt.
 *
 * <p>Called on the operation's thread, once for each plan with something to do; a tenant in sync never asks. Never asked for what
 * finishes a reset: what was taken away is given back. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PlanApproval {
    /**
     * Looks at a plan.
     *
     * @param plan what is about to be done
     * @return why it may not be done; empty if it may
     */
    Optional<CpvFailure> refuse(CpvRefreshPlan plan);
}
