package dev.cpv.graph.simulator;

import static dev.cpv.graph.simulator.DirectoryRoles.APPLICATION_ADMINISTRATOR;
import static dev.cpv.graph.simulator.DirectoryRoles.CLOUD_APPLICATION_ADMINISTRATOR;
import static dev.cpv.graph.simulator.DirectoryRoles.DIRECTORY_WRITERS;
import static dev.cpv.graph.simulator.DirectoryRoles.GLOBAL_ADMINISTRATOR;
import static dev.cpv.graph.simulator.DirectoryRoles.PRIVILEGED_ROLE_ADMINISTRATOR;
import static dev.cpv.graph.simulator.DirectoryRoles.USER_ADMINISTRATOR;

import java.util.Collections;
import java.util.Set;

/**
 * The rights that a kind of request needs: one of several permissions and, for a user, also one of several directory
 * roles. An app-only token needs only the permission, as an app role.
 */
enum GraphPermission {
    READ_APPLICATIONS(
            Roles.ANY,
            "Application.Read.All",
            "Application.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "Directory.AccessAsUser.All"),
    WRITE_APPLICATIONS(Roles.APPLICATIONS, "Application.ReadWrite.All", "Directory.ReadWrite.All"),
    WRITE_OWNED_APPLICATIONS(Roles.APPLICATIONS, "Application.ReadWrite.OwnedBy"),
    WRITE_APP_ROLES(Roles.APPLICATIONS_OR_PRIVILEGED, "AppRoleAssignment.ReadWrite.All"),
    WRITE_APP_ROLES_OF_GRAPH(Roles.PRIVILEGED, "AppRoleAssignment.ReadWrite.All"),
    READ_GRANTS(
            Roles.ANY,
            "DelegatedPermissionGrant.Read.All",
            "DelegatedPermissionGrant.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All"),
    WRITE_GRANTS(Roles.GRANTS, "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"),
    READ_ROLES(
            Roles.ANY,
            "RoleManagement.Read.Directory",
            "RoleManagement.ReadWrite.Directory",
            "Directory.Read.All",
            "Directory.ReadWrite.All"),
    WRITE_ROLES(Roles.PRIVILEGED, "RoleManagement.ReadWrite.Directory"),
    READ_GROUPS(
            Roles.ANY,
            "GroupMember.Read.All",
            "GroupMember.ReadWrite.All",
            "Group.Read.All",
            "Group.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All"),
    WRITE_GROUPS(Roles.GROUPS, "GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"),
    READ_ORGANIZATION(
            Roles.ANY,
            "Organization.Read.All",
            "Organization.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "User.Read"),
    READ_DOMAINS(Roles.ANY, "Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"),
    READ_CONTRACTS(Roles.ANY, "Directory.Read.All", "Directory.ReadWrite.All"),
    READ_ME(Roles.ANY, "User.Read", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All"),
    READ_RELATIONSHIPS(Roles.ANY, "DelegatedAdminRelationship.Read.All", "DelegatedAdminRelationship.ReadWrite.All"),
    WRITE_RELATIONSHIPS(Roles.ANY, "DelegatedAdminRelationship.ReadWrite.All"),
    FIND_TENANTS(Roles.ANY, "CrossTenantInformation.ReadBasic.All");

    /** The directory roles that a user needs. */
    private static final class Roles {
        static final Set<String> ANY = Set.of();
        static final Set<String> APPLICATIONS =
                Set.of(APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR);
        static final Set<String> PRIVILEGED = Set.of(PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR);
        static final Set<String> APPLICATIONS_OR_PRIVILEGED = Set.of(
                APPLICATION_ADMINISTRATOR,
                CLOUD_APPLICATION_ADMINISTRATOR,
                PRIVILEGED_ROLE_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR);
        static final Set<String> GRANTS = Set.of(
                APPLICATION_ADMINISTRATOR,
                CLOUD_APPLICATION_ADMINISTRATOR,
                DIRECTORY_WRITERS,
                PRIVILEGED_ROLE_ADMINISTRATOR,
                USER_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR);
        static final Set<String> GROUPS = Set.of(USER_ADMINISTRATOR, DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR);

        private Roles() {}
    }

    private final Set<String> directoryRoles;
    private final Set<String> permissions;

    GraphPermission(Set<String> directoryRoles, String... permissions) {
        this.directoryRoles = directoryRoles;
        this.permissions = Set.of(permissions);
    }

    /** Whether a token allows the request. A token holds the permissions at the time of its issue. */
    boolean heldBy(AccessToken token) {
        Set<String> held = token.appOnly() ? token.roles() : token.scopes();
        boolean role = token.appOnly()
                || directoryRoles.isEmpty()
                || !Collections.disjoint(directoryRoles, token.directoryRoles());
        return role && !Collections.disjoint(permissions, held);
    }
}
