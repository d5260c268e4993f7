package dev.cpv.model;

/** Thrown when a manifest cannot be read, with the JSON path of the fault (R2). */
public final class ManifestFormatException extends CpvException {
    private static final long serialVersionUID = 1L;

    /** Where the fault is. */
    private final String path;

    ManifestFormatException(String source, String path, String reason) {
        super(source + " at " + path + ": " + reason, null);
        this.path = path;
    }

    /**
     * Returns where the fault is, as a JSON path such as {@code $.requiredResourceAccess[2].resourceAccess[0].type};
     * {@code $} for the whole.
     */
    public String path() {
        return path;
    }
}
