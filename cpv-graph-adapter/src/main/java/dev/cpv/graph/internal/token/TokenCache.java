package dev.cpv.graph.internal.token;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens by tenant and audience: bounded, the least recently used is removed first, and concurrent callers fetch once
 * (R21). An entry is the future of its fetch, so dropping an entry also drops a running fetch. Thread-safe; no lock is held
 * during a fetch.
 */
final class TokenCache {
    /** How many tokens are kept. */
    static final int MAX_TOKENS = 512;

    /** How long before its expiry a token is no longer used. */
    static final Duration MARGIN = Duration.ofMinutes(2);

    /** How often a waiting caller checks whether it was cancelled. */
    private static final long LOOK_MILLIS = 50;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, CompletableFuture<AccessToken>> entries = new LinkedHashMap<>(16, 0.75f, true);

    TokenCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns a token from the cache, or fetches one.
     *
     * @param context the caller's operation: its cancellation and deadline end only the caller's own wait
     * @throws TenantDirectoryException if the fetch failed, the caller's own or the one that it waited for
     */
    AccessToken get(Key key, RefreshContext context, Supplier<AccessToken> fetch) {
        return get(key, context, fetch, false);
    }

    /** Fetches a new token, or waits for a running fetch, even if a token is in the cache. */
    AccessToken renew(Key key, RefreshContext context, Supplier<AccessToken> fetch) {
        return get(key, context, fetch, true);
    }

    /** Fetches a new token with more claims; it replaces any other, even one that is being fetched. */
    AccessToken replace(Key key, Supplier<AccessToken> fetch) {
        CompletableFuture<AccessToken> own = new CompletableFuture<>();
        lock.lock();
        try {
            put(key, own);
        } finally {
            lock.unlock();
        }
        return fetch(key, own, fetch);
    }

    private AccessToken get(Key key, RefreshContext context, Supplier<AccessToken> fetch, boolean mustBeNew) {
        CompletableFuture<AccessToken> own = new CompletableFuture<>();
        while (true) {
            CompletableFuture<AccessToken> entry = enter(key, own, mustBeNew);
            if (entry == own) {
                return fetch(key, own, fetch);
            }
            Optional<AccessToken> token = await(entry, context);
            if (token.isPresent()) {
                return token.get();
            }
        }
    }

    /** Drops the tokens of a tenant, including those being fetched. */
    void drop(TenantId tenant) {
        lock.lock();
        try {
            entries.keySet().removeIf(key -> key.tenant().equals(tenant));
        } finally {
            lock.unlock();
        }
    }

    /** Drops one token, if it is still in the cache: another caller may have replaced it, or may be fetching a new one. */
    void drop(Key key, AccessToken token) {
        lock.lock();
        try {
            CompletableFuture<AccessToken> present = entries.get(key);
            if (present != null && present.isDone() && !present.isCompletedExceptionally() && present.join() == token) {
                entries.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the entry to use, which is the caller's own if it has to fetch. */
    private CompletableFuture<AccessToken> enter(Key key, CompletableFuture<AccessToken> own, boolean mustBeNew) {
        lock.lock();
        try {
            CompletableFuture<AccessToken> present = entries.get(key);
            if (present != null && (!present.isDone() || (!mustBeNew && isGood(present)))) {
                return present;
            }
            put(key, own);
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. */
    private void put(Key key, CompletableFuture<AccessToken> entry) {
        entries.put(key, entry);
        if (entries.size() > MAX_TOKENS) {
            Iterator<Key> eldest = entries.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    private boolean isGood(CompletableFuture<AccessToken> done) {
        return !done.isCompletedExceptionally()
                && clock.instant().plus(MARGIN).isBefore(done.join().expiresAt());
    }

    private AccessToken fetch(Key key, CompletableFuture<AccessToken> own, Supplier<AccessToken> fetch) {
        try {
            AccessToken token = fetch.get();
            own.complete(token);
            return token;
        } catch (RuntimeException | Error e) {
            forget(key, own);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private void forget(Key key, CompletableFuture<AccessToken> entry) {
        lock.lock();
        try {
            entries.remove(key, entry);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for another caller's fetch; empty if that caller was cancelled or timed out, so that this one must fetch. */
    private Optional<AccessToken> await(CompletableFuture<AccessToken> entry, RefreshContext context) {
        while (true) {
            try {
                return Optional.of(entry.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                requireTime(context);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw gaveUp(FailureCode.CANCELLED, e);
            } catch (ExecutionException e) {
                rethrowUnlessGivenUp(e.getCause());
                return Optional.empty();
            }
        }
    }

    private void requireTime(RefreshContext context) {
        if (context.isCancelled()) {
            throw gaveUp(FailureCode.CANCELLED, null);
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw gaveUp(FailureCode.DEADLINE_EXCEEDED, null);
        }
    }

    private static TenantDirectoryException gaveUp(FailureCode code, @Nullable Throwable cause) {
        return new TenantDirectoryException(
                CpvFailure.of(code, "The operation ended while it waited for a token that another operation fetches"),
                cause);
    }

    private static void rethrowUnlessGivenUp(@Nullable Throwable cause) {
        if (!(cause instanceof TenantDirectoryException fault)) {
            throw new IllegalStateException("The fetch of a token failed", cause);
        }
        FailureCode code = fault.failure().code();
        if (code != FailureCode.CANCELLED && code != FailureCode.DEADLINE_EXCEEDED) {
            throw new TenantDirectoryException(fault.failure(), fault);
        }
    }

    /** The tenant and audience of a token. */
    record Key(TenantId tenant, String audience) {}
}
