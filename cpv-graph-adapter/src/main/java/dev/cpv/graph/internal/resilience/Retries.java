package dev.cpv.graph.internal.resilience;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireException.Reason;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.Sleeper;
import dev.failsafe.ExecutionContext;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request up to {@value #MAX_ATTEMPTS} times and never past the deadline (R26). Failsafe decides whether to go on;
 * the {@link Sleeper} waits, so tests need not. Thread-safe.
 */
public final class Retries {
    /** How often a request, or a part of a batch, is sent at most. */
    public static final int MAX_ATTEMPTS = 6;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Clock clock;
    private final Sleeper sleeper;

    /**
     * Creates the retries.
     *
     * @param clock the clock that deadlines are taken from
     * @param sleeper waits between attempts
     */
    public Retries(Clock clock, Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Sends a request, and repeats it while that can help.
     *
     * @param context the operation
     * @param sending sends once
     * @param retryAnswer which answers lead to another attempt
     * @param retryLoss whether to send again if the answer was lost; a request that never arrived is always sent again
     * @return the last answer, whatever its status
     * @throws WireException if the last attempt got no answer
     */
    public WireAnswer send(
            RefreshContext context, Sending sending, Predicate<WireAnswer> retryAnswer, boolean retryLoss)
            throws WireException {
        RetryPolicy<WireAnswer> policy = RetryPolicy.<WireAnswer>builder()
                .withMaxAttempts(MAX_ATTEMPTS)
                .handleResultIf(answer -> answer != null && retryAnswer.test(answer) && fits(context, asked(answer)))
                .handleIf(fault -> fault instanceof WireException e && isRetryable(e.reason(), retryLoss))
                .build();
        try {
            return Failsafe.with(policy).get(execution -> {
                if (execution.isRetry()) {
                    pauseBefore(context, execution);
                }
                return sending.send();
            });
        } catch (FailsafeException e) {
            if (e.getCause() instanceof WireException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Returns whether to send a request again after Graph's answer. A request that may have written is not sent again
     * blindly: its sender first observes what it did (R17).
     *
     * @param status the answer's status
     * @param reads whether the request changes nothing
     * @return whether to send it again
     */
    public static boolean isWorthRepeating(int status, boolean reads) {
        return switch (status) {
            case 429, 503 -> true;
            case 500, 502, 504 -> reads;
            default -> false;
        };
    }

    private static boolean isRetryable(Reason reason, boolean retryLoss) {
        return reason == Reason.NOT_REACHED || (retryLoss && reason == Reason.ANSWER_LOST);
    }

    private void pauseBefore(RefreshContext context, ExecutionContext<WireAnswer> execution) throws WireException {
        @Nullable WireAnswer last = execution.getLastResult();
        pause(context, pauseAfter(context, last, execution.getAttemptCount()));
    }

    /**
     * Returns how long to wait before the next attempt: as long as the service asks. If it does not ask, or asks for less than a
     * second, the pause is 1, 2, 4 … 30 s, varied by a quarter, so that tenants that were refused together do not retry
     * together.
     *
     * @param context the operation, which determines the variation
     * @param answer the last answer, or null if none came
     * @param attempts how many attempts were made, at least one
     * @return the time to wait
     */
    public Duration pauseAfter(RefreshContext context, @Nullable WireAnswer answer, int attempts) {
        Optional<Duration> asked = answer == null ? Optional.empty() : asked(answer);
        return asked.filter(pause -> pause.compareTo(FIRST_PAUSE) >= 0).orElseGet(() -> backoff(context, attempts));
    }

    /**
     * Waits, unless the deadline comes first.
     *
     * @param context the operation
     * @param pause how long
     * @throws WireException if the deadline comes first, or the caller cancels
     */
    public void pause(RefreshContext context, Duration pause) throws WireException {
        requireTime(context, pause);
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WireException(Reason.CANCELLED, "The thread was interrupted", e);
        }
    }

    /**
     * Fails where {@link #pause} would not wait.
     *
     * @param context the operation
     * @param pause how long to wait
     * @throws WireException if the deadline comes first, or the caller has cancelled
     */
    public void requireTime(RefreshContext context, Duration pause) throws WireException {
        if (!fits(context, Optional.of(pause)) || context.isCancelled()) {
            throw new WireException(Reason.CANCELLED, "No time was left to wait " + pause.toSeconds() + " s", null);
        }
    }

    /**
     * Returns how long an answer asks to wait.
     *
     * @param answer the answer
     * @return the time, or empty if the answer contains none
     */
    public Optional<Duration> asked(WireAnswer answer) {
        return answer.header("Retry-After")
                .flatMap(header -> RetryAfter.parse(header, clock.instant()))
                .or(() -> answer.status() == 429 ? RetryAfter.inSentence(answer.body()) : Optional.empty());
    }

    /**
     * Returns whether there is time to wait.
     *
     * @param context the operation
     * @param pause how long to wait, or empty if that is not known
     * @return whether the deadline comes later
     */
    public boolean fits(RefreshContext context, Optional<Duration> pause) {
        return pause.orElse(FIRST_PAUSE).compareTo(context.timeLeft(clock.instant())) < 0;
    }

    private static Duration backoff(RefreshContext context, int attempts) {
        long doubled = FIRST_PAUSE.toMillis() << Math.min(attempts - 1, 10);
        long millis = Math.min(doubled, LONGEST_PAUSE.toMillis());
        int spread = Math.floorMod(context.correlationId().hashCode() * 31 + attempts, 501);
        return Duration.ofMillis(millis * (750 + spread) / 1000);
    }

    /** Sends a request once. */
    @FunctionalInterface
    public interface Sending {
        /**
         * Sends the request.
         *
         * @return the answer, whatever its status
         * @throws WireException if no answer came
         */
        WireAnswer send() throws WireException;
    }
}
