package dev.cpv.model;

/**
 * Which operations go first where requests are limited (R29). New constants may appear in a minor release; keep a
 * default branch.
 */
public enum Priority {
    /** A person waits for the answer. The default. */
    MANUAL,
    /** Nobody waits for the answer, as in a nightly run. */
    NIGHTLY
}
