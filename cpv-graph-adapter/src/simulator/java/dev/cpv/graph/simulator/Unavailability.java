package dev.cpv.graph.simulator;

/**
 * How Microsoft Graph refuses to create the service principal of an API that a tenant cannot have. New constants may be
 * added.
 */
public enum Unavailability {
    /** 400 with {@code NoBackingApplicationObject}: not offered in this tenant. */
    NO_BACKING_APPLICATION,
    /** 403: the caller may not create it. */
    FORBIDDEN,
    /** 500 {@code Service_InternalServerError}, every time. */
    INTERNAL_ERROR
}
