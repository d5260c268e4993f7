package dev.cpv.model;

import java.util.Optional;

/**
 * Is asked before a plan is carried out, and can refuse it: the place for an approval, a change window, or a brake. A
 * refused refresh writes nothing more, reports the failure, and does not count as an attempt.
 *
 * <p>Called on the operation's thread, once for each plan with something to do; never for a tenant in sync. Never
 * called when a reset is finished: that restores what was removed. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PlanApproval {
    /**
     * Examines a plan.
     *
     * @param plan what is about to be done
     * @return why it may not be done; empty if it may
     */
    Optional<CpvFailure> refuse(CpvRefreshPlan plan);
}
