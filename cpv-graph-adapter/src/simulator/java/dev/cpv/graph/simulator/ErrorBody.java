package dev.cpv.graph.simulator;

/** The shapes of a service's error body. New constants may be added. */
public enum ErrorBody {
    /** As documented. */
    JSON,
    /** An HTML page, as a proxy sends it. */
    HTML,
    /** An empty body. */
    EMPTY
}
