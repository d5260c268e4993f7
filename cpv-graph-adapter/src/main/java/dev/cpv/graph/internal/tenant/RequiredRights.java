package dev.cpv.graph.internal.tenant;

import dev.cpv.model.PrincipalAssignment;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * The delegated permissions that are needed to restore an assignment: a reset checks them before it deletes anything (R19). See
 * the permission tables of https://learn.microsoft.com/graph/api/group-post-members and its siblings.
 */
final class RequiredRights {
    private static final String ROLES = "RoleManagement.ReadWrite.Directory";
    private static final Set<String> GROUPS =
            Set.of("GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All");

    private RequiredRights() {}

    /** The missing permission, or empty. */
    static Optional<String> missing(PrincipalAssignment assignment, Set<String> scopes) {
        return switch (assignment.kind()) {
            case GROUP_MEMBERSHIP ->
                Collections.disjoint(GROUPS, scopes) ? Optional.of("GroupMember.ReadWrite.All") : Optional.empty();
            case DIRECTORY_ROLE -> missing(ROLES, scopes);
            case USER_GRANT -> missing("DelegatedPermissionGrant.ReadWrite.All", scopes);
            case APP_ASSIGNMENT -> missing("AppRoleAssignment.ReadWrite.All", scopes);
        };
    }

    private static Optional<String> missing(String needed, Set<String> scopes) {
        return scopes.contains(needed) ? Optional.empty() : Optional.of(needed);
    }

    /** Changing a role-assignable group needs one more permission, since its members get roles. */
    static Optional<String> missingForRoleAssignableGroup(PrincipalAssignment membership, Set<String> scopes) {
        return missing(membership, scopes).or(() -> scopes.contains(ROLES) ? Optional.empty() : Optional.of(ROLES));
    }
}
