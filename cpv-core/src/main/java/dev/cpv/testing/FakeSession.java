package dev.cpv.testing;

import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import dev.cpv.spi.TenantSession;
import dev.cpv.testing.FakeTenantDirectory.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One operation on one tenant of a {@link FakeTenantDirectory}. */
final class FakeSession implements TenantSession {
    private final RefreshContext context;
    private final FakeTenantState tenant;
    private final Consumer<Call> calls;
    /**
     * Whether the session holds the rights for a deletion, as with a token that was fetched before the removal (R19).
     */
    private boolean rightsHeld;

    private boolean closed;

    FakeSession(RefreshContext context, FakeTenantState tenant, Consumer<Call> calls) {
        this.context = context;
        this.tenant = tenant;
        this.calls = calls;
    }

    @Override
    public ObservedTenant observe(Set<AppId> resources) {
        beginOrThrow(Call.Kind.OBSERVE, List.of());
        return tenant.observe(resources);
    }

    @Override
    public Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
        beginOrThrow(Call.Kind.DEFINITIONS, List.of());
        return tenant.definitions(resources);
    }

    @Override
    public StepResult consent(PlanStep.Consent consent) {
        return single(Call.Kind.CONSENT, consent, () -> tenant.consent(consent));
    }

    @Override
    public void apply(List<PlanStep> steps, StepSink sink) {
        if (steps.stream().anyMatch(step -> step.kind() == StepKind.CONSENT)) {
            throw new IllegalArgumentException("Only consent(…) carries out a consent");
        }
        beginOrThrow(Call.Kind.APPLY, steps);
        Map<AppId, CpvFailure> failedResources = new TreeMap<>();
        for (PlanStep step : steps) {
            StepResult result = unlessCancelled(() -> tenant.apply(step, failedResources));
            if (step.kind() == StepKind.ADD_RESOURCE) {
                result.failure().ifPresent(failure -> failedResources.put(step.resource(), failure));
            }
            sink.accept(step, result);
        }
    }

    @Override
    public TenantSnapshot snapshot() {
        beginOrThrow(Call.Kind.SNAPSHOT, List.of());
        TenantSnapshot snapshot = tenant.snapshot();
        rightsHeld = true;
        return snapshot;
    }

    @Override
    public StepResult removeConsent() {
        return single(Call.Kind.REMOVE_CONSENT, new ResetStep.RemoveConsent(), tenant::removeConsent);
    }

    @Override
    public StepResult deleteServicePrincipal() {
        boolean held = rightsHeld;
        rightsHeld = false;
        return single(
                Call.Kind.DELETE_SERVICE_PRINCIPAL,
                new ResetStep.DeleteServicePrincipal(),
                () -> tenant.deleteServicePrincipal(held));
    }

    @Override
    public void restore(List<PrincipalAssignment> assignments, StepSink sink) {
        List<ResetStep.RestoreAssignment> steps =
                assignments.stream().map(ResetStep.RestoreAssignment::new).toList();
        beginOrThrow(Call.Kind.RESTORE, steps);
        steps.forEach(step -> sink.accept(step, unlessCancelled(() -> tenant.restore(step))));
    }

    @Override
    public void close() {
        closed = true;
        rightsHeld = false;
    }

    private StepResult single(Call.Kind kind, Step step, Supplier<StepResult> work) {
        return begin(kind, List.of(step)).map(StepResult::failed).orElseGet(work);
    }

    private StepResult unlessCancelled(Supplier<StepResult> work) {
        return context.isCancelled() ? StepResult.failed(cancelled()) : work.get();
    }

    private void beginOrThrow(Call.Kind kind, List<? extends Step> steps) {
        begin(kind, steps).ifPresent(failure -> {
            throw new TenantDirectoryException(failure, null);
        });
    }

    /** Counts and records a call; returns why it fails as a whole, if it does. */
    private Optional<CpvFailure> begin(Call.Kind kind, List<? extends Step> steps) {
        if (closed) {
            throw new IllegalStateException("The session is closed");
        }
        if (context.isCancelled()) {
            return Optional.of(cancelled());
        }
        context.countRequest();
        calls.accept(new Call(context.tenant(), kind, List.copyOf(steps)));
        return tenant.takeCallFailure();
    }

    private static CpvFailure cancelled() {
        return CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled");
    }
}
