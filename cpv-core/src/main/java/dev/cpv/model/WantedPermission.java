package dev.cpv.model;

import java.util.Optional;
import java.util.UUID;

/** A required permission with its GUID, which is computed once for a set and not for each of its tenants. */
record WantedPermission(RequiredPermission permission, Optional<UUID> guid) {
    static WantedPermission of(RequiredPermission permission) {
        return new WantedPermission(permission, permission.guid());
    }
}
