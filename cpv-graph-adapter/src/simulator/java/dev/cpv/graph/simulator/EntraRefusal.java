package dev.cpv.graph.simulator;

/** Ends a token request with an AADSTS error. */
final class EntraRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient EntraError error;

    EntraRefusal(int code) {
        this(EntraError.of(code));
    }

    EntraRefusal(EntraError error) {
        super("AADSTS" + error.code(), null, false, false);
        this.error = error;
    }

    EntraError error() {
        return error;
    }
}
