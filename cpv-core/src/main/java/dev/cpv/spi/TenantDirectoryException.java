package dev.cpv.spi;

import dev.cpv.model.CpvException;
import dev.cpv.model.CpvFailure;
import org.jspecify.annotations.Nullable;

/** Thrown when a directory call fails completely; carries the classified failure. */
public final class TenantDirectoryException extends CpvException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;

    /**
     * Creates the exception.
     *
     * @param failure the classified failure
     * @param cause the cause, or null
     */
    public TenantDirectoryException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
    }

    /** Returns the failure. */
    public CpvFailure failure() {
        return failure;
    }
}
