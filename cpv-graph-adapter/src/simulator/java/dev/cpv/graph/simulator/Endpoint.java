package dev.cpv.graph.simulator;

/**
 * The kinds of request that the simulator distinguishes in its journal and in its fault plan. New constants may be
 * added.
 */
public enum Endpoint {
    /** Redemption of a refresh token at the token endpoint. */
    TOKEN_REFRESH,
    /** Request for an app-only token at the token endpoint. */
    TOKEN_CLIENT_CREDENTIALS,
    /** Anything else at the token endpoint. */
    TOKEN_OTHER,
    /** OpenID Connect discovery. */
    DISCOVERY,
    /** {@code POST …/applicationconsents}. */
    CONSENT_POST,
    /** {@code DELETE …/applicationconsents/{appId}}. */
    CONSENT_DELETE,
    /** The list of customers, one page of it, or one customer. */
    CUSTOMERS,
    /** Registration and validation of web hooks. */
    WEBHOOKS,
    /** Anything else at Partner Center. */
    PARTNER_CENTER_OTHER,
    /** A read of Microsoft Graph outside a batch. */
    GRAPH_GET,
    /** A write to Microsoft Graph outside a batch. */
    GRAPH_WRITE,
    /** A {@code $batch}; the journal entry lists its parts. */
    BATCH,
    /** A path that belongs to none of the three services. */
    UNKNOWN
}
