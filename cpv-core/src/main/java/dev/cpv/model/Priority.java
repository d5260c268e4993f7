package dev.cpv.model;

/**
 * Who is served first where requests are limited (R29). New constants may appear in a minor release; keep a default branch.
 */
public enum Priority {
    /** A person waits for the answer. The default. */
    MANUAL,
    /** Nobody waits: work of the night. */
    NIGHTLY
}
