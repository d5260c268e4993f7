package dev.cpv;

import dev.cpv.model.CpvResetPlan;
import dev.cpv.spi.ResetRecord;
import java.util.Optional;

/** Deletes the application's service principal and restores it (R19), or finishes a reset that has not ended (R20). */
final class ResetVerb implements Verb {
    private final CpvResetPlan approved;

    ResetVerb(CpvResetPlan approved) {
        this.approved = approved;
    }

    @Override
    public CpvResult run(Operation operation) {
        ResetProcedure procedure = new ResetProcedure(operation);
        Optional<ResetRecord> unfinished = operation.memory().unfinishedReset();
        return operation
                .outcome()
                .completed(unfinished.isPresent() ? procedure.finish(unfinished.get()) : procedure.begin(approved));
    }
}
