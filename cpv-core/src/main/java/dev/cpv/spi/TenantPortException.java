package dev.cpv.spi;

import dev.cpv.model.CpvException;
import dev.cpv.model.CpvFailure;
import org.jspecify.annotations.Nullable;

/** Thrown when a call to a port of tenants fails completely; carries the classified failure. */
public abstract sealed class TenantPortException extends CpvException
        permits TenantCatalogException, TenantDirectoryException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;

    TenantPortException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
    }

    /** Returns the classified failure. */
    public CpvFailure failure() {
        return failure;
    }
}
