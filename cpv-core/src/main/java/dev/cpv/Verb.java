package dev.cpv;

/** What one kind of operation does with a tenant; {@link OperationBracket} does what all kinds share. */
@FunctionalInterface
interface Verb {
    /**
     * Does the work.
     *
     * @param operation what it works with
     * @throws StopException if a failure ends it early
     */
    CpvResult run(Operation operation);
}
