package dev.cpv.graph.internal.tenant;

import dev.cpv.model.Assignment;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Which delegated permissions give an assignment back: a reset asks before it takes anything away (R19). See the permission tables
 * of https://learn.microsoft.com/graph/api/group-post-members and its siblings.
 */
final class Rights {
    private static final String ROLES = "RoleManagement.ReadWrite.Directory";
    private static final Set<String> GROUPS =
            Set.of("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All");

    private Rights() {}

    /** The permission that is missing, if one is. */
    static Optional<String> missing(Assignment assignment, Set<String> scopes) {
        if (assignment instanceof Assignment.GroupMembership) {
            return Collections.disjoint(GROUPS, scopes) ? Optional.of("GroupMember.ReadWrite.All") : Optional.empty();
        }
        String needed = needed(assignment);
        return scopes.contains(needed) ? Optional.empty() : Optional.of(needed);
    }

    private static String needed(Assignment assignment) {
        if (assignment instanceof Assignment.DirectoryRole) {
            return ROLES;
        }
        return assignment instanceof Assignment.UserGrant
                ? "DelegatedPermissionGrant.ReadWrite.All"
                : "AppRoleAssignment.ReadWrite.All";
    }

    /** A group that roles can be assigned to gives its members rights, so it takes more to change it. */
    static Optional<String> missingForRoleAssignableGroup(Assignment membership, Set<String> scopes) {
        return missing(membership, scopes).or(() -> scopes.contains(ROLES) ? Optional.empty() : Optional.of(ROLES));
    }
}
