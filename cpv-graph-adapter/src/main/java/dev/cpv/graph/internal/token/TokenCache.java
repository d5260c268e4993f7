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
 * Access tokens by tenant and audience: bounded, the least recently used goes first, and concurrent callers fetch once (R21).
 * An entry is the future of its fetch, so that dropping an entry makes a fetch under way forgotten as well. Thread-safe; no
 * lock is held during a fetch.
 */
final class TokenCache {
    /** How many tokens are kept. */
    static final int MAX_TOKENS = 512;

    /** How long before its end a token counts as gone. */
    static final Duration MARGIN = Duration.ofMinutes(2);

    /** How often a waiting caller looks whether it was cancelled. */
    private static final long LOOK_MILLIS = 50;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, CompletableFuture<AccessToken>> entries = new LinkedHashMap<>(16, 0.75f, true);

    TokenCache(Clock clock) {
        this.clock = clock;
    }

    /**
     * Returns a token that is kept, or fetches one.
     *
     * @param context the caller's operation: its cancellation and deadline end the caller's waiting, nobody else's
     * @throws TenantDirectoryException if the fetch failed, the caller's own or the one that it waited for
     */
    AccessToken get(Key key, RefreshContext context, Supplier<AccessToken> fetch) {
        return get(key, context, fetch, false);
    }

    /** Fetches a new token, or waits for a fetch that is under way, whatever is kept. */
    AccessToken renew(Key key, RefreshContext context, Supplier<AccessToken> fetch) {
        return get(key, context, fetch, true);
    }

    /** Fetches a new token in the place of any other, of one that is being fetched too: that one is asked for less. */
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

    /** Forgets the tokens of a tenant, those being fetched included. */
    void drop(TenantId tenant) {
        lock.lock();
        try {
            entries.keySet().removeIf(key -> key.tenant().equals(tenant));
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

    /** Waits for another's fetch; empty if that other gave up for a reason of its own, so that another caller must fetch. */
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
                CpvFailure.of(code, "The operation ended while it waited for a token that another one fetches"), cause);
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

    /** What a token is for. */
    record Key(TenantId tenant, String audience) {}
}
