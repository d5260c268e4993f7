package dev.cpv.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs something for many tenants, or other values, several at a time. */
final class Load {
    private static final double NANOS = 1e9;

    private Load() {}

    /** Returns the seconds from the first start to the last end. */
    static <T> double run(int concurrency, List<T> all, Consumer<T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(concurrency);
        try {
            long start = System.nanoTime();
            List<Future<?>> begun = new ArrayList<>();
            all.forEach(each -> begun.add(threads.submit(() -> work.accept(each))));
            for (Future<?> one : begun) {
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
