package dev.cpv.fleet;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Says which tenant is next. A tenant that the brake holds back (R35) comes when every other tenant had its turn, including those that
 * other workers are working on, or earlier if the brake has seen enough. Thread-safe.
 */
final class AttemptQueue {
    private static final Comparator<TenantAttempt> BY_TIME = Comparator.comparing(TenantAttempt::notBefore);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<TenantAttempt> ready = new ArrayDeque<>();
    private final Queue<TenantAttempt> later = new PriorityQueue<>(BY_TIME);
    private final Queue<TenantAttempt> atEnd = new PriorityQueue<>(BY_TIME);
    private final Deque<TenantAttempt> heldBack = new ArrayDeque<>();
    private int active;
    private boolean released;
    private boolean lastCall;

    AttemptQueue(Clock clock) {
        this.clock = clock;
    }

    /** Adds tenants in their order; those with a start time come at that time. */
    void add(Collection<TenantAttempt> attempts) {
        change(() ->
                attempts.forEach(attempt -> (attempt.notBefore().equals(Instant.MIN) ? ready : later).add(attempt)));
    }

    /** Puts a tenant back until its time has come. */
    void again(TenantAttempt attempt, Instant notBefore) {
        attempt.notBefore(notBefore);
        change(() -> later.add(attempt));
    }

    /** Puts a tenant back until its time has come and no other tenant is left. */
    void atEnd(TenantAttempt attempt, Instant notBefore) {
        attempt.notBefore(notBefore);
        change(() -> atEnd.add(attempt));
    }

    /** Puts a tenant back until the brake has seen more tenants. */
    void holdBack(TenantAttempt attempt) {
        attempt.notBefore(Instant.MIN);
        change(() -> heldBack.add(attempt));
    }

    /** Releases the tenants that are held back: the brake has seen enough, or the run stops. */
    void release() {
        change(() -> released = true);
    }

    /** Records that a worker is done with a tenant, which may be back in the queue. */
    void done() {
        change(() -> active--);
    }

    /** Returns whether all tenants that were not held back had their turn, so that the brake will see no more. */
    boolean isLastCall() {
        lock.lock();
        try {
            return lastCall;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable work) {
        lock.lock();
        try {
            work.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next tenant: one whose time has come, else one without a time, else the one whose time comes first. Waits only while
     * tenants are held back and other workers may still find out whether they can be released.
     *
     * @return the tenant, whose time may not have come; {@link #done} must follow. Empty if there is none
     */
    Optional<TenantAttempt> next() throws InterruptedException {
        lock.lock();
        try {
            TenantAttempt next = take(clock.instant());
            while (next == null && !heldBack.isEmpty()) {
                changed.await();
                next = take(clock.instant());
            }
            active += next == null ? 0 : 1;
            return Optional.ofNullable(next);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable TenantAttempt take(Instant now) {
        TenantAttempt due = later.peek();
        if (due != null && !due.notBefore().isAfter(now)) {
            return later.poll();
        }
        if (!ready.isEmpty()) {
            return ready.poll();
        }
        if (released && !heldBack.isEmpty()) {
            return heldBack.poll();
        }
        TenantAttempt last = atEnd.peek();
        if (due != null || last != null) {
            return due != null && (last == null || BY_TIME.compare(due, last) <= 0) ? later.poll() : atEnd.poll();
        }
        lastCall |= active == 0;
        return lastCall ? heldBack.poll() : null;
    }
}
