package dev.cpv;

import dev.cpv.spi.ResetRecord;
import java.util.Optional;

/** Reconciles a tenant with its required permissions, or finishes a reset that has not ended (R20). */
final class RefreshVerb implements Verb {
    @Override
    public CpvResult run(Operation operation) {
        Optional<ResetRecord> unfinished = operation.memory().unfinishedReset();
        if (unfinished.isPresent()) {
            return operation.outcome().completed(new ResetProcedure(operation).finish(unfinished.get()));
        }
        ReconcileLoop loop =
                new ReconcileLoop(operation, operation.context().options().approval());
        loop.observe();
        loop.consentIfMissing();
        loop.reconcile(step -> true);
        return operation.outcome().completed(loop.readBack());
    }
}
