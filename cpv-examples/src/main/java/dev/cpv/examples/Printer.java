package dev.cpv.examples;

import dev.cpv.CpvResult;

/** Tells of tenants on standard output. Used by one thread. */
@FunctionalInterface
interface Printer {
    void print(CpvResult result);

    /** All tenants were told of. */
    default void end() {}
}
