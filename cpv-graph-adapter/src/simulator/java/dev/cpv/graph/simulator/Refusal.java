package dev.cpv.graph.simulator;

/** Ends the handling of a request with the answer that refuses it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WireAnswer answer;

    Refusal(WireAnswer answer) {
        super("refused with " + answer.status(), null, false, false);
        this.answer = answer;
    }

    WireAnswer answer() {
        return answer;
    }
}
