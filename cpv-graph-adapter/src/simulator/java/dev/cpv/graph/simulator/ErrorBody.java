package dev.cpv.graph.simulator;

/** The shapes in which a service's error body comes. Will grow. */
public enum ErrorBody {
    /** As documented. */
    JSON,
    /** The page of a proxy. */
    HTML,
    /** Nothing at all. */
    EMPTY
}
