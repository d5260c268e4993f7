package dev.cpv.spi;

import dev.cpv.model.CpvException;
import dev.cpv.model.CpvFailure;
import org.jspecify.annotations.Nullable;

/** Tells the engine that a directory could not do a call as a whole. The failure is told apart already. */
public final class TenantDirectoryException extends CpvException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;

    /**
     * Creates the exception.
     *
     * @param failure what went wrong, told apart
     * @param cause the cause, or null
     */
    public TenantDirectoryException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
    }

    /**
     * Returns what went wrong.
     *
     * @return the failure
     */
    public CpvFailure failure() {
        return failure;
    }
}
