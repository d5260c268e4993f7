package dev.cpv.spi;

import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import org.jspecify.annotations.Nullable;

/** Thrown when a {@link TenantCatalog} cannot return its complete list. */
public final class TenantCatalogException extends TenantPortException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param failure the classified failure
     * @param cause the cause, or null
     */
    public TenantCatalogException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }

    /**
     * Throws with {@link FailureCode#CANCELLED} if the caller cancelled; for catalogs, between two pages.
     *
     * @throws TenantCatalogException if it was cancelled
     */
    public static void throwIfCancelled(Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            throw new TenantCatalogException(CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled"), null);
        }
    }
}
