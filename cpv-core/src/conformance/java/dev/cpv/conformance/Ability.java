package dev.cpv.conformance;

/**
 * What a {@link TenantDirectorySubject} may be unable to set up. The tests that need it are then skipped, visibly. New
 * constants may appear in a minor release.
 */
public enum Ability {
    /** Users' own grants can be set up and read. */
    USER_GRANTS,
    /** Several tenant-wide grants for one resource can be set up. */
    DUPLICATE_GRANTS,
    /** {@link TenantDirectorySubject#makeUnavailable} works. */
    UNAVAILABLE_RESOURCE,
    /** {@link TenantDirectorySubject#withhold} works. */
    WITHHELD_ROLE,
    /** {@link TenantDirectorySubject#refuse} works. */
    REFUSED_STEP,
    /** {@link TenantDirectorySubject#breakDown} works. */
    BREAK_DOWN,
    /** The directory can reset a tenant; one that cannot supports everything else. */
    RESET,
    /** {@link TenantTruth#assignments()} can be set up and read. */
    ASSIGNMENTS
}
