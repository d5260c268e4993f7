package dev.cpv.spi;

import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directory of all tenants: what the application is and holds there. The calls are coarse, so that an implementation
 * can put a whole tenant into one round trip.
 *
 * <p>Rules, each tested by {@code TenantDirectoryConformance}:
 *
 * <ol>
 *   <li>{@link #observe} MUST answer with a tenant that is not consented, not throw, where tokens are refused for want of
 *       consent.
 *   <li>{@link #observe} MUST say of every resource that was asked for whether it is present, and MUST NOT show users' own
 *       grants.
 *   <li>{@link #apply} MUST answer for every step, through the sink.
 *   <li>{@link #apply} MUST be idempotent; what is there already is answered as already so or applied.
 *   <li>One step's failure MUST NOT undo or stop another that does not depend on it; a step whose prerequisite failed is
 *       answered with that failure.
 *   <li>{@link #apply} MUST change nothing that no step names.
 *   <li>What was written MUST be seen by a later operation, at the latest when replication has ended.
 *   <li>After the first write nothing is thrown. The only exception for a remote cause is
 *       {@link TenantDirectoryException}.
 *   <li>All methods MUST be callable from many threads for different tenants.
 *   <li>A call SHOULD stop soon after {@link RefreshContext#isCancelled()} turns true, and MUST NOT begin a write then;
 *       steps not begun are answered with {@link FailureCode#CANCELLED}.
 *   <li>Several tenant-wide grants for one resource: {@link PlanStep.MergeGrants} MUST NOT leave a moment in which a scope
 *       of the union is lost.
 *   <li>{@link #definitions} MUST read in the tenant itself.
 *   <li>{@link #snapshot} MUST tell all that the tenant keeps of the application: what a step can bring back, or as a loss what
 *       none can. It MUST NOT change anything.
 *   <li>{@link PlanStep.DeleteServicePrincipal} MUST be answered as applied or already so only when the tenant was seen without
 *       the service principal, {@link PlanStep.RemoveConsent} as already so where there is no consent to remove.
 *   <li>What {@link #snapshot} does not call a loss MUST be there again after consent, the steps for its app roles and grants, and
 *       a {@link PlanStep.RestoreAssignment} for each of its assignments.
 * </ol>
 *
 * <p>The last three are for resets (R19). A directory without {@link #snapshot} does all else.
 */
public interface TenantDirectory {
    /**
     * Looks at a tenant.
     *
     * @param context the operation
     * @param resources the resources that permissions are required of
     * @return what was seen: the resources that were asked for and those that something is granted of
     * @throws TenantDirectoryException if nothing can be said of the tenant
     */
    ObservedTenant observe(RefreshContext context, Set<AppId> resources);

    /**
     * Reads what resources publish in a tenant.
     *
     * @param context the operation
     * @param resources resources that are present in the tenant
     * @return their definitions; a resource that could not be read is left out
     * @throws TenantDirectoryException if nothing could be read
     */
    Map<AppId, ResourceDefinition> definitions(RefreshContext context, Set<AppId> resources);

    /**
     * Reads all that a reset would take away, and makes sure that the rights to do it last: what is needed for
     * {@link PlanStep.DeleteServicePrincipal} is held in the context, good for ten minutes more, until that step was answered.
     *
     * @param context the operation
     * @return what the tenant would lose with the service principal
     * @throws TenantDirectoryException if the tenant cannot be read; with {@link FailureCode#STEP_UNSUPPORTED} if this directory
     *     cannot reset
     */
    default TenantSnapshot snapshot(RefreshContext context) {
        throw new TenantDirectoryException(
                CpvFailure.of(FailureCode.STEP_UNSUPPORTED, "This directory cannot reset a tenant"), null);
    }

    /**
     * Writes to a tenant.
     *
     * @param context the operation
     * @param steps what to write, in the order in which the steps depend on each other; a {@link PlanStep.Consent}, a
     *     {@link PlanStep.RemoveConsent} and a {@link PlanStep.DeleteServicePrincipal} come alone, since what they leave has to be
     *     looked at first
     * @param sink takes the answer for each step as it comes
     * @throws TenantDirectoryException before the first write only
     */
    void apply(RefreshContext context, List<PlanStep> steps, StepSink sink);

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
     *     code if it cannot be told
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
