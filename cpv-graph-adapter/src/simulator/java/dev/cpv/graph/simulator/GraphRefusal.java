package dev.cpv.graph.simulator;

/** Ends the handling of a Graph request, or of one part of a batch, with the error that refuses it. */
final class GraphRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GraphError error;

    GraphRefusal(GraphError error) {
        super("refused with " + error.status(), null, false, false);
        this.error = error;
    }

    GraphError error() {
        return error;
    }
}
