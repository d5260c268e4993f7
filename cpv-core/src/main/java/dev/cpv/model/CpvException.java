package dev.cpv.model;

import org.jspecify.annotations.Nullable;

/** The base of what cpv throws by itself. What a remote service does is a value, not an exception. */
public abstract class CpvException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong and how to mend it, without secrets
     * @param cause the cause, or null
     */
    protected CpvException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
