package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time of one operation: when it began, whether it may continue, and its pauses. */
final class OperationTime {
    private final RefreshContext context;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Instant start;

    OperationTime(RefreshContext context, Clock clock, Sleeper sleeper) {
        this.context = context;
        this.clock = clock;
        this.sleeper = sleeper;
        this.start = clock.instant();
    }

    Instant start() {
        return start;
    }

    Instant now() {
        return clock.instant();
    }

    /** How long the operation takes so far; zero if the clock was set back. */
    Duration elapsed() {
        Duration elapsed = Duration.between(start, now());
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /** Ends the operation if the caller cancelled (R18) or its time is up. */
    void ensureActive() {
        if (context.isCancelled()) {
            throw new StopException(CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled"));
        }
        Duration left = context.timeLeft(now());
        if (left.isNegative() || left.isZero()) {
            throw new StopException(CpvFailure.of(
                    FailureCode.DEADLINE_EXCEEDED,
                    "The operation took longer than " + context.options().timeout()));
        }
    }

    /** Waits, but not beyond the deadline. */
    void pause(Duration duration) {
        Duration left = context.timeLeft(now());
        try {
            sleeper.sleep(duration.compareTo(left) < 0 ? duration : left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StopException(CpvFailure.of(FailureCode.CANCELLED, "The thread was interrupted"));
        }
    }
}
