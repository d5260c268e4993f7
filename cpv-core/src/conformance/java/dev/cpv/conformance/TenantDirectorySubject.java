package dev.cpv.conformance;

import dev.cpv.model.AppId;
import dev.cpv.model.PlanStep;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResetStep;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;

/**
 * What {@link TenantDirectoryConformance} tests: a directory, and the means to set tenants up and to read their true state
 * without it. Used by one thread, apart from the directory itself.
 *
 * <p>What cannot be set up is named by {@link #missing()}; the methods that belong to it are then never called.
 */
public interface TenantDirectorySubject {
    /** Returns the directory that is tested, always the same object. */
    TenantDirectory directory();

    /**
     * Returns permissions that every tenant offers. The tests choose from them what they write.
     *
     * @return a set with Microsoft Graph and at least one other resource, each with at least two app roles, named by
     *     GUID, and at least two scopes, named by value and beside those of
     *     {@link RequiredPermissionSet#bootstrapScopes()}
     */
    RequiredPermissionSet required();

    /** Returns the clock that the directory uses. */
    Clock clock();

    /** Returns the sleeper that waits for replication; it moves {@link #clock()}. */
    Sleeper sleeper();

    /**
     * Creates a customer tenant, in the state that it would have long after its last change.
     *
     * @param state the state of the application in it
     * @return the tenant, another one with each call
     */
    TenantId create(TenantTruth state);

    /** Reads the true state of a tenant that {@link #create} made, not through the directory and without any lag. */
    TenantTruth read(TenantId tenant);

    /**
     * Makes the addition of an absent resource impossible in a tenant, as where the licence for it is missing. Belongs
     * to {@link Ability#UNAVAILABLE_RESOURCE}.
     *
     * @param tenant the tenant
     * @param resource a resource that is absent there
     */
    default void makeUnavailable(TenantId tenant, AppId resource) {
        throw new UnsupportedOperationException("Implement it, or name UNAVAILABLE_RESOURCE in missing()");
    }

    /** Lets a resource not publish one of its app roles in a tenant. Belongs to {@link Ability#WITHHELD_ROLE}. */
    default void withhold(TenantId tenant, AppId resource, UUID appRoleId) {
        throw new UnsupportedOperationException("Implement it, or name WITHHELD_ROLE in missing()");
    }

    /**
     * Lets the services refuse a step in a tenant from now on, for a reason that a retry does not fix. Of a step that
     * takes several writes, those that add or change are refused, while those that delete would succeed. Belongs to
     * {@link Ability#REFUSED_STEP}.
     *
     * @param tenant the tenant
     * @param step an {@link PlanStep.AssignAppRole} that is the only one for its resource in the test, a
     *     {@link PlanStep.MergeGrants} or a {@link ResetStep.DeleteServicePrincipal}
     */
    default void refuse(TenantId tenant, Step step) {
        throw new UnsupportedOperationException("Implement it, or name REFUSED_STEP in missing()");
    }

    /**
     * Lets the services refuse every request for a tenant from now on, for a reason that a retry does not fix and that
     * is no missing consent. Belongs to {@link Ability#BREAK_DOWN}.
     */
    default void breakDown(TenantId tenant) {
        throw new UnsupportedOperationException("Implement it, or name BREAK_DOWN in missing()");
    }

    /** Returns what cannot be set up; nothing unless overridden. */
    default Set<Ability> missing() {
        return Set.of();
    }
}
