package dev.cpv.graph.simulator;

/** The shapes of Microsoft Graph's error bodies. New constants may be added. */
public enum GraphErrorBody {
    /** As observed in practice, with {@code innerError}. */
    STANDARD,
    /** As documented, with {@code innererror}. */
    LOWER_CASE,
    /** {@code innerError} has a code and a message of its own, and another one inside. */
    NESTED,
    /** The code is the empty string. */
    EMPTY_CODE,
    /** {@code details} is an object instead of an array. */
    DETAILS_OBJECT,
    /** The message is an object with language and value. */
    MESSAGE_OBJECT,
    /** The root is {@code odata.error}, as the old directory API had it. */
    LEGACY_ROOT,
    /** An HTML page, as a proxy sends it. */
    HTML,
    /** An empty body. */
    EMPTY
}
