package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.Notice;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.spi.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Collects what a result is made of. */
final class CpvResultBuilder {
    final String tenant;
    final @Nullable TenantId tenantId;
    final RefreshOutcome outcome;
    UUID correlationId = new UUID(0, 0);
    List<PermissionOutcome> permissions = new ArrayList<>();
    List<ExtraPermission> extras = new ArrayList<>();
    List<Notice> notices = new ArrayList<>();
    Map<Step, StepResult> steps = Map.of();

    @Nullable
    CpvRefreshPlan plan;

    @Nullable
    CpvFailure failure;

    int requests;
    Duration duration = Duration.ZERO;

    CpvResultBuilder(String tenant, @Nullable TenantId tenantId, RefreshOutcome outcome) {
        this.tenant = Objects.requireNonNull(tenant, "tenant");
        this.tenantId = tenantId;
        this.outcome = outcome;
    }

    CpvResultBuilder correlationId(UUID value) {
        correlationId = value;
        return this;
    }

    CpvResultBuilder permissions(List<PermissionOutcome> value) {
        permissions = value;
        return this;
    }

    CpvResultBuilder extras(List<ExtraPermission> value) {
        extras = value;
        return this;
    }

    CpvResultBuilder notices(List<Notice> value) {
        notices = value;
        return this;
    }

    CpvResultBuilder steps(Map<Step, StepResult> value) {
        steps = value;
        return this;
    }

    CpvResultBuilder plan(@Nullable CpvRefreshPlan value) {
        plan = value;
        return this;
    }

    CpvResultBuilder failure(@Nullable CpvFailure value) {
        failure = value;
        return this;
    }

    CpvResultBuilder cost(int sent, Duration taken) {
        requests = sent;
        duration = taken;
        return this;
    }

    CpvResult build() {
        return new CpvResult(this);
    }
}
