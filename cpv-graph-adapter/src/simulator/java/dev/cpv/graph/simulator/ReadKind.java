package dev.cpv.graph.simulator;

/**
 * The ways in which a request reads a directory object; each may see a new object at another time. New constants may be
 * added.
 */
public enum ReadKind {
    /** A collection, filtered or not. */
    LIST,
    /** The object by its own id. */
    BY_ID,
    /** The object by its alternate key: {@code servicePrincipals(appId='…')}. */
    BY_ALTERNATE_KEY,
    /** A write of another object that refers to it. */
    REFERENCE
}
