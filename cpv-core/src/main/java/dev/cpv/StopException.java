package dev.cpv;

import dev.cpv.model.CpvFailure;
import java.util.Optional;

/** Ends an operation from within, with the failure that its result reports. */
final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;
    private final boolean refusal;

    StopException(CpvFailure failure) {
        this(failure, false);
    }

    private StopException(CpvFailure failure, boolean refusal) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
        this.refusal = refusal;
    }

    /** Ends the operation if there is a failure. */
    static void throwIf(Optional<CpvFailure> failure) {
        failure.ifPresent(why -> {
            throw new StopException(why);
        });
    }

    /** Ends the operation if the caller's approval refused the plan. */
    static void throwIfRefused(Optional<CpvFailure> refusal) {
        refusal.ifPresent(why -> {
            throw new StopException(why, true);
        });
    }

    CpvFailure failure() {
        return failure;
    }

    /** Whether the caller refused the plan, so that the tenant was not attempted. */
    boolean isRefusal() {
        return refusal;
    }
}
