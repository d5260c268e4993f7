package dev.cpv;

import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectory;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls to one tenant in one operation. */
final class DirectorySession implements AutoCloseable {
    private final TenantDirectory directory;
    private final RefreshContext context;

    DirectorySession(TenantDirectory directory, RefreshContext context) {
        this.directory = directory;
        this.context = context;
    }

    ObservedTenant observe(Set<AppId> resources) {
        return directory.observe(context, resources);
    }

    Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
        return directory.definitions(context, resources);
    }

    TenantSnapshot snapshot() {
        return directory.snapshot(context);
    }

    void apply(List<PlanStep> steps, StepSink sink) {
        directory.apply(context, steps, sink);
    }

    StepResult consent(PlanStep.Consent step) {
        return one(step);
    }

    StepResult removeConsent() {
        return one(new PlanStep.RemoveConsent());
    }

    StepResult deleteServicePrincipal() {
        return one(new PlanStep.DeleteServicePrincipal());
    }

    void restore(List<PrincipalAssignment> assignments, StepSink sink) {
        directory.apply(
                context,
                assignments.stream()
                        .<PlanStep>map(PlanStep.RestoreAssignment::new)
                        .toList(),
                sink);
    }

    private StepResult one(PlanStep step) {
        StepResult[] answer = {
            StepResult.failed(CpvFailure.of(FailureCode.STEP_UNANSWERED, "The directory gave no answer"))
        };
        directory.apply(context, List.of(step), (same, result) -> answer[0] = result);
        return answer[0];
    }

    @Override
    public void close() {}
}
