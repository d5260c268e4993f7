package dev.cpv.graph.simulator;

/** What makes a group of a tenant a special one. */
public enum GroupTrait {
    /** A rule decides who is in it; nobody can be added. */
    DYNAMIC,
    /** It is managed on premises and synchronised; nobody can be added. */
    SYNCED,
    /** Directory roles can be assigned to it, so that changing it takes {@code RoleManagement.ReadWrite.Directory} too. */
    ROLE_ASSIGNABLE
}
