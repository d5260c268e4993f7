package dev.cpv.model;

import java.util.Objects;
import java.util.UUID;

/**
 * An app role as a resource publishes it.
 *
 * @param id its GUID
 * @param value its value name, such as {@code User.Read.All}; may be empty
 * @param assignable whether it can be assigned to an application: enabled, and with {@code Application} among its allowed
 *     member types
 */
public record AppRole(UUID id, String value, boolean assignable) {
    /** Refuses nulls. */
    public AppRole {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(value, "value");
    }
}
