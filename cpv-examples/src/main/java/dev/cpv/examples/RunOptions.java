package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.model.Cancellation;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that all commands on tenants share. */
final class RunOptions {
    private static final int MOST = 64;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object per tenant and line, as tenants end. Everything else goes to standard error.")
    private boolean json;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "4",
            description = "Work on N tenants at the same time, 1 to " + MOST + " (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    /** Rejects values that are out of range. */
    void check() {
        if (concurrency < 1 || concurrency > MOST) {
            throw new ConfigurationException(
                    "--concurrency " + concurrency + " is out of range: give 1 to " + MOST + ".");
        }
    }

    boolean json() {
        return json;
    }

    int concurrency() {
        return concurrency;
    }

    /** Runs jobs that are no run over a fleet, and returns the exit status. Results of names without a tenant come first. */
    int run(List<TenantRun.Job> jobs, List<CpvResult> notFound, Cancellation cancellation, Surroundings surroundings) {
        Results results = new Results(surroundings, json);
        return surroundings.stopSignal().during(cancellation::cancel, () -> {
            results.begin(jobs.size() + notFound.size());
            notFound.forEach(results::print);
            new TenantRun(cancellation).run(jobs, concurrency, results::print);
            return results.end();
        });
    }
}
