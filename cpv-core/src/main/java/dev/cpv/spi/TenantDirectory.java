package dev.cpv.spi;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;

/**
 * All tenants that a partner can reach. What is read and written in one of them goes through a {@link TenantSession}, which
 * {@link #open} returns for one operation.
 *
 * <p>Rules, each tested by {@code TenantDirectoryConformance}, which also tests those of {@link TenantSession}:
 *
 * <ol>
 *   <li value="16">{@link #open} MUST send nothing, whatever the state of the tenant. Each call returns a session of its own:
 *       sessions MUST NOT share what they know of a tenant, even if it is the same one, and closing one MUST NOT
 *       disturb another.
 * </ol>
 *
 * <p>An implementation is thread-safe. One that holds connections is closed by its creator, after the last session; a
 * directory that was closed refuses {@link #open} or the session's calls.
 */
public interface TenantDirectory {
    /**
     * Opens a session, to be closed by the caller. No I/O.
     *
     * @param context the operation: its tenant, options and deadline, and the counter of requests
     */
    TenantSession open(RefreshContext context);

    /** Returns how a tenant is reached: as a customer, unless the directory was configured otherwise. No I/O. */
    default TenantRoute route(TenantId tenant) {
        return TenantRoute.CUSTOMER;
    }

    /**
     * Finds the tenant that a domain belongs to.
     *
     * @param domain a verified domain
     * @throws TenantDirectoryException with {@link FailureCode#TENANT_NOT_RESOLVED} if there is none, or with another
     *     code if the lookup failed
     */
    default TenantId resolve(String domain) {
        throw new TenantDirectoryException(
                CpvFailure.of(
                        FailureCode.TENANT_NOT_RESOLVED,
                        "This directory does not resolve domains; give the GUID of the tenant instead of '" + domain
                                + "'"),
                null);
    }
}
