package dev.cpv.graph.internal.token;

import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The token cache, when it is full. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class TokenMicro {
    private static final int KEPT = 512;
    private static final String AUDIENCE = "https://graph.microsoft.com";
    private static final String JWT = "e30.e30.e30";

    private final TokenCache cache = new TokenCache(Clock.systemUTC());
    private final TokenCache.Key key = key(KEPT / 2);
    private final RefreshContext context =
            RefreshContext.start(key.tenant(), TenantRoute.CUSTOMER, RefreshOptions.defaults(), Instant.now());

    /** Fills the cache. */
    public TokenMicro() {
        for (int i = 0; i < KEPT; i++) {
            cache.get(key(i), context, TokenMicro::token);
        }
    }

    private static TokenCache.Key key(int tenant) {
        return new TokenCache.Key(TenantId.of(new UUID(0xB, tenant).toString()), AUDIENCE);
    }

    private static AccessToken token() {
        return AccessToken.of(JWT, Instant.now().plus(Duration.ofDays(1)));
    }

    /**
     * Finds a token.
     *
     * @return the token
     */
    @Benchmark
    public AccessToken tokenCacheHit() {
        return cache.get(key, context, () -> {
            throw new IllegalStateException("A miss");
        });
    }
}
