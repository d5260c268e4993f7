package dev.cpv.model;

/** What an operation on a tenant does. More kinds may come in minor releases, so a {@code switch} needs a default. */
public enum OperationKind {
    /** Reconciles a tenant with its required permissions. */
    REFRESH("refresh", true),
    /** Computes what a refresh would change, without writing. */
    PREVIEW("preview", false),
    /** Carries out an approved plan. */
    APPLY("apply", true),
    /** Computes what a reset would remove, restore and lose, without writing. */
    PLAN_RESET("plan-reset", false),
    /** Deletes the application's service principal and restores it. */
    RESET("reset", true),
    /** Removes the application from a tenant. */
    OFFBOARD("offboard", true);

    private final String wireName;
    private final boolean writes;

    OperationKind(String wireName, boolean writes) {
        this.wireName = wireName;
        this.writes = writes;
    }

    /**
     * Returns the name in logs, events and records: lower-case words with hyphens, such as {@code plan-reset}. It stays
     * the same even if the constant is renamed.
     */
    public String wireName() {
        return wireName;
    }

    /** Returns whether the operation can write to a tenant, and therefore needs its lease (R34). */
    public boolean writes() {
        return writes;
    }
}
