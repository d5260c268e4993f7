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
 * @param revoked whether the operation revoked it; otherwise the application still holds it
 */
public record ExtraPermission(AppId resource, PermissionType type, String id, String value, boolean revoked)
        implements Comparable<ExtraPermission> {
    private static final Comparator<ExtraPermission> ORDER = Comparator.comparing(ExtraPermission::resource)
            .thenComparing(ExtraPermission::type)
            .thenComparing(ExtraPermission::id)
            .thenComparing(ExtraPermission::revoked);

    /** Refuses nulls. */
    public ExtraPermission {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(value, "value");
    }

    /** Creates an extra that the application still holds. */
    public ExtraPermission(AppId resource, PermissionType type, String id, String value) {
        this(resource, type, id, value, false);
    }

    /** Returns this extra as revoked. */
    public ExtraPermission asRevoked() {
        return new ExtraPermission(resource, type, id, value, true);
    }

    @Override
    public int compareTo(ExtraPermission other) {
        return ORDER.compare(this, other);
    }

    /** Returns resource, type and value name, and whether it was revoked. */
    @Override
    public String toString() {
        return resource + " " + type + " " + value + (revoked ? " revoked" : "");
    }
}
