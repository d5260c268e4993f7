package dev.cpv.graph.internal.failure;

/** What to make of Microsoft Graph's answer to one request. */
public enum GraphVerdict {
    /** Done; a 201 or 204 is believed (R17). */
    DONE,
    /** What was to be written is there already (R8); of a grant, nothing is said about its scopes (R12). */
    ALREADY_EXISTS,
    /** What the request builds on has not reached this replica yet: send it again (R26). */
    NOT_REPLICATED,
    /** Surely not applied: send it again after a pause (R26). */
    RETRY,
    /** A write may have been applied: look it up before it is sent again (R17). A read is sent again. */
    LOOK_UP,
    /** Not done, and sending it again won't help. */
    PERMANENT
}
