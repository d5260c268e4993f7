package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.TenantRecord;

/** Records an attempt on a tenant in the journal, and decides what counts as one. */
final class AttemptRecorder {
    private final Operation operation;

    AttemptRecorder(Operation operation) {
        this.operation = operation;
    }

    void record(CpvResult result) {
        TenantMemory memory = operation.memory();
        // What was not read must not be overwritten with nothing (R15).
        if (!memory.isRecalled() || !isAttempt(result)) {
            return;
        }
        RefreshOptions options = operation.context().options();
        operation
                .lease()
                .save(new TenantRecord(
                        operation.context().tenant(),
                        operation.time().now(),
                        result.outcome(),
                        operation.required().fingerprint(),
                        options.actor(),
                        options.reason(),
                        memory.notCreatable(),
                        result.failure().map(CpvFailure::code),
                        failuresInARow(result, memory.failuresInARow())));
    }

    /**
     * A cancelled refresh is no attempt (R18), nor is a stale plan. A partner-wide failure says nothing about the
     * tenant (R28).
     */
    private static boolean isAttempt(CpvResult result) {
        return result.outcome() != RefreshOutcome.CANCELLED
                && result.failure()
                        .filter(f -> f.code() == FailureCode.PLAN_STALE || f.scope() == FailureScope.PARTNER)
                        .isEmpty();
    }

    /**
     * R30: a failure that is not the tenant's own neither counts nor ends the row; a tenant that could be read ends it.
     */
    private static int failuresInARow(CpvResult result, int before) {
        if (result.outcome() != RefreshOutcome.FAILED) {
            return 0;
        }
        boolean counts = result.failure()
                .filter(failure -> failure.scope() == FailureScope.TENANT)
                .filter(failure -> failure.code() != FailureCode.CONSENT_NOT_VISIBLE_YET)
                .isPresent();
        return counts ? before + 1 : before;
    }
}
