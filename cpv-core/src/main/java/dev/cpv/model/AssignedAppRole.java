package dev.cpv.model;

import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/**
 * An app role that the application holds in a tenant. Its identity is the resource and the role (R8).
 *
 * @param resource the resource that publishes the role
 * @param appRoleId the role's GUID
 */
public record AssignedAppRole(AppId resource, UUID appRoleId) implements Comparable<AssignedAppRole> {
    private static final Comparator<AssignedAppRole> ORDER =
            Comparator.comparing(AssignedAppRole::resource).thenComparing(AssignedAppRole::appRoleId, Guids.ORDER);

    /** Refuses nulls. */
    public AssignedAppRole {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(appRoleId, "appRoleId");
    }

    @Override
    public int compareTo(AssignedAppRole other) {
        return ORDER.compare(this, other);
    }
}
