package dev.cpv.graph;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** In-memory implementation; not durable. */
final class InMemoryRefreshTokenStore implements RefreshTokenStore {
    private final ReentrantLock lock = new ReentrantLock();
    private String token;

    InMemoryRefreshTokenStore(String token) {
        if (Objects.requireNonNull(token, "refreshToken").isBlank()) {
            throw new IllegalArgumentException("The refresh token must not be blank");
        }
        this.token = token;
    }

    @Override
    public String current() {
        lock.lock();
        try {
            return token;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replace(String expected, String replacement) {
        lock.lock();
        try {
            if (!token.equals(expected)) {
                return false;
            }
            token = replacement;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Contains nothing of the token, which is a secret. */
    @Override
    public String toString() {
        return "RefreshTokenStore[in memory]";
    }
}
