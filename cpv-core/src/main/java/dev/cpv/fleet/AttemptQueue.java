package dev.cpv.fleet;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Whose turn is next. Thread-safe; never waits. */
final class AttemptQueue {
    private static final Comparator<TenantAttempt> BY_TIME = Comparator.comparing(TenantAttempt::notBefore);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<TenantAttempt> ready = new ArrayDeque<>();
    private final Queue<TenantAttempt> later = new PriorityQueue<>(BY_TIME);
    private final Queue<TenantAttempt> atEnd = new PriorityQueue<>(BY_TIME);

    /** Adds turns in their order, those with a time of their own for later. */
    void add(Collection<TenantAttempt> turns) {
        lock.lock();
        try {
            turns.forEach(turn -> (turn.notBefore().equals(Instant.MIN) ? ready : later).add(turn));
        } finally {
            lock.unlock();
        }
    }

    /** Puts a turn back, for when its time has come. */
    void again(TenantAttempt turn, Instant notBefore) {
        put(later, turn, notBefore);
    }

    /** Puts a turn back, for when its time has come and nobody else is left. */
    void atEnd(TenantAttempt turn, Instant notBefore) {
        put(atEnd, turn, notBefore);
    }

    private void put(Queue<TenantAttempt> queue, TenantAttempt turn, Instant notBefore) {
        lock.lock();
        try {
            turn.notBefore(notBefore);
            queue.add(turn);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next turn: one whose time has come, else one that waits for nothing, else the one whose time comes first.
     *
     * @return the turn, whose time may not have come; empty if there is none
     */
    Optional<TenantAttempt> next(Instant now) {
        lock.lock();
        try {
            return Optional.ofNullable(take(now));
        } finally {
            lock.unlock();
        }
    }

    private @Nullable TenantAttempt take(Instant now) {
        TenantAttempt due = later.peek();
        if (due != null && !due.notBefore().isAfter(now)) {
            return later.poll();
        }
        TenantAttempt next = ready.poll();
        if (next != null) {
            return next;
        }
        TenantAttempt last = atEnd.peek();
        return due != null && (last == null || BY_TIME.compare(due, last) <= 0) ? later.poll() : atEnd.poll();
    }

    /** Returns how many turns wait. */
    int size() {
        lock.lock();
        try {
            return ready.size() + later.size() + atEnd.size();
        } finally {
            lock.unlock();
        }
    }
}
