package dev.cpv.spi;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ResourceDefinition;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory's answer for one step. Immutable. */
public final class StepResult {
    private static final StepResult APPLIED = new StepResult(Status.APPLIED, null, null);
    private static final StepResult UNCHANGED = new StepResult(Status.UNCHANGED, null, null);
    private static final StepResult UNSUPPORTED = new StepResult(
            Status.UNSUPPORTED,
            CpvFailure.of(FailureCode.STEP_UNSUPPORTED, "The directory does not support this step"),
            null);

    private final Status status;
    private final @Nullable CpvFailure failure;
    private final @Nullable ResourceDefinition definition;

    private StepResult(Status status, @Nullable CpvFailure failure, @Nullable ResourceDefinition definition) {
        this.status = status;
        this.failure = failure;
        this.definition = definition;
    }

    /** The step was written, and the directory confirmed it. */
    public static StepResult applied() {
        return APPLIED;
    }

    /**
     * The resource was added, and the directory returned what it publishes.
     *
     * @param definition what the resource publishes in this tenant
     */
    public static StepResult applied(ResourceDefinition definition) {
        return new StepResult(Status.APPLIED, null, Objects.requireNonNull(definition, "definition"));
    }

    /** The directory was already in the state that the step asks for. */
    public static StepResult unchanged() {
        return UNCHANGED;
    }

    /**
     * The step was not done.
     *
     * @param failure why
     */
    public static StepResult failed(CpvFailure failure) {
        return new StepResult(Status.FAILED, Objects.requireNonNull(failure, "failure"), null);
    }

    /** The directory cannot do such a step. */
    public static StepResult unsupported() {
        return UNSUPPORTED;
    }

    /** Returns the status of the step. */
    public Status status() {
        return status;
    }

    /**
     * Returns whether the directory is now in the state that the step asks for: true for {@link Status#APPLIED} and
     * {@link Status#UNCHANGED}.
     */
    public boolean isDone() {
        return status == Status.APPLIED || status == Status.UNCHANGED;
    }

    /** Returns why the step was not done; present unless {@link #isDone()}. */
    public Optional<CpvFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns what a resource publishes that was added, or empty if the directory did not return that. */
    public Optional<ResourceDefinition> definition() {
        return Optional.ofNullable(definition);
    }

    @Override
    public String toString() {
        return failure == null ? status.toString() : status + " " + failure;
    }

    /** How a step was answered. This list is complete and won't grow. */
    public enum Status {
        /** It was written. */
        APPLIED,
        /** The directory was in that state already. */
        UNCHANGED,
        /** It was not done. */
        FAILED,
        /** The directory cannot do it. */
        UNSUPPORTED
    }
}
