package dev.cpv.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.spi.CatalogTenant;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptQueueTest {
    private final ManualClock clock = new ManualClock(Fleet.START);
    private final AttemptQueue queue = new AttemptQueue(clock);
    private final TenantAttempt first = attempt(1);
    private final TenantAttempt second = attempt(2);

    @Test
    void R35_whatIsHeldBackComesAfterAllOthersWhateverTheirTime() throws InterruptedException {
        second.notBefore(Fleet.START.plus(Duration.ofHours(1)));
        queue.add(List.of(first, second));
        holdBack(queue.next());

        assertThat(queue.next()).containsSame(second);
        assertThat(queue.isLastCall()).isFalse();
        queue.done();
        assertThat(queue.next()).containsSame(first);
        assertThat(queue.isLastCall()).isTrue();
        queue.done();
        assertThat(queue.next()).isEmpty();
    }

    @Test
    void R35_whatIsHeldBackWaitsForWhatOthersHaveInHand() throws Exception {
        queue.add(List.of(first, second));
        holdBack(queue.next());
        assertThat(queue.next()).containsSame(second);
        Waiting waiting = new Waiting();

        queue.holdBack(second);
        queue.done();

        assertThat(waiting.next.get()).containsSame(first);
        assertThat(queue.isLastCall()).isTrue();
        assertThat(queue.next()).as("both are seen").containsSame(second);
    }

    @Test
    void R35_whatIsReleasedWaitsForNobodyAndIsNoLastCall() throws Exception {
        queue.add(List.of(first, second));
        holdBack(queue.next());
        assertThat(queue.next()).containsSame(second);
        Waiting waiting = new Waiting();

        queue.release();

        assertThat(waiting.next.get()).containsSame(first);
        assertThat(queue.isLastCall()).isFalse();
    }

    @Test
    void aWaitEndsByAnInterrupt() throws Exception {
        queue.add(List.of(first, second));
        holdBack(queue.next());
        assertThat(queue.next()).containsSame(second);
        Waiting waiting = new Waiting();

        waiting.thread.interrupt();

        assertThat(waiting.next).failsWithin(Duration.ofSeconds(60));
    }

    private void holdBack(Optional<TenantAttempt> taken) {
        queue.holdBack(taken.orElseThrow());
        queue.done();
    }

    private static TenantAttempt attempt(int number) {
        return new TenantAttempt(CatalogTenant.of(Fleet.id(number)), false);
    }

    /** Another worker, which asks for the next tenant and waits. */
    private final class Waiting {
        final CompletableFuture<Optional<TenantAttempt>> next = new CompletableFuture<>();
        final Thread thread = new Thread(this::take);

        Waiting() {
            thread.start();
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(next).isNotDone();
        }

        private void take() {
            try {
                next.complete(queue.next());
            } catch (InterruptedException e) {
                next.completeExceptionally(e);
            }
        }
    }
}
