package dev.cpv.graph.internal.batch;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads that a caller lends, to do independent pieces of work at the same time. A piece that none of them has begun is done by the
 * thread that wants it: it never waits for a thread to become free, so threads that are busy, the callers' own among them, or gone
 * cost time and nothing else. Thread-safe.
 */
public final class ParallelBatches {
    private final @Nullable Executor threads;

    private ParallelBatches(@Nullable Executor threads) {
        this.threads = threads;
    }

    /**
     * Lends nothing.
     *
     * @return all work is done by the thread that wants it
     */
    public static ParallelBatches none() {
        return new ParallelBatches(null);
    }

    /**
     * Lends threads.
     *
     * @param threads runs pieces of work, now, later or never
     * @return the helpers
     */
    public static ParallelBatches on(Executor threads) {
        return new ParallelBatches(threads);
    }

    /**
     * Says whether any thread is lent.
     *
     * @return false if all work would be done one after the other
     */
    public boolean isAvailable() {
        return threads != null;
    }

    /**
     * Does all pieces of work. Blocks until the last one is done, also if the thread is interrupted: what was sent has to be answered
     * for.
     *
     * @param work the pieces
     * @param <T> what comes of a piece
     * @return what came of each, in their order
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
                return; // Whoever wants it does it.
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
