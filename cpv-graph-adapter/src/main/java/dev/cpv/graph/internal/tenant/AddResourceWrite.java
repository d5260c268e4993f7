package dev.cpv.graph.internal.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.spi.StepResult;
import java.util.Optional;

/** Creates a resource's service principal (R15). */
final class AddResourceWrite extends StepWrite {
    private static final int SERVER_ERROR = 500;
    private static final int PROOF = 3;

    private final PlanStep.AddResource step;
    private final DefinitionCatalogue definitions;

    AddResourceWrite(PlanStep.AddResource step, DefinitionCatalogue definitions) {
        super(step);
        this.step = step;
        this.definitions = definitions;
    }

    @Override
    Optional<BatchPart> next(TenantState state, GraphParts parts) {
        return state.resource(step.resource()).isPresent()
                ? Optional.empty()
                : Optional.of(parts.createPrincipal(step.resource()));
    }

    @Override
    void written(BatchPart part, BatchResponse answer, TenantState state) {
        JsonNode created = answer.body();
        state.add(step.resource(), ServicePrincipals.principal(created));
        if (created.has("appRoles")) {
            definitions.learn(step.resource(), created);
            end(StepResult.applied(ServicePrincipals.definitionOfTenant(created)));
        } else {
            end(StepResult.applied());
        }
    }

    /** The failure to report if a deleted service principal of the resource blocks a new one. */
    static CpvFailure deleted(CpvFailure refusal) {
        return refusal.as(FailureCode.RESOURCE_DELETED, refusal.message());
    }

    /** Some of Microsoft's own applications always answer 500 if the tenant has no licence for them. */
    @Override
    Optional<StepResult> repeatedly(BatchResponse answer, int times, CpvFailure failure) {
        boolean internal = answer.status() == SERVER_ERROR
                && failure.serviceCode()
                        .filter("Service_InternalServerError"::equals)
                        .isPresent();
        return internal && times >= PROOF
                ? Optional.of(StepResult.failed(failure.as(FailureCode.RESOURCE_NOT_AVAILABLE, failure.message())))
                : Optional.empty();
    }
}
