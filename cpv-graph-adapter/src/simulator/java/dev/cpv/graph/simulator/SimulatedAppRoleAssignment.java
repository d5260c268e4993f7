package dev.cpv.graph.simulator;

import java.time.Instant;

/**
 * An application permission that was given to a service principal, or an app role given to a user or a group. Immutable.
 *
 * @param id the assignment's id
 * @param principalId the object id of who was given the role
 * @param principalType {@code ServicePrincipal}, {@code User} or {@code Group}
 * @param resourceId the object id of the service principal that offers the role
 * @param appRoleId the role
 * @param createdAt when it was given, on the simulator's clock
 */
public record SimulatedAppRoleAssignment(
        String id, String principalId, String principalType, String resourceId, String appRoleId, Instant createdAt) {}
