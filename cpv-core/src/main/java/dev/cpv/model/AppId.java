package dev.cpv.model;

import java.util.Objects;
import java.util.UUID;

/**
 * An application (client) id: the same in every tenant, unlike the object id of the service principal it has there.
 *
 * @param value the GUID
 */
public record AppId(UUID value) implements Comparable<AppId> {
    /** Microsoft Graph. */
    public static final AppId MICROSOFT_GRAPH = of("00000003-0000-0000-c000-000000000000");

    /** Microsoft Partner Center, which is left out in customer tenants (R3). */
    public static final AppId PARTNER_CENTER = of("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd");

    /**
     * Creates the id.
     *
     * @throws NullPointerException if {@code value} is null
     */
    public AppId {
        Objects.requireNonNull(value, "value");
    }

    /**
     * Reads an application id.
     *
     * @param guid the GUID as text, in any case
     * @throws IllegalArgumentException if the text is not a GUID
     */
    public static AppId of(String guid) {
        return new AppId(Guids.parse(guid, "application id"));
    }

    @Override
    public int compareTo(AppId other) {
        return Guids.ORDER.compare(value, other.value);
    }

    /** Returns the GUID in lower case. */
    @Override
    public String toString() {
        return value.toString();
    }
}
