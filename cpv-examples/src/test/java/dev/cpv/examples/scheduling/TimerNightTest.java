package dev.cpv.examples.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.RefreshOutcome;
import dev.cpv.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerNightTest {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-20T22:30:00Z"));
    private final ManualTimer timer = new ManualTimer();
    private final Customers customers = new Customers();

    @AfterEach
    void close() {
        timer.shutdownNow();
    }

    @Test
    void R32_nightsBeginAtMidnightWhateverTimeTheyTake() {
        List<Instant> starts = new ArrayList<>();
        new TimerNight(timer, clock, () -> {
                    starts.add(clock.instant());
                    clock.advance(Duration.ofHours(3));
                    customers.night.run();
                })
                .schedule();
        timer.runNext();
        timer.runNext();

        Instant midnight = Instant.parse("2026-11-21T00:00:00.001Z");
        assertThat(starts).containsExactly(midnight, midnight.plus(Duration.ofDays(1)));
        assertThat(customers.outcomes()).hasSize(10).contains(RefreshOutcome.UPDATED, RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void aFaultOfOneNightDoesNotTakeTheNext() {
        new TimerNight(timer, clock, () -> {
                    throw new IllegalStateException("A fault of the program");
                })
                .schedule();
        timer.runNext();

        assertThat(timer.planned).hasSize(1);
    }

    /** Moves the clock instead of waiting. */
    private final class ManualTimer extends ScheduledThreadPoolExecutor {
        private final Queue<Runnable> planned = new ArrayDeque<>();
        private final Queue<Duration> delays = new ArrayDeque<>();

        ManualTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            planned.add(command);
            delays.add(Duration.of(delay, unit.toChronoUnit()));
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void runNext() {
            clock.advance(delays.remove());
            planned.remove().run();
        }
    }
}
