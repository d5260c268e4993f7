package dev.cpv.spi;

import dev.cpv.model.PlanStep;

/** Takes a directory's answers as they come, so that none is lost when a later step goes wrong. */
@FunctionalInterface
public interface StepSink {
    /**
     * Takes the answer for one step. Must be called from the thread that called {@link TenantDirectory#apply}.
     *
     * @param step the step, as it was handed to the directory
     * @param result the answer
     */
    void accept(PlanStep step, StepResult result);
}
