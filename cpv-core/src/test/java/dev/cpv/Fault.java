package dev.cpv;

/** What can go wrong while a tenant is refreshed. */
enum Fault {
    /** A look fails before it shows anything. */
    LOOK_FAILS,
    /** What resources publish cannot be read. */
    DEFINITIONS_FAIL,
    /** What one of the resources publishes is left out of the answer. */
    DEFINITION_LEFT_OUT,
    /** A write is refused as a whole, before anything was written. */
    WRITE_REFUSED,
    /** A step is not done, and answered so. */
    STEP_FAILS,
    /** A step is done, and answered as failed. */
    ANSWER_LOST,
    /** Of several grants the survivor is patched, but the others are not deleted; answered as failed. */
    HALF_MERGED,
    /** No answer for a step that was done, or was not: a directory that breaks its contract. */
    UNANSWERED,
    /** An exception that no directory may throw, after a write. */
    BROKEN,
    /** Looks show for some time what was there before a write. */
    LAG,
    /** Time passes, up to beyond the deadline. */
    SLOW,
    /** Somebody else changes the tenant between two calls, or between two steps. */
    ADMIN,
    /** The caller cancels. */
    CANCEL,
    /** The process dies in, before or after a call or a step. */
    KILL
}
