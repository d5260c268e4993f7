package dev.cpv.model;

/** What a result takes as proof that something was written (R17). This list is complete and won't grow. */
public enum WriteVerification {
    /** The directory's answer: lists lag behind writes, so a look right after a write may still show the old state. */
    BELIEVE,
    /**
     * A look: after writing, the tenant is observed until it shows what was written, for at most a minute. What it does
     * not show by then is reported as failed with {@link FailureCode#NOT_REPLICATED_YET}. Costs at least one more look.
     */
    READ_BACK
}
