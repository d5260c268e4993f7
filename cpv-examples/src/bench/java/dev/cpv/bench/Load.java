package dev.cpv.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Does something for many tenants, so many at a time. */
final class Load {
    private static final double NANOS = 1e9;

    private Load() {}

    /** Returns the seconds from the first beginning to the last end. */
    static double run(int concurrency, List<String> tenants, Consumer<String> work) {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            long start = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            tenants.forEach(tenant -> all.add(threads.submit(() -> work.accept(tenant))));
            for (Future<?> one : all) {
                one.get();
            }
            return (System.nanoTime() - start) / NANOS;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
