package dev.cpv.graph.simulator;

/**
 * Answers the requests whose path starts with one given step. Thread-safe; refuses by throwing {@link GraphRefusal}.
 */
@FunctionalInterface
interface GraphEndpoint {
    GraphAnswer answer(GraphCall call);
}
