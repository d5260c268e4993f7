package dev.cpv.graph.internal.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when no answer was received. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * Creates the exception.
     *
     * @param reason why no answer came
     * @param message what happened, without secrets
     * @param cause the cause, or null
     */
    public WireException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Returns why no answer came.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /** Why no answer came. */
    public enum Reason {
        /** The service was not reached: the request had no effect. */
        NOT_REACHED,
        /** The connection was lost or the timeout was reached: the request may have had its effect (R17). */
        ANSWER_LOST,
        /** The answer was larger than allowed: the request had its effect, if any. */
        TOO_LARGE,
        /** The address is not one of the configured hosts, or not TLS; nothing was sent (R24). */
        REFUSED_HOST,
        /** The caller cancelled. */
        CANCELLED
    }
}
