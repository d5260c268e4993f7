package dev.cpv.examples;

import dev.cpv.CpvResult;
import java.io.PrintStream;

/** Prints one JSON object per tenant and line. */
record JsonPrinter(PrintStream out) implements Printer {
    @Override
    public void print(CpvResult result) {
        // Not println: the line separator is the same on every system.
        out.print(result.toJson() + "\n");
        out.flush();
    }
}
