package dev.cpv.graph.internal.tenant;

import dev.cpv.model.PrincipalAssignment;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Which delegated permissions give an assignment back: a reset asks before it takes anything away (R19). See the permission tables
 * of https://learn.microsoft.com/graph/api/group-post-members and its siblings.
 */
final class RequiredRights {
    private static final String ROLES = "RoleManagement.ReadWrite.Directory";
    private static final Set<String> GROUPS =
            Set.of("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All");

    private RequiredRights() {}

    /** The permission that is missing, if one is. */
    static Optional<String> missing(PrincipalAssignment assignment, Set<String> scopes) {
        if (assignment instanceof PrincipalAssignment.GroupMembership) {
            return Collections.disjoint(GROUPS, scopes) ? Optional.of("GroupMember.ReadWrite.All") : Optional.empty();
        }
        String needed = needed(assignment);
        return scopes.contains(needed) ? Optional.empty() : Optional.of(needed);
    }

    private static String needed(PrincipalAssignment assignment) {
        if (assignment instanceof PrincipalAssignment.DirectoryRole) {
            return ROLES;
        }
        return assignment instanceof PrincipalAssignment.UserGrant
                ? "DelegatedPermissionGrant.ReadWrite.All"
                : "AppRoleAssignment.ReadWrite.All";
    }

    /** A group that roles can be assigned to gives its members rights, so it takes more to change it. */
    static Optional<String> missingForRoleAssignableGroup(PrincipalAssignment membership, Set<String> scopes) {
        return missing(membership, scopes).or(() -> scopes.contains(ROLES) ? Optional.empty() : Optional.of(ROLES));
    }
}
