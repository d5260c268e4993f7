package dev.cpv.graph.internal.batch;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs independent pieces of work at the same time on the caller's executor. The calling thread does every piece that the
 * executor has not begun. It never waits for a free thread, so an executor that is busy, shared with the callers, or shut down
 * costs only time. Thread-safe.
 */
public final class ParallelBatches {
    private final @Nullable Executor threads;

    private ParallelBatches(@Nullable Executor threads) {
        this.threads = threads;
    }

    /**
     * Uses no executor.
     *
     * @return an instance that does all work on the calling thread
     */
    public static ParallelBatches none() {
        return new ParallelBatches(null);
    }

    /**
     * Uses an executor.
     *
     * @param threads runs pieces of work, now, later or never
     * @return an instance that uses the executor
     */
    public static ParallelBatches on(Executor threads) {
        return new ParallelBatches(threads);
    }

    /**
     * Returns whether there is an executor.
     *
     * @return false if all work would be done one after the other
     */
    public boolean isAvailable() {
        return threads != null;
    }

    /**
     * Does all pieces of work. Blocks until the last one is done, even if the thread is interrupted: every request that was sent
     * needs its answer.
     *
     * @param work the pieces
     * @param <T> the type of the results
     * @return the results, in the order of the pieces
     */
    public <T> List<T> all(List<Supplier<T>> work) {
        List<FutureTask<T>> pieces =
                work.stream().map(piece -> new FutureTask<>(piece::get)).toList();
        pieces.stream().skip(1).forEach(this::offer);
        pieces.forEach(FutureTask::run); // Has no effect on one that was begun.
        return pieces.stream().map(ParallelBatches::result).toList();
    }

    private void offer(FutureTask<?> piece) {
        if (threads != null) {
            try {
                threads.execute(piece);
            } catch (RejectedExecutionException e) {
                return; // The calling thread does it.
            }
        }
    }

    private static <T> T result(FutureTask<T> piece) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return piece.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error fault) {
                throw fault;
            }
            throw (RuntimeException) e.getCause(); // A supplier throws nothing else.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
