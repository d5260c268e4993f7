package dev.cpv.model;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A Microsoft Entra tenant, by its GUID. A tenant's domains and name change, this does not.
 *
 * @param value the GUID
 */
public record TenantId(UUID value) implements Comparable<TenantId> {
    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9-]{2,63}");

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
     * @throws IllegalArgumentException if the text is not a GUID
     */
    public static TenantId of(String guid) {
        return new TenantId(Guids.parse(guid, "tenant id"));
    }

    /** Reads a tenant id; empty if the text is not a GUID. */
    public static Optional<TenantId> parse(String text) {
        return Guids.isGuid(text) ? Optional.of(of(text)) : Optional.empty();
    }

    /** Returns whether a text can be a domain of a tenant, such as {@code contoso.com}. Nothing is looked up. */
    public static boolean isDomain(String text) {
        return DOMAIN.matcher(text).matches();
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
