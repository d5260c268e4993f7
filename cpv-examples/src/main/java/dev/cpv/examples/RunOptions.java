package dev.cpv.examples;

import java.util.List;
import picocli.CommandLine.Option;

/** The options that all commands on tenants share. */
final class RunOptions {
    private static final int MOST = 64;

    @Option(
            names = "--json",
            description = "Print one JSON object a tenant and line, as tenants end; all else goes to standard error.")
    private boolean json;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "4",
            description = "Work on N tenants at a time, 1 to " + MOST + " (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    /** Refuses numbers that make no sense. */
    void check() {
        if (concurrency < 1 || concurrency > MOST) {
            throw new ConfigurationException(
                    "--concurrency " + concurrency + " is out of range: give 1 to " + MOST + ".");
        }
    }

    boolean json() {
        return json;
    }

    /** Runs the jobs, and returns the exit status. */
    int run(List<TenantRun.Job> jobs, Surroundings surroundings) {
        Tally tally = new Tally();
        Printer printer = json
                ? new JsonPrinter(surroundings.out())
                : new TablePrinter(surroundings.out(), surroundings.terminal());
        try (Progress progress = Progress.on(surroundings, json, jobs.size())) {
            new TenantRun().run(jobs, concurrency, report -> {
                tally.add(report);
                progress.print(report, () -> printer.print(report));
            });
        }
        printer.end();
        (json ? surroundings.err() : surroundings.out()).println(tally);
        return tally.exitStatus();
    }
}
