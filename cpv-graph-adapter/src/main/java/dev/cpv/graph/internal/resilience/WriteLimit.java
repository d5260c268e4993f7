package dev.cpv.graph.internal.resilience;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.model.Priority;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the writes of all users of one directory within Graph's quotas, each part of a batch counted: {@value #PER_APP} in 5
 * minutes for an application, {@value #PER_TENANT} in 150 seconds for each tenant (R29,
 * https://learn.microsoft.com/graph/throttling-limits). A writer waits for its turn on its own thread; a manual
 * refresh comes before nightly work. Thread-safe.
 */
public final class WriteLimit {
    /** How many writes Graph accepts from one application in {@link #APP_WINDOW}. */
    public static final int PER_APP = 70_000;

    /** How many writes Graph accepts from one application in one tenant in {@link #TENANT_WINDOW}. */
    public static final int PER_TENANT = 3_000;

    /** The window for {@link #PER_APP} writes. */
    public static final Duration APP_WINDOW = Duration.ofMinutes(5);

    /** The window for {@link #PER_TENANT} writes. */
    public static final Duration TENANT_WINDOW = Duration.ofSeconds(150);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final String SCOPE = "x-ms-throttle-scope";

    private final ReentrantLock lock = new ReentrantLock();
    private final WriteQuota app;
    // In the order of their last use, so the first ones are the first to be full again.
    private final Map<TenantId, WriteQuota> tenants = new LinkedHashMap<>(16, 0.75f, true);
    private final double share;
    private final Retries retries;
    private final Clock clock;

    /**
     * Creates a limit with full quotas.
     *
     * @param share the share of the quotas that may be used, more than 0, at most 1
     * @param retries waits
     * @param clock the clock that quotas fill up by
     */
    public WriteLimit(double share, Retries retries, Clock clock) {
        this.app = new WriteQuota(PER_APP * share, APP_WINDOW, clock.instant());
        this.share = share;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Waits for the caller's turn.
     *
     * @param context the operation
     * @param writes how many parts of a batch write
     * @throws WireException if the turn comes after the deadline, or the caller cancels or is interrupted; then nothing of the
     *     quota is used
     */
    public void acquire(RefreshContext context, int writes) throws WireException {
        if (writes <= 0) {
            return;
        }
        Duration wait = reserve(context, writes);
        if (wait.isZero()) {
            return;
        }
        try {
            retries.pause(context, wait);
        } catch (WireException e) {
            returnQuota(context, writes);
            throw e;
        }
    }

    private Duration reserve(RefreshContext context, int writes) throws WireException {
        Priority priority = context.options().priority();
        lock.lock();
        try {
            Instant now = clock.instant();
            WriteQuota tenant = tenant(context.tenant(), now);
            Duration ofTenant = tenant.wait(writes, priority, now);
            Duration ofApp = app.wait(writes, priority, now);
            Duration wait = ofTenant.compareTo(ofApp) > 0 ? ofTenant : ofApp;
            if (!wait.isZero() || context.isCancelled()) {
                retries.requireTime(context, wait);
            }
            tenant.take(writes, priority, now);
            app.take(writes, priority, now);
            return wait;
        } finally {
            lock.unlock();
        }
    }

    private void returnQuota(RefreshContext context, int writes) {
        lock.lock();
        try {
            Instant now = clock.instant();
            tenant(context.tenant(), now).returnQuota(writes, now);
            app.returnQuota(writes, now);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks a quota if an answer shows that it is used up, for example by another process: nothing is sent until the service
     * accepts writes again. A quota of one tenant does not block other tenants, and a quota of reads blocks no writes. The
     * header {@code x-ms-throttle-scope} names the quota: {@code Tenant_Application/Write/…}, for example.
     *
     * @param context the operation
     * @param answer the answer to a batch or to a part of it
     */
    public void learn(RefreshContext context, WireAnswer answer) {
        if (answer.status() != TOO_MANY_REQUESTS) {
            return;
        }
        String[] scope = answer.header(SCOPE).orElse("").split("/", -1);
        if (scope.length < 2 || !scope[1].contains("Write")) {
            return;
        }
        retries.asked(answer).ifPresent(pause -> {
            lock.lock();
            try {
                Instant now = clock.instant();
                if (scope[0].equals("Application")) {
                    app.close(now.plus(pause), now);
                } else if (scope[0].startsWith("Tenant")) {
                    tenant(context.tenant(), now).close(now.plus(pause), now);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private WriteQuota tenant(TenantId id, Instant now) {
        forgetFull(now);
        return tenants.computeIfAbsent(id, key -> new WriteQuota(PER_TENANT * share, TENANT_WINDOW, now));
    }

    /** Memory grows only with the tenants that had writes recently, not with all tenants (R33). */
    private void forgetFull(Instant now) {
        Iterator<WriteQuota> oldest = tenants.values().iterator();
        while (oldest.hasNext() && oldest.next().isFull(now)) {
            oldest.remove();
        }
    }

    /** How many tenants have used some of their quota. */
    int tenants() {
        lock.lock();
        try {
            return tenants.size();
        } finally {
            lock.unlock();
        }
    }
}
