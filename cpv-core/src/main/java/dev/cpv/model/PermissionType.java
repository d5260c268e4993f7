package dev.cpv.model;

/** The two kinds of permission that a resource publishes. This list is complete and won't grow. */
public enum PermissionType {
    /** An app role, granted by an app role assignment; {@code Role} in a manifest. */
    APPLICATION,
    /** A scope, granted by a delegated permission grant; {@code Scope} in a manifest. */
    DELEGATED
}
