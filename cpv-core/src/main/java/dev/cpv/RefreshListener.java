package dev.cpv;

import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;

/**
 * Is told what happens in an operation, in this order: {@link #started}, then {@link #observed} for each look,
 * {@link #planned} and {@link #stepAnswered} as often as there is something to do, and at last {@link #finished}, always.
 *
 * <p>Called on the operation's own thread; operations on different tenants call at the same time. Be fast, don't block,
 * don't call the client. What a listener throws is logged and changes nothing.
 */
public interface RefreshListener {
    /**
     * An operation begins.
     *
     * @param context the operation; its options tell actor and reason
     */
    default void started(RefreshContext context) {}

    /**
     * The tenant was looked at.
     *
     * @param context the operation
     * @param observed what was seen
     */
    default void observed(RefreshContext context, ObservedTenant observed) {}

    /**
     * There is a plan with something to do.
     *
     * @param context the operation
     * @param plan the plan
     */
    default void planned(RefreshContext context, CpvRefreshPlan plan) {}

    /**
     * The directory answered for a step.
     *
     * @param context the operation
     * @param step the step
     * @param result the answer
     */
    default void stepAnswered(RefreshContext context, Step step, StepResult result) {}

    /**
     * The operation ended.
     *
     * @param context the operation
     * @param result what it came to
     */
    default void finished(RefreshContext context, CpvResult result) {}
}
