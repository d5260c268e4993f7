package dev.cpv;

import dev.cpv.model.CpvException;

/** Thrown when a text is not the JSON of a result, with the JSON path of the fault. */
public final class ResultFormatException extends CpvException {
    private static final long serialVersionUID = 1L;

    /** Where the fault is. */
    private final String path;

    ResultFormatException(String path, String reason) {
        super("The result at " + path + ": " + reason, null);
        this.path = path;
    }

    /** Returns where the fault is, as a JSON path such as {@code $.permissions[2].type}; {@code $} for the whole. */
    public String path() {
        return path;
    }
}
