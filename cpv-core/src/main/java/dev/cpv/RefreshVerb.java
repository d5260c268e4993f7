package dev.cpv;

import dev.cpv.spi.ResetRecord;
import java.util.Optional;

/** Reconciles a tenant with its required permissions, or finishes a reset that has not ended (R20). */
final class RefreshVerb implements Verb {
    @Override
    public CpvResult run(Operation operation) {
        Optional<ResetRecord> open = operation.memory().openReset();
        if (open.isPresent()) {
            return operation.outcome().ended(new ResetProcedure(operation).finish(open.get()));
        }
        ReconcileLoop loop =
                new ReconcileLoop(operation, operation.context().options().gate());
        loop.look();
        loop.consentIfMissing();
        loop.reconcile(step -> true);
        return operation.outcome().ended(loop.readBack());
    }
}
