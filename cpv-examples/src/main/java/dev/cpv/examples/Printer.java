package dev.cpv.examples;

import dev.cpv.CpvResult;

/** Prints results on standard output. Used by one thread. */
@FunctionalInterface
interface Printer {
    void print(CpvResult result);

    /** Called after the last result. */
    default void end() {}
}
