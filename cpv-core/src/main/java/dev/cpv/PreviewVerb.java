package dev.cpv;

import dev.cpv.model.Assessment;
import dev.cpv.model.CpvFailure;
import java.util.Optional;

/** Computes what a refresh would change, without writing. */
final class PreviewVerb implements Verb {
    @Override
    public CpvResult run(Operation operation) {
        Optional<CpvFailure> unfinished = ResetProcedure.unfinished(operation);
        ReconcileLoop loop = ReconcileLoop.withoutApproval(operation);
        loop.observe();
        Assessment assessment = loop.assess();
        if (!assessment.plan().isEmpty()) {
            operation.listeners().planned(operation.context(), assessment.plan());
        }
        return operation.outcome().preview(assessment, unfinished.orElse(null));
    }
}
