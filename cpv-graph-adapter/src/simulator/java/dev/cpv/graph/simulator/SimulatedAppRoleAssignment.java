package dev.cpv.graph.simulator;

import java.time.Instant;

/**
 * An application permission that a service principal holds, or an app role that a user or a group holds. Immutable.
 *
 * @param id the assignment's id
 * @param principalId the object id of the principal that holds the role
 * @param principalType {@code ServicePrincipal}, {@code User} or {@code Group}
 * @param resourceId the object id of the service principal that offers the role
 * @param appRoleId the role
 * @param createdAt when it was assigned, on the simulator's clock
 */
public record SimulatedAppRoleAssignment(
        String id, String principalId, String principalType, String resourceId, String appRoleId, Instant createdAt) {}
