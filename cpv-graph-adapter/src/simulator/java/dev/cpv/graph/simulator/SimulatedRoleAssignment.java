package dev.cpv.graph.simulator;

/**
 * An Entra directory role that a principal of a simulated tenant holds. Immutable.
 *
 * @param id the assignment's id
 * @param roleDefinitionId the template id of the role
 * @param principalId the object id of the holder
 * @param principalOrganizationId the tenant that the holder belongs to: the partner's for an assignment through GDAP
 * @param directoryScopeId where it holds, {@code /} for the whole tenant
 */
public record SimulatedRoleAssignment(
        String id,
        String roleDefinitionId,
        String principalId,
        String principalOrganizationId,
        String directoryScopeId) {}
