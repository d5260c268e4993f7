package dev.cpv.graph.simulator;

/** A special property of a group. */
public enum GroupTrait {
    /** A rule decides its members; none can be added. */
    DYNAMIC,
    /** It is managed on premises and synchronised; no member can be added. */
    SYNCED,
    /** Directory roles can be assigned to it, so changing it also needs {@code RoleManagement.ReadWrite.Directory}. */
    ROLE_ASSIGNABLE
}
