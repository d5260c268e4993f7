package dev.cpv;

/** What one kind of operation does with a tenant, within what {@link OperationBracket} does for all kinds. */
@FunctionalInterface
interface Verb {
    /**
     * Does the work.
     *
     * @param operation what it works with
     * @return the result
     * @throws StopException if a failure ends it early
     */
    CpvResult run(Operation operation);
}
