package dev.cpv;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.internal.json.JsonText;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Notice;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.StepResult;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of one operation on one tenant. It never reports "done" while something is missing: {@link RefreshOutcome#isInSync()}
 * is true only if every required permission is granted, or not applicable for a stated reason (R16). Immutable.
 */
public final class CpvResult {
    private final String tenant;
    private final @Nullable TenantId tenantId;
    private final UUID correlationId;
    private final RefreshOutcome outcome;
    private final List<PermissionOutcome> permissions;
    private final List<ExtraPermission> extras;
    private final List<Notice> notices;
    private final Map<Step, StepResult> steps;
    private final @Nullable CpvRefreshPlan plan;
    private final @Nullable CpvFailure failure;
    private final int requests;
    private final Duration duration;

    CpvResult(CpvResultBuilder builder) {
        tenant = builder.tenant;
        tenantId = builder.tenantId;
        correlationId = builder.correlationId;
        outcome = builder.outcome;
        permissions = List.copyOf(builder.permissions);
        extras = List.copyOf(builder.extras);
        notices = List.copyOf(builder.notices);
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(builder.steps));
        plan = builder.plan;
        failure = builder.failure;
        requests = builder.requests;
        duration = builder.duration;
    }

    /**
     * Reads a result that {@link #toJson()} printed. It holds what the JSON carries: {@link #steps()} and
     * {@link PermissionOutcome#requestedBy()} are empty, failures have no {@link CpvFailure#retryAfter()}, and the duration is in
     * whole milliseconds. Unknown members are ignored.
     *
     * @param json the text, at most 4 Mi characters
     * @throws ResultFormatException if it is not such a text, or was written by a newer version with a constant that this one does
     *     not know
     */
    public static CpvResult fromJson(String json) {
        return ResultJson.read(json);
    }

    /**
     * Returns the result of a tenant that was not attempted, for schedulers that stop a run (R28).
     *
     * @param tenant the tenant, as it was asked for: a GUID or a domain
     * @param reason why the run stopped, for people
     * @return a result without permissions
     */
    public static CpvResult notAttempted(String tenant, String reason) {
        return new CpvResultBuilder(tenant, TenantId.parse(tenant).orElse(null), RefreshOutcome.NOT_ATTEMPTED)
                .correlationId(UUID.randomUUID())
                .failure(CpvFailure.of(FailureCode.NOT_ATTEMPTED, reason))
                .build();
    }

    /**
     * Returns the result of a tenant that a run skips for a stated reason, for schedulers (R30).
     *
     * @param tenant the tenant
     * @param reason why, as {@link FailureCode#EXCLUDED}
     * @return a result with the outcome {@link RefreshOutcome#SKIPPED}, without permissions
     */
    public static CpvResult skipped(TenantId tenant, CpvFailure reason) {
        return new CpvResultBuilder(tenant.toString(), tenant, RefreshOutcome.SKIPPED)
                .correlationId(UUID.randomUUID())
                .failure(reason)
                .build();
    }

    /**
     * Returns the result of a tenant that could not be started, for schedulers.
     *
     * @param tenant the tenant
     * @param failure why
     * @return a result with the outcome {@link RefreshOutcome#FAILED}, without permissions
     */
    public static CpvResult failed(TenantId tenant, CpvFailure failure) {
        return new CpvResultBuilder(tenant.toString(), tenant, RefreshOutcome.FAILED)
                .correlationId(UUID.randomUUID())
                .failure(failure)
                .build();
    }

    /** Returns the tenant's GUID; where a domain was asked for and no tenant was found, that domain. */
    public String tenant() {
        return tenant;
    }

    /**
     * Returns the tenant; empty where a domain was asked for and no tenant was found, or where such a tenant was not
     * attempted.
     */
    public Optional<TenantId> tenantId() {
        return Optional.ofNullable(tenantId);
    }

    /** Returns the id under which services and logs know the operation. */
    public UUID correlationId() {
        return correlationId;
    }

    /** Returns how the operation ended. */
    public RefreshOutcome outcome() {
        return outcome;
    }

    /**
     * Returns every required permission exactly once, sorted by resource, type and id; empty only where the tenant was
     * not found, not attempted or skipped.
     */
    public List<PermissionOutcome> permissions() {
        return permissions;
    }

    /**
     * Counts the permissions of a status.
     *
     * @return how many there are
     */
    public long count(PermissionOutcome.Status status) {
        return permissions.stream()
                .filter(permission -> permission.status() == status)
                .count();
    }

    /** Returns what the application held beyond the required permissions, sorted. */
    public List<ExtraPermission> extras() {
        return extras;
    }

    /** Returns what people should know although it is not a failure, by resource. */
    public List<Notice> notices() {
        return notices;
    }

    /** Returns the steps that were tried, with the directory's answers, in order; empty for a preview. */
    public Map<Step, StepResult> steps() {
        return steps;
    }

    /**
     * Returns the plan that a preview made, for {@link CpvClient#apply}.
     *
     * @throws IllegalStateException if there is none, since this is no preview or the tenant could not be observed
     */
    public CpvRefreshPlan plan() {
        if (plan == null) {
            throw new IllegalStateException(
                    "There is no plan (outcome " + outcome + "): only a preview that observed the tenant has one");
        }
        return plan;
    }

    /** Returns the plan that a preview made, or empty if this is no preview or the tenant could not be observed. */
    public Optional<CpvRefreshPlan> findPlan() {
        return Optional.ofNullable(plan);
    }

    /**
     * Returns this result with a name for the tenant in its plan; a result without a plan stays as it is.
     *
     * @param label what people call the tenant; empty for none
     * @see CpvRefreshPlan#withTenantName
     */
    public CpvResult withTenantName(String label) {
        return plan == null
                ? this
                : new CpvResultBuilder(tenant, tenantId, outcome)
                        .correlationId(correlationId)
                        .permissions(permissions)
                        .extras(extras)
                        .notices(notices)
                        .steps(steps)
                        .plan(plan.withTenantName(label))
                        .failure(failure)
                        .cost(requests, duration)
                        .build();
    }

    /** Returns the failure of the operation itself; single permissions have their own failures. */
    public Optional<CpvFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns how many HTTP requests were sent. */
    public int requests() {
        return requests;
    }

    /** Returns how long the operation took, waiting included. */
    public Duration duration() {
        return duration;
    }

    /**
     * Returns all failures, each once, in this order: that of the operation itself, those of permissions that are not
     * in sync, and those of steps.
     */
    public List<CpvFailure> failures() {
        Stream<CpvFailure> ofPermissions = permissions.stream()
                .filter(permission -> !permission.status().isInSync())
                .flatMap(permission -> permission.failure().stream());
        Stream<CpvFailure> ofSteps = steps.values().stream().flatMap(result -> result.failure().stream());
        return Stream.of(failure().stream(), ofPermissions, ofSteps)
                .flatMap(Function.identity())
                .distinct()
                .toList();
    }

    /**
     * Returns whether a scheduler should try the tenant again: something failed that may succeed later without anybody
     * acting.
     */
    public boolean worthRetrying() {
        return failures().stream().anyMatch(CpvFailure::retryable);
    }

    /**
     * Returns how long a scheduler should wait before it tries the tenant again.
     *
     * @return the longest time that any failure asked for, zero if none did; empty unless {@link #worthRetrying()}
     */
    public Optional<Duration> retryAfter() {
        if (!worthRetrying()) {
            return Optional.empty();
        }
        return Optional.of(failures().stream()
                .flatMap(failed -> failed.retryAfter().stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO));
    }

    /**
     * Returns this result if nothing went wrong, and throws otherwise.
     *
     * @return this result
     * @throws CpvRefreshException if the outcome is partial, failed, cancelled, or not attempted
     */
    public CpvResult orElseThrow() {
        return switch (outcome) {
            case UP_TO_DATE, UPDATED, DRIFTED, SKIPPED, OFFBOARDED -> this;
            default -> throw new CpvRefreshException(this);
        };
    }

    /**
     * Prints the result as one line of JSON; {@code docs/results.md} lists its members. Holds no secret. Jackson writes a result in
     * the same way, so a web application can return one.
     */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        return JsonText.of(ResultJson.tree(this));
    }

    @Override
    public String toString() {
        long inSync = permissions.stream().filter(p -> p.status().isInSync()).count();
        return "Tenant " + tenant + " " + outcome + ": " + inSync + " of " + permissions.size()
                + " permissions in sync"
                + (failure == null ? "" : "; " + failure);
    }
}
