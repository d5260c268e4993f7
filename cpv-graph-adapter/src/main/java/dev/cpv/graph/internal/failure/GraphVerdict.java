package dev.cpv.graph.internal.failure;

/** The meaning of Microsoft Graph's answer to one request. */
public enum GraphVerdict {
    /** Done; a 201 or 204 is trusted (R17). */
    DONE,
    /** The object to write exists already (R8); a grant may have other scopes (R12). */
    ALREADY_EXISTS,
    /** An object that the request needs has not reached this replica yet: send it again (R26). */
    NOT_REPLICATED,
    /** Certainly not applied: send it again after a pause (R26). */
    RETRY,
    /** A write may have been applied: look it up before it is sent again (R17). A read is sent again. */
    LOOK_UP,
    /** Not done, and sending it again does not help. */
    PERMANENT
}
