package dev.cpv.bench;

import java.util.List;
import java.util.function.Consumer;

/** One client's work on some tenants: timed, then checked. Not thread-safe. */
final class Trial {
    private final Simulator simulator;
    private final SequenceBenchmark.Size size;
    private final List<String> tenants;
    private final Consumer<String> work;
    private final Runnable afterwards;
    private double seconds;
    private double requests;

    Trial(
            Simulator simulator,
            SequenceBenchmark.Size size,
            List<String> tenants,
            Consumer<String> work,
            Runnable afterwards) {
        this.simulator = simulator;
        this.size = size;
        this.tenants = tenants;
        this.work = work;
        this.afterwards = afterwards;
    }

    /** Runs alone and counts the requests. */
    void runAlone() {
        simulator.counts();
        time();
        requests = simulator.counts().path("requests").asDouble() / size.tenants();
        check();
    }

    /** Runs several trials at the same time. */
    static void runTogether(List<Trial> trials) {
        if (!trials.isEmpty()) {
            Load.run(trials.size(), trials, Trial::time);
        }
        trials.forEach(Trial::check);
    }

    private void time() {
        seconds = Load.run(size.concurrency(), tenants, work);
    }

    /** A measurement counts only if every tenant has all permissions afterwards. */
    private void check() {
        simulator.requireComplete(tenants);
        afterwards.run();
    }

    /** Tenants per second. */
    double rate() {
        return size.tenants() / seconds;
    }

    /** Requests per tenant, if it ran alone. */
    double requests() {
        return requests;
    }
}
