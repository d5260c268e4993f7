package dev.cpv.model;

/**
 * One thing to do in a tenant: a {@link PlanStep}, which a plan holds, or a {@link ResetStep}, which only a reset or an
 * offboarding does. Results, listeners and answers speak of both. Steps name natural keys alone (application ids, role ids,
 * scope values), never object ids of a directory; two steps with the same keys are equal. Immutable.
 *
 * <p>To read a step, switch over its {@link #kind()} with a switch expression without default, so that the compiler finds
 * every reader when a kind is added. A new kind is a change for a major version.
 */
public sealed interface Step permits PlanStep, ResetStep {
    /**
     * Returns what the step does.
     *
     * @return the kind; it decides the step's class
     */
    StepKind kind();

    /**
     * Returns the resource that the step is about.
     *
     * @return its application id; for a step that is about the application itself, that of Microsoft Graph, whose directory
     *     holds the service principal
     */
    AppId resource();

    /**
     * Says whether the step adds and takes nothing away.
     *
     * @return whether it does
     */
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
