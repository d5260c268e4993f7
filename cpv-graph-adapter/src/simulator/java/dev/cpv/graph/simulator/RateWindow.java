package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts events by key within a sliding window of time. Refused ones count too. Thread-safe. */
final class RateWindow {
    private final Duration window;
    private final ConcurrentMap<String, Deque<Instant>> events = new ConcurrentHashMap<>();

    RateWindow(Duration window) {
        this.window = window;
    }

    /** Counts one event; returns whether there were more than the limit within the window. 0 means no limit. */
    boolean exceeded(String key, int limit, Instant now) {
        if (limit <= 0) {
            return false;
        }
        boolean[] tooMany = new boolean[1];
        events.compute(key, (same, old) -> {
            Deque<Instant> times = old == null ? new ArrayDeque<>() : old;
            while (!times.isEmpty() && !times.getFirst().plus(window).isAfter(now)) {
                times.removeFirst();
            }
            times.addLast(now);
            tooMany[0] = times.size() > limit;
            return times;
        });
        return tooMany[0];
    }
}
