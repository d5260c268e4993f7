package dev.cpv.internal.time;

import java.time.Duration;

/**
 * Pauses of 1, 2, 4 … 30 s between looks at something that takes a while to show (R6). Immutable.
 *
 * @param pause how long to wait now
 */
public record Backoff(Duration pause) {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Returns the first pause, one second. */
    public static Backoff first() {
        return new Backoff(Duration.ofSeconds(1));
    }

    /** Returns the pause after this one: twice as long, and at most 30 s. */
    public Backoff next() {
        Duration twice = pause.multipliedBy(2);
        return new Backoff(twice.compareTo(LONGEST) < 0 ? twice : LONGEST);
    }

    /** Returns the pause, or the time that is left where that is shorter. */
    public Duration atMost(Duration left) {
        return pause.compareTo(left) < 0 ? pause : left;
    }
}
