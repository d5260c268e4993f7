package dev.cpv.model;

/** How an operation on a tenant ended (R16). New constants may appear in a minor release; keep a default branch. */
public enum RefreshOutcome {
    /** Every required permission was there already, or is not applicable for a stated reason; nothing was written. */
    UP_TO_DATE,
    /** Something was written, and now every required permission is there, or not applicable for a stated reason. */
    UPDATED,
    /** A preview found something to do. */
    DRIFTED,
    /** The tenant was observed, and some required permission is not there, or a step that was asked for failed. */
    PARTIAL,
    /** Nothing is known about the tenant's permissions, or an approved plan was stale and nothing was written. */
    FAILED,
    /** The tenant is excluded, or left out for another reason that the failure states. */
    SKIPPED,
    /** The caller cancelled; the next refresh completes the tenant (R18). */
    CANCELLED,
    /** The run stopped before this tenant's turn (R28). */
    NOT_ATTEMPTED,
    /** The application was removed from the tenant, and the directory showed that it is gone. */
    OFFBOARDED;

    /**
     * Returns whether nothing is left to do: every required permission is granted, or not applicable for a stated
     * reason. True for {@link #UP_TO_DATE} and {@link #UPDATED}.
     */
    public boolean isInSync() {
        return this == UP_TO_DATE || this == UPDATED;
    }
}
