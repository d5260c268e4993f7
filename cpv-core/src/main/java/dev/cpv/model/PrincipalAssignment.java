package dev.cpv.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Something that a tenant keeps about the application beside app roles and tenant-wide grants, and that is deleted with
 * its service principal, so that a reset has to restore it (R19). The ids are those of users, groups and roles, which
 * remain. Display names are for people: two assignments with the same ids are equal, whatever their names. A new kind
 * is a change for a major version.
 */
public sealed interface PrincipalAssignment {
    /** Returns what is assigned; the kind decides the class. */
    Kind kind();

    /**
     * Returns the id of the other side of the assignment: the directory's id of a user, group or other principal, or
     * the template id of a directory role.
     */
    String objectId();

    /**
     * Returns what is assigned, by ids alone: two assignments are equal if their keys are.
     *
     * @return for example {@code group-membership 5555…}
     */
    String key();

    /**
     * Describes it on one line, for people.
     *
     * @return for example {@code member of group 5555… "Partners"}
     */
    String describe();

    /**
     * A user's own delegated grant ({@code Principal}); cpv changes one only in a reset (R11).
     *
     * @param userId the directory's id of the user
     * @param resource the resource that the scopes belong to
     * @param scopes the scopes, sorted
     */
    record UserGrant(String userId, AppId resource, List<String> scopes) implements PrincipalAssignment {
        /** Creates the grant. */
        public UserGrant {
            Objects.requireNonNull(userId, "userId");
            Objects.requireNonNull(resource, "resource");
            scopes = List.copyOf(new TreeSet<>(scopes));
        }

        @Override
        public Kind kind() {
            return Kind.USER_GRANT;
        }

        @Override
        public String objectId() {
            return userId;
        }

        @Override
        public String key() {
            return keyOf(kind(), userId, resource.toString(), String.join(" ", scopes));
        }

        @Override
        public String describe() {
            return "grant of user " + userId + " for " + resource + ": " + String.join(" ", scopes);
        }
    }

    /**
     * A user, group or other principal that is assigned to the application.
     *
     * @param principalId the directory's id of the principal
     * @param appRoleId the role of the application; all zeros for the default access
     * @param displayName its name for people; may be empty
     */
    record AppAssignment(String principalId, UUID appRoleId, String displayName) implements PrincipalAssignment {
        /** Creates the assignment. */
        public AppAssignment {
            Objects.requireNonNull(principalId, "principalId");
            Objects.requireNonNull(appRoleId, "appRoleId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public Kind kind() {
            return Kind.APP_ASSIGNMENT;
        }

        @Override
        public String objectId() {
            return principalId;
        }

        @Override
        public String key() {
            return keyOf(kind(), principalId, appRoleId.toString());
        }

        @Override
        public String describe() {
            return "assigned to the application: " + named(principalId, displayName);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AppAssignment that
                    && principalId.equals(that.principalId)
                    && appRoleId.equals(that.appRoleId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(principalId, appRoleId);
        }
    }

    /**
     * A directory role that the service principal has over the whole tenant.
     *
     * @param roleTemplateId the role's template id, the same in every tenant
     * @param displayName its name for people; may be empty
     */
    record DirectoryRole(UUID roleTemplateId, String displayName) implements PrincipalAssignment {
        /** Creates the role. */
        public DirectoryRole {
            Objects.requireNonNull(roleTemplateId, "roleTemplateId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public Kind kind() {
            return Kind.DIRECTORY_ROLE;
        }

        @Override
        public String objectId() {
            return roleTemplateId.toString();
        }

        @Override
        public String key() {
            return keyOf(kind(), roleTemplateId.toString());
        }

        @Override
        public String describe() {
            return "directory role " + named(roleTemplateId.toString(), displayName);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof DirectoryRole that && roleTemplateId.equals(that.roleTemplateId);
        }

        @Override
        public int hashCode() {
            return roleTemplateId.hashCode();
        }
    }

    /**
     * A group that the service principal is a member of.
     *
     * @param groupId the directory's id of the group
     * @param displayName its name for people; may be empty
     */
    record GroupMembership(String groupId, String displayName) implements PrincipalAssignment {
        /** Creates the membership. */
        public GroupMembership {
            Objects.requireNonNull(groupId, "groupId");
            Objects.requireNonNull(displayName, "displayName");
        }

        @Override
        public Kind kind() {
            return Kind.GROUP_MEMBERSHIP;
        }

        @Override
        public String objectId() {
            return groupId;
        }

        @Override
        public String key() {
            return keyOf(kind(), groupId);
        }

        @Override
        public String describe() {
            return "member of group " + named(groupId, displayName);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof GroupMembership that && groupId.equals(that.groupId);
        }

        @Override
        public int hashCode() {
            return groupId.hashCode();
        }
    }

    /**
     * What is assigned. Snapshots contain the wire name; it never changes. A new kind is a change for a major version.
     */
    enum Kind {
        /** {@link UserGrant}. */
        USER_GRANT("user-grant"),
        /** {@link AppAssignment}. */
        APP_ASSIGNMENT("app-assignment"),
        /** {@link DirectoryRole}. */
        DIRECTORY_ROLE("directory-role"),
        /** {@link GroupMembership}. */
        GROUP_MEMBERSHIP("group-membership");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** Returns the name of this kind in snapshots: lower-case words with hyphens. */
        public String wireName() {
            return wireName;
        }

        /** Returns the kind with a wire name, or empty if there is none. */
        public static Optional<Kind> ofWireName(String wireName) {
            return Arrays.stream(values())
                    .filter(kind -> kind.wireName.equals(wireName))
                    .findFirst();
        }
    }

    private static String keyOf(Kind kind, String... ids) {
        return kind.wireName() + " " + String.join(" ", ids);
    }

    private static String named(String id, String displayName) {
        return displayName.isEmpty() ? id : id + " \"" + displayName + "\"";
    }
}
