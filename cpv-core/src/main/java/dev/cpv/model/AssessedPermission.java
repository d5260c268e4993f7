package dev.cpv.model;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A required permission, and whether it is granted in a tenant. Immutable.
 *
 * <p><b>Preview:</b> part of {@link Assessment}, and may change in any release as that may.
 */
public final class AssessedPermission {
    private final RequiredPermission permission;
    private final Standing standing;
    private final @Nullable String value;
    private final @Nullable PlanStep step;
    private final @Nullable CpvFailure reason;

    AssessedPermission(
            RequiredPermission permission,
            Standing standing,
            @Nullable String value,
            @Nullable PlanStep step,
            @Nullable CpvFailure reason) {
        this.permission = Objects.requireNonNull(permission, "permission");
        this.standing = Objects.requireNonNull(standing, "standing");
        this.value = value;
        this.step = step;
        this.reason = reason;
    }

    AssessedPermission withStanding(Standing next, @Nullable PlanStep nextStep, @Nullable CpvFailure nextReason) {
        return new AssessedPermission(permission, next, value, nextStep, nextReason);
    }

    /** Returns the required permission. */
    public RequiredPermission permission() {
        return permission;
    }

    /** Returns its standing. */
    public Standing standing() {
        return standing;
    }

    /** Returns the value name, such as {@code User.Read.All}; empty if it could not be resolved. */
    public Optional<String> value() {
        return Optional.ofNullable(value);
    }

    /** Returns the step of the plan that adds it; present for {@link Standing#MISSING} alone. */
    public Optional<PlanStep> step() {
        return Optional.ofNullable(step);
    }

    /** Returns why it is neither there nor added; empty for {@link Standing#GRANTED} and {@link Standing#MISSING}. */
    public Optional<CpvFailure> reason() {
        return Optional.ofNullable(reason);
    }

    @Override
    public String toString() {
        return permission + " " + standing;
    }

    /** The standing of a required permission. This list is complete and won't grow. */
    public enum Standing {
        /** It is there. */
        GRANTED,
        /** It is not there, and a step of the plan adds it. */
        MISSING,
        /** It does not apply to this tenant, for a stated reason. */
        NOT_APPLICABLE,
        /** The resource does not offer it here. */
        NOT_OFFERED,
        /** It is not there, and cannot be added for a stated reason. */
        BLOCKED,
        /** Unknown until the resource's definition was read in this tenant. */
        UNRESOLVED
    }
}
