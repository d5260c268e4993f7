package dev.cpv.graph.simulator;

/** The shapes in which Microsoft Graph's error bodies are seen. Will grow. */
public enum GraphErrorBody {
    /** As it is in practice, with {@code innerError}. */
    STANDARD,
    /** With {@code innererror}, as it is documented. */
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
    /** The page of a proxy. */
    HTML,
    /** Nothing at all. */
    EMPTY
}
