package dev.cpv.model;

/** How a tenant is reached (R7). New constants may appear in a minor release; keep a default branch. */
public enum TenantRoute {
    /** A customer: the partner's refresh token is redeemed there, and consent goes through Partner Center. */
    CUSTOMER,
    /** The partner's own tenant: never consented through Partner Center, and the Partner Center resource is kept (R3). */
    PARTNER,
    /** A tenant with a refresh token of its own and no partner relationship: Partner Center is left out. */
    DIRECT
}
