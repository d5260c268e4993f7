package dev.cpv.model;

import java.util.Objects;
import java.util.UUID;

/**
 * A delegated scope as a resource publishes it.
 *
 * @param id its GUID
 * @param value its value name, such as {@code User.Read}
 */
public record PublishedScope(UUID id, String value) {
    /** Refuses nulls. */
    public PublishedScope {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(value, "value");
    }
}
