package dev.cpv.model;

import java.util.Comparator;
import java.util.Objects;

/**
 * A permission that the application holds in a tenant although it is not required (R10).
 *
 * @param resource the resource that it belongs to
 * @param type whether it is an app role or a scope
 * @param id the app role's GUID, or the scope in its published spelling (as granted where it is not published)
 * @param value the value name; the id again where the name is unknown
 */
public record ExtraPermission(AppId resource, PermissionType type, String id, String value)
        implements Comparable<ExtraPermission> {
    private static final Comparator<ExtraPermission> ORDER = Comparator.comparing(ExtraPermission::resource)
            .thenComparing(ExtraPermission::type)
            .thenComparing(ExtraPermission::id);

    /**
     * Creates the extra.
     *
     * @param resource the resource that it belongs to
     * @param type whether it is an app role or a scope
     * @param id the app role's GUID, or the scope in its published spelling (as granted where it is not published)
     * @param value the value name; the id again where the name is unknown
     * @throws NullPointerException if an argument is null
     */
    public ExtraPermission {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(value, "value");
    }

    @Override
    public int compareTo(ExtraPermission other) {
        return ORDER.compare(this, other);
    }
}
