package dev.cpv.model;

import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Something that a tenant keeps about the application beside app roles and tenant-wide grants, and that goes with its service
 * principal: who deletes that has to bring this back (R19). The ids are those of users, groups and roles, which outlive it. A
 * new kind is a change for a major version.
 */
public sealed interface PrincipalAssignment {
    /**
     * Describes it on one line, for people.
     *
     * @return for example {@code member of group 5555… "Partners"}
     */
    String describe();

    /**
     * A user's own delegated grant ({@code Principal}); cpv never changes one but for a reset (R11).
     *
     * @param userId the directory's id of the user
     * @param resource the resource that the scopes belong to
     * @param scopes the scopes, sorted
     */
    record UserGrant(String userId, AppId resource, List<String> scopes) implements PrincipalAssignment {
        /**
         * Creates the grant.
         *
         * @param userId the directory's id of the user
         * @param resource the resource that the scopes belong to
         * @param scopes the scopes, sorted
         */
        public UserGrant {
            Objects.requireNonNull(userId, "userId");
            Objects.requireNonNull(resource, "resource");
            scopes = List.copyOf(new TreeSet<>(scopes));
        }

        @Override
        public String describe() {
            return "grant of user " + userId + " for " + resource + ": " + String.join(" ", scopes);
        }
    }

    /**
     * A user, group or other principal that is assigned to the application.
     *
     * @param principalId the directory's id of who is assigned
     * @param appRoleId the role of the application; all zeros for the default access
     * @param displayName what people call it; may be empty
     */
    record AppAssignment(String principalId, UUID appRoleId, String displayName) implements PrincipalAssignment {
        /**
         * Creates the assignment.
         *
         * @param principalId the directory's id of who is assigned
         * @param appRoleId the role of the application; all zeros for the default access
         * @param displayName what people call it; may be empty
         */
        public AppAssignment {
            Objects.requireNonNull(principalId, "principalId");
            Objects.requireNonNull(appRoleId, "appRoleId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public String describe() {
            return "assigned to the application: " + named(principalId, displayName);
        }
    }

    /**
     * A directory role that the service principal has over the whole tenant.
     *
     * @param roleTemplateId the role's template id, the same in every tenant
     * @param displayName what people call it; may be empty
     */
    record DirectoryRole(UUID roleTemplateId, String displayName) implements PrincipalAssignment {
        /**
         * Creates the role.
         *
         * @param roleTemplateId the role's template id, the same in every tenant
         * @param displayName what people call it; may be empty
         */
        public DirectoryRole {
            Objects.requireNonNull(roleTemplateId, "roleTemplateId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public String describe() {
            return "directory role " + named(roleTemplateId.toString(), displayName);
        }
    }

    /**
     * A group that the service principal is a member of.
     *
     * @param groupId the directory's id of the group
     * @param displayName what people call it; may be empty
     */
    record GroupMembership(String groupId, String displayName) implements PrincipalAssignment {
        /**
         * Creates the membership.
         *
         * @param groupId the directory's id of the group
         * @param displayName what people call it; may be empty
         */
        public GroupMembership {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public String describe() {
            return "member of group " + named(groupId, displayName);
        }
    }

    private static String named(String id, String displayName) {
        return displayName.isEmpty() ? id : id + " \"" + displayName + "\"";
    }
}
