package dev.cpv.spi;

import dev.cpv.model.CpvFailure;
import org.jspecify.annotations.Nullable;

/** Thrown when a call to a {@link TenantDirectory} or its {@link TenantSession} fails completely. */
public final class TenantDirectoryException extends TenantPortException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param failure the classified failure
     * @param cause the cause, or null
     */
    public TenantDirectoryException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
