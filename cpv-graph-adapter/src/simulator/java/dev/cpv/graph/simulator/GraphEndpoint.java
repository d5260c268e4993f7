package dev.cpv.graph.simulator;

/** Answers the requests below one first step of a path. Thread-safe; refuses by {@link GraphRefusal}. */
@FunctionalInterface
interface GraphEndpoint {
    GraphAnswer answer(GraphCall call);
}
