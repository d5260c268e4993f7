package dev.cpv;

import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;

/**
 * Receives the events of operations. For each operation of a {@link CpvClient}, whatever its
 * {@linkplain RefreshContext#operation() kind}: {@link #started}, then {@link #observed} for each look at the tenant,
 * {@link #planned} and {@link #stepAnswered} as often as there is something to do, and {@link #finished} at the end, always, even
 * if an {@link Error} ends the operation.
 *
 * <p>Several listeners are called in the order in which they were added; {@link #finished} and {@link #unresolved} in the reverse
 * order, so that a listener can close what it opened around what others do.
 *
 * <p>Called on the operation's own thread; operations on different tenants call at the same time, so implementations are
 * thread-safe. Be fast, do not block, do not call the client. An exception is logged and changes nothing. After an {@link Error} the
 * other listeners are still called for that event; then the error ends the operation and reaches its caller.
 */
public interface RefreshListener {
    /**
     * An operation begins.
     *
     * @param context the operation: its kind, its tenant, its id, and in its options actor and reason
     */
    default void started(RefreshContext context) {}

    /**
     * The tenant was read.
     *
     * @param context the operation
     * @param observed what was seen
     */
    default void observed(RefreshContext context, ObservedTenant observed) {}

    /** There is a plan with something to do. */
    default void planned(RefreshContext context, CpvRefreshPlan plan) {}

    /**
     * The directory answered a step.
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
     * @param result the result; that of {@link CpvClient#planReset} shows the tenant as a preview does. If an {@link Error} ended the
     *     operation, the outcome is FAILED, and the failure names the error's class
     */
    default void finished(RefreshContext context, CpvResult result) {}

    /**
     * A refresh was requested by domain, and no tenant was found for it. This is the only event of such a refresh,
     * since all others name a tenant.
     *
     * @param domain the domain, as it was given
     * @param options the options of the refresh, with actor and reason
     * @param result the result, with the failure
     */
    default void unresolved(String domain, RefreshOptions options, CpvResult result) {}
}
