package dev.cpv.internal.json;

/** Thrown when a JSON text is not what was expected; names the place. */
public final class JsonFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;

    JsonFaultException(String path, String message) {
        super(message);
        this.path = path;
    }

    /**
     * Returns where the fault is.
     *
     * @return a JSON path such as {@code $.requiredResourceAccess[2].resourceAppId}
     */
    public String path() {
        return path;
    }
}
