package dev.cpv;

import dev.cpv.model.ExtraPermission;
import java.util.Objects;

/** A permission that the application held beyond the required ones, and whether it was revoked (R10). Immutable. */
public final class ExtraOutcome {
    private final ExtraPermission permission;
    private final boolean revoked;

    ExtraOutcome(ExtraPermission permission, boolean revoked) {
        this.permission = Objects.requireNonNull(permission, "permission");
        this.revoked = revoked;
    }

    /**
     * Returns the extra permission.
     *
     * @return the permission
     */
    public ExtraPermission permission() {
        return permission;
    }

    /**
     * Says whether this operation revoked it.
     *
     * @return whether it did; otherwise the application still holds it
     */
    public boolean revoked() {
        return revoked;
    }

    @Override
    public String toString() {
        return permission.resource() + " " + permission.type() + " " + permission.value() + (revoked ? " revoked" : "");
    }
}
