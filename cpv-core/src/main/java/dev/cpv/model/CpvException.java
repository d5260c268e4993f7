package dev.cpv.model;

import org.jspecify.annotations.Nullable;

/** The base of cpv's exceptions. The client returns failures of remote services as values, not as exceptions. */
public abstract class CpvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong and how to fix it, without secrets
     * @param cause the cause, or null
     */
    protected CpvException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
