package dev.cpv.model;

/** Thrown when a plan cannot be read back, or was changed since it was printed. */
public final class PlanFormatException extends CpvException {
    private static final long serialVersionUID = 1L;

    /** Where the fault is. */
    private final String path;

    PlanFormatException(String path, String reason) {
        super("The plan at " + path + ": " + reason, null);
        this.path = path;
    }

    /** Returns where the fault is, as a JSON path such as {@code $.steps[2].resourceAppId}; {@code $} for the whole. */
    public String path() {
        return path;
    }
}
