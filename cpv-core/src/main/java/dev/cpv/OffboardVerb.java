package dev.cpv;

/** Removes the application from a tenant for good. */
final class OffboardVerb implements Verb {
    @Override
    public CpvResult run(Operation operation) {
        StopException.throwIf(ResetProcedure.unfinished(operation));
        new ResetProcedure(operation).remove();
        return operation.outcome().offboarded();
    }
}
