package dev.cpv.spi;

import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One operation on one tenant, from {@link TenantDirectory#open} to {@link #close}: reads what the application is and holds
 * there, and changes it. What a directory needs to remember between the calls, such as object ids or a token, lives in the
 * session. The calls are coarse, so that an implementation can put a whole tenant into one round trip.
 *
 * <p>Rules, each tested by {@code TenantDirectoryConformance}:
 *
 * <ol>
 *   <li>{@link #observe} MUST return a tenant that is not consented, not throw, where tokens are refused because consent is
 *       missing.
 *   <li>{@link #observe} MUST report for every requested resource whether it is present, and MUST NOT show users' own
 *       grants.
 *   <li>{@link #apply} MUST answer every step exactly once, through the sink, on the calling thread. So MUST {@link #restore}.
 *   <li>Writes MUST be idempotent; what is there already is answered as unchanged or applied.
 *   <li>One step's failure MUST NOT undo or stop another that does not depend on it; a step whose prerequisite failed is
 *       answered with that failure.
 *   <li>{@link #apply} MUST change nothing that no step names.
 *   <li>What was written MUST be seen by a later operation, at the latest when replication has ended.
 *   <li>After the first write nothing is thrown. The only exception for a remote cause is
 *       {@link TenantDirectoryException}.
 *   <li>Sessions of different tenants MUST be usable at the same time, each on a thread of its own.
 *   <li>A call SHOULD stop soon after {@link RefreshContext#isCancelled()} turns true, and MUST NOT begin a write then;
 *       steps not begun are answered with {@link FailureCode#CANCELLED}.
 *   <li>Several tenant-wide grants for one resource: {@link PlanStep.MergeGrants} MUST NOT leave a moment in which a scope
 *       of the union is lost.
 *   <li>{@link #definitions} MUST read in the tenant itself.
 *   <li>{@link #snapshot} MUST report all that the tenant keeps of the application: what can be restored, or as a loss what
 *       cannot. It MUST NOT change anything.
 *   <li>{@link #deleteServicePrincipal} MUST be answered as applied or unchanged only when the tenant was seen without the
 *       service principal, {@link #removeConsent} as unchanged where there is no consent to remove.
 *   <li>What {@link #snapshot} does not call a loss MUST be there again after {@link #consent}, the steps for its app roles and
 *       grants, and {@link #restore} with its assignments.
 *   <li value="17">After {@link #close} every other call MUST be refused with {@link IllegalStateException} and send nothing.
 *       Closing twice is harmless; closing sends nothing and throws nothing.
 *   <li>{@link #apply} MUST refuse a {@link PlanStep.Consent} with {@link IllegalArgumentException} before anything is written.
 * </ol>
 *
 * <p>Rules 13 to 15 are for resets (R19). A session without {@link #snapshot} can do everything else. Rule 16 is that of
 * {@link TenantDirectory#open}.
 *
 * <p>One thread uses a session at a time. The methods return or answer with failures of the remote services; a
 * {@link RuntimeException} of another kind is an unexpected error.
 */
public interface TenantSession extends AutoCloseable {
    /**
     * Observes the tenant.
     *
     * @param resources the resources that permissions are required of
     * @return what was seen: the requested resources, and those on which something is granted
     * @throws TenantDirectoryException if nothing is known about the tenant
     */
    ObservedTenant observe(Set<AppId> resources);

    /**
     * Reads what resources publish in the tenant.
     *
     * @param resources resources that are present in the tenant
     * @return their definitions; a resource that could not be read is left out
     * @throws TenantDirectoryException if nothing could be read
     */
    Map<AppId, ResourceDefinition> definitions(Set<AppId> resources);

    /**
     * Consents to the application. Plans contain the consent, but only this method carries it out, since the tenant has
     * to be observed before anything else is written. A result is no proof: the next {@link #observe} is (R6).
     *
     * @param consent the resource and its scopes
     * @return the answer; a remote cause is a failed result
     */
    StepResult consent(PlanStep.Consent consent);

    /**
     * Writes to the tenant.
     *
     * @param steps what to write, in the order in which the steps depend on each other, without a consent
     * @param sink takes the answer for each step as it arrives
     * @throws IllegalArgumentException if one of the steps is a {@link PlanStep.Consent}
     * @throws TenantDirectoryException before the first write only
     */
    void apply(List<PlanStep> steps, StepSink sink);

    /**
     * Reads everything that a reset would remove. From then on the session holds the rights that
     * {@link #deleteServicePrincipal} needs, valid for at least ten more minutes, until that call was answered.
     *
     * @return what the tenant would lose with the service principal
     * @throws TenantDirectoryException if the tenant cannot be read; with {@link FailureCode#STEP_UNSUPPORTED} if this
     *     directory cannot reset
     */
    default TenantSnapshot snapshot() {
        throw new TenantDirectoryException(
                CpvFailure.of(FailureCode.STEP_UNSUPPORTED, "This directory cannot reset a tenant"), null);
    }

    /**
     * Withdraws the consent that was given through Partner Center (R19). It may leave the service principal where it is.
     *
     * @return the answer; a remote cause is a failed result
     */
    default StepResult removeConsent() {
        return StepResult.unsupported();
    }

    /**
     * Deletes the application's service principal, and observes until the tenant is seen without it (R19). With what
     * {@link #snapshot} made the session hold, this works after the consent is gone.
     *
     * @return the answer; a remote cause is a failed result
     */
    default StepResult deleteServicePrincipal() {
        return StepResult.unsupported();
    }

    /**
     * Restores what was deleted with the service principal, except app roles and tenant-wide grants, which
     * {@link #apply} restores (R19).
     *
     * @param assignments what to restore
     * @param sink takes an answer for each of them as it arrives, as a {@link ResetStep.RestoreAssignment}
     * @throws TenantDirectoryException before the first write only
     */
    default void restore(List<PrincipalAssignment> assignments, StepSink sink) {
        assignments.forEach(
                assignment -> sink.accept(new ResetStep.RestoreAssignment(assignment), StepResult.unsupported()));
    }

    /** Ends the session and discards what it holds. Sends nothing. */
    @Override
    void close();
}
