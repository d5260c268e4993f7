package dev.cpv.spi;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;

/**
 * All tenants that a partner can reach. What is read and written in one of them goes through a {@link TenantSession}, which
 * {@link #open} gives for one operation.
 *
 * <p>Rules, each tested by {@code TenantDirectoryConformance}, which goes on with those of {@link TenantSession}:
 *
 * <ol>
 *   <li value="16">{@link #open} MUST send nothing, whatever the state of the tenant. Each call gives a session of its own:
 *       sessions MUST NOT share what they know of a tenant, also when they are of the same tenant, and closing one MUST NOT
 *       disturb another.
 * </ol>
 *
 * <p>An implementation is thread-safe. One that holds connections is closed by whoever made it, after the last session; a
 * directory that was closed refuses {@link #open} or the session's calls.
 */
public interface TenantDirectory {
    /**
     * Opens a session. No I/O.
     *
     * @param context the operation: its tenant, options and deadline, and the counter of requests
     * @return a new session, to be closed by the caller
     */
    TenantSession open(RefreshContext context);

    /**
     * Says how a tenant is reached. No I/O.
     *
     * @param tenant the tenant
     * @return the route; a customer, unless the directory was configured otherwise
     */
    default TenantRoute route(TenantId tenant) {
        return TenantRoute.CUSTOMER;
    }

    /**
     * Finds the tenant that a domain belongs to.
     *
     * @param domain a verified domain
     * @return the tenant's id
     * @throws TenantDirectoryException with {@link FailureCode#TENANT_NOT_RESOLVED} if there is none, or with another
     *     code if that could not be found out
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
