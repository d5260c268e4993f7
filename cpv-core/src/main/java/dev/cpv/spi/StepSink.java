package dev.cpv.spi;

import dev.cpv.model.Step;

/** Takes a directory's answers as they arrive, so that none is lost when a later step fails. */
@FunctionalInterface
public interface StepSink {
    /**
     * Takes the answer for one step. Must be called from the thread that called the session.
     *
     * @param step the step, as it was handed to the session
     * @param result the answer
     */
    void accept(Step step, StepResult result);
}
