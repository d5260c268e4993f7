package dev.cpv.model;

/**
 * One thing to do in a tenant: a {@link PlanStep}, which a plan holds, or a {@link ResetStep}, which only a reset or an
 * offboarding does. Results, listeners and answers use both. Steps contain only natural keys (application ids, role
 * ids, scope values), never object ids of a directory; two steps with the same keys are equal. Immutable.
 *
 * <p>To read a step, switch over its {@link #kind()} with a switch expression without default, so that the compiler
 * finds every reader when a kind is added. A new kind is a change for a major version.
 */
public sealed interface Step permits PlanStep, ResetStep {
    /** Returns what the step does; the kind decides the step's class. */
    StepKind kind();

    /**
     * Returns the resource that the step is about. For a step that is about the application itself, that is Microsoft
     * Graph, whose directory holds the service principal.
     */
    AppId resource();

    /** Returns whether the step adds something and removes nothing. */
    boolean isAddition();

    /**
     * Describes the step on one line, for people.
     *
     * @param names what resources and permissions are called
     * @return for example {@code assign app role User.Read.All (df021288-…) of Microsoft Graph (00000003-…)}
     */
    String describe(PlanNames names);

    /**
     * Describes the step on one line, by ids alone.
     *
     * @return for example {@code assign app role df021288-… of 00000003-…}
     */
    default String describe() {
        return describe(PlanNames.NONE);
    }
}
