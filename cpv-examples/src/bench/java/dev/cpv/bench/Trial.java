package dev.cpv.bench;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** One client's work on some tenants, which is timed and then checked. Not thread-safe. */
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

    /** Runs with nothing beside it, and counts the requests. */
    void runAlone() {
        simulator.counts();
        time();
        requests = simulator.counts().path("requests").asDouble() / size.tenants();
        check();
    }

    /** Runs several at the same time. */
    static void runTogether(List<Trial> trials) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<? extends Future<?>> all =
                    trials.stream().map(trial -> threads.submit(trial::time)).toList();
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
        trials.forEach(Trial::check);
    }

    private void time() {
        seconds = Load.run(size.concurrency(), tenants, work);
    }

    /** Nothing counts unless it leaves every tenant with everything. */
    private void check() {
        simulator.requireComplete(tenants);
        afterwards.run();
    }

    /** Tenants a second. */
    double rate() {
        return size.tenants() / seconds;
    }

    /** Requests for a tenant, if it ran alone. */
    double requests() {
        return requests;
    }
}
