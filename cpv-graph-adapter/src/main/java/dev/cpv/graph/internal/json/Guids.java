package dev.cpv.graph.internal.json;

import java.util.Optional;
import java.util.function.Function;

/** Reads GUIDs out of what a service says, where a text that is none counts as no GUID. Pure functions. */
public final class Guids {
    private Guids() {}

    /**
     * Reads a GUID.
     *
     * @param text what may be a GUID
     * @param type makes the value, and throws an {@link IllegalArgumentException} for any other text
     * @param <T> what the GUID identifies
     * @return the value, or empty
     */
    public static <T> Optional<T> find(String text, Function<String, T> type) {
        try {
            return Optional.of(type.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
