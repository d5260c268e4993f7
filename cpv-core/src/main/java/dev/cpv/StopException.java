package dev.cpv;

import dev.cpv.model.CpvFailure;

/** Ends an operation from within, with the failure that the result will tell. */
final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;

    StopException(CpvFailure failure) {
        super(failure.toString(), null, false, false);
        this.failure = failure;
    }

    CpvFailure failure() {
        return failure;
    }
}
