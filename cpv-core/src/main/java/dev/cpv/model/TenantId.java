package dev.cpv.model;

import java.util.Objects;
import java.util.UUID;

/**
 * A Microsoft Entra tenant, by its GUID. A tenant's domains and name change, this does not.
 *
 * @param value the GUID
 */
public record TenantId(UUID value) implements Comparable<TenantId> {
    /**
     * Creates the id.
     *
     * @throws NullPointerException if {@code value} is null
     */
    public TenantId {
        Objects.requireNonNull(value, "value");
    }

    /**
     * Reads a tenant id.
     *
     * @param guid the GUID as text, in any case
     * @return the id
     * @throws IllegalArgumentException if the text is not a GUID
     */
    public static TenantId of(String guid) {
        return new TenantId(Guids.parse(guid, "tenant id"));
    }

    @Override
    public int compareTo(TenantId other) {
        return Guids.ORDER.compare(value, other.value);
    }

    /** Returns the GUID in lower case. */
    @Override
    public String toString() {
        return value.toString();
    }
}
