package dev.cpv.model;

/** How far a failure reaches. This list is complete and won't grow. */
public enum FailureScope {
    /** Every tenant: the partner's credentials, account or application. The next tenant would fail too (R28). */
    PARTNER,
    /** One tenant. */
    TENANT,
    /** One resource in one tenant. */
    RESOURCE,
    /** One permission in one tenant. */
    PERMISSION
}
