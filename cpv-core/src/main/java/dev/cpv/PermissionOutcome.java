package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.RequiredPermission;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The result for one required permission. Immutable. */
public final class PermissionOutcome {
    private final RequiredPermission permission;
    private final @Nullable String value;
    private final SortedSet<String> requestedBy;
    private final Status status;
    private final @Nullable CpvFailure failure;

    PermissionOutcome(
            RequiredPermission permission,
            @Nullable String value,
            SortedSet<String> requestedBy,
            Status status,
            @Nullable CpvFailure failure) {
        this.permission = Objects.requireNonNull(permission, "permission");
        this.value = value;
        this.requestedBy = requestedBy;
        this.status = Objects.requireNonNull(status, "status");
        this.failure = failure;
    }

    /** Returns the required permission. */
    public RequiredPermission permission() {
        return permission;
    }

    /** Returns the value name, such as {@code User.Read.All}; empty if it could not be resolved. */
    public Optional<String> value() {
        return Optional.ofNullable(value);
    }

    /** Returns the names of the sets that asked for the permission, sorted. */
    public SortedSet<String> requestedBy() {
        return requestedBy;
    }

    /** Returns the result for this permission. */
    public Status status() {
        return status;
    }

    /**
     * Returns why it is not granted and what to do; empty for {@link Status#ALREADY_GRANTED}, {@link Status#GRANTED}
     * and {@link Status#MISSING}.
     */
    public Optional<CpvFailure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return permission.resource() + " " + permission.type() + " " + value().orElse(permission.id()) + " " + status;
    }

    /** The result for a permission. New constants may appear in a minor release; keep a default branch. */
    public enum Status {
        /** It was there already. */
        ALREADY_GRANTED,
        /** It was granted by this operation. */
        GRANTED,
        /** A preview found it missing; a refresh would grant it. */
        MISSING,
        /** It does not apply to this tenant, for a stated reason. */
        NOT_APPLICABLE,
        /** The resource does not offer it in this tenant. */
        NOT_OFFERED,
        /** It is not there, and the failure says why. */
        FAILED;

        boolean isInSync() {
            return this == ALREADY_GRANTED || this == GRANTED || this == NOT_APPLICABLE;
        }
    }
}
