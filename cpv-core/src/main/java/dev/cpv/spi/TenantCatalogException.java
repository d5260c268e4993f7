package dev.cpv.spi;

import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvException;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import org.jspecify.annotations.Nullable;

/** Thrown when a {@link TenantCatalog} cannot read its complete list; carries the classified failure. */
public final class TenantCatalogException extends CpvException {
    private static final long serialVersionUID = 1L;

    private final transient CpvFailure failure;

    /**
     * Creates the exception.
     *
     * @param failure the classified failure
     * @param cause the cause, or null
     */
    public TenantCatalogException(CpvFailure failure, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
    }

    /**
     * Throws with {@link FailureCode#CANCELLED} if the caller cancelled; for catalogs, between two pages.
     *
     * @param cancellation the caller's means to stop early
     * @throws TenantCatalogException if the caller cancelled
     */
    public static void throwIfCancelled(Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            throw new TenantCatalogException(CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled"), null);
        }
    }

    /** Returns the failure. */
    public CpvFailure failure() {
        return failure;
    }
}
