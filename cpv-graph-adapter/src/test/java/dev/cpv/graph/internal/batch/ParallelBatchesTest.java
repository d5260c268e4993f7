package dev.cpv.graph.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParallelBatchesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void allPiecesAreDoneAtTheSameTime() {
        CountDownLatch begun = new CountDownLatch(5);

        List<Integer> all = ParallelBatches.on(pool).all(pieces(5, number -> {
            begun.countDown();
            await(begun); // None ends before all have begun.
            return number;
        }));

        assertThat(all).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void withoutHelpersTheCallerDoesAllInTheirOrder() {
        List<Thread> threads = new ArrayList<>();

        assertThat(ParallelBatches.none().isAvailable()).isFalse();
        assertThat(ParallelBatches.none().all(pieces(3, number -> {
                    threads.add(Thread.currentThread());
                    return number;
                })))
                .containsExactly(0, 1, 2);
        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void threadsThatNeverComeAreNotWaitedFor() {
        Executor forgetful = piece -> {};
        Executor shutDown = piece -> {
            throw new RejectedExecutionException("shut down");
        };

        for (Executor threads : List.of(forgetful, shutDown, Runnable::run)) {
            assertThat(ParallelBatches.on(threads).isAvailable()).isTrue();
            assertThat(ParallelBatches.on(threads).all(pieces(5, number -> number)))
                    .containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void theThreadsOfThoseWhoAskMayBeTheHelpers() {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            Future<List<Integer>> all =
                    single.submit(() -> ParallelBatches.on(single).all(pieces(5, number -> number)));

            assertThat(all).succeedsWithin(LONG).isEqualTo(List.of(0, 1, 2, 3, 4));
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void anInterruptIsLeftForLaterAndNoPieceIsAbandoned() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);

        List<Integer> all = ParallelBatches.on(pool).all(pieces(2, number -> {
            if (number == 0) {
                await(begun);
                Thread.currentThread().interrupt();
                interrupted.countDown();
            } else {
                begun.countDown();
                await(interrupted);
            }
            return number;
        }));

        assertThat(all).containsExactly(0, 1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aFaultOfAPieceIsTheCallersAsItIsAfterAllAreDone() {
        for (Throwable fault :
                List.of(new IllegalArgumentException("a fault of the program"), new AssertionError("an error"))) {
            List<Integer> done = new ArrayList<>();

            assertThatThrownBy(() -> ParallelBatches.on(Runnable::run).all(pieces(3, number -> {
                        if (number == 1) {
                            throwIt(fault);
                        }
                        done.add(number);
                        return number;
                    })))
                    .isSameAs(fault);
            assertThat(done).containsExactlyInAnyOrder(0, 2);
        }
    }

    private static void throwIt(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) fault;
    }

    private interface Piece {
        int run(int number);
    }

    private static List<Supplier<Integer>> pieces(int count, Piece piece) {
        return IntStream.range(0, count)
                .<Supplier<Integer>>mapToObj(number -> () -> piece.run(number))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
