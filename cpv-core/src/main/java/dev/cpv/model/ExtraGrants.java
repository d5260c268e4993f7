package dev.cpv.model;

/**
 * What happens to permissions that the application has in a tenant beyond the required ones (R10). This list is complete
 * and won't grow.
 */
public enum ExtraGrants {
    /** They stay, and are reported. The default. */
    KEEP,
    /** They are revoked, and reported. */
    REVOKE
}
