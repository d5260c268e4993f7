package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The quotas of the identity and access service; the first one that is exhausted refuses the request. Thread-safe. */
final class GraphThrottle {
    private static final int SMALL_TENANT = 50;
    private static final int MEDIUM_TENANT = 500;
    private static final double WARNING = 0.8;
    private static final double MOST_SHOWN = 1.8;
    private static final String PERCENTAGE = "x-ms-throttle-limit-percentage";
    private static final int EARLY_RETRY_AFTER = 5;

    /** The key of a bucket; another capacity means another bucket. */
    private record Key(String scope, String kind, int capacity) {}

    /** One quota that a request draws on. */
    private record Quota(String scope, String limit, String information, int capacity, Duration window, int amount) {}

    private final ConcurrentMap<Key, TokenBucket> buckets = new ConcurrentHashMap<>();

    /** Charges a request; returns the headers for its answer, or refuses. */
    Map<String, String> charge(SimulatedTenant tenant, String appId, GraphCost cost, Instant now) {
        if (!tenant.behaviour().throttling()) {
            return Map.of();
        }
        @Nullable GraphError refusal = null;
        double most = 0;
        for (Quota quota : quotas(tenant, appId, cost)) {
            TokenBucket bucket = bucket(quota, now);
            double left = bucket.take(quota.amount(), now);
            most = Math.max(most, bucket.used(left));
            if (left < 0 && refusal == null) {
                refusal = throttled(quota, bucket.secondsUntilFilled(left));
            }
        }
        String percentage = String.format(Locale.ROOT, "%.2f", Math.min(MOST_SHOWN, most));
        if (refusal != null) {
            throw refusal.withHeader(PERCENTAGE, percentage).refusal();
        }
        return most > WARNING ? Map.of(PERCENTAGE, percentage) : Map.of();
    }

    /** The refusal of an overloaded service, although no quota is exhausted. */
    static GraphError early(SimulatedTenant tenant, String appId) {
        return throttled(
                new Quota(
                        scope("Tenant_Application", "ReadWrite", appId, tenant.id()),
                        "",
                        "CPULimitExceeded",
                        1,
                        Duration.ZERO,
                        1),
                EARLY_RETRY_AFTER);
    }

    private static GraphError throttled(Quota quota, long seconds) {
        return GraphError.of(429, "TooManyRequests", "Please retry again later.")
                .withHeader("Retry-After", Long.toString(seconds))
                .withHeader("x-ms-throttle-scope", quota.scope())
                .withHeader("x-ms-throttle-information", quota.information());
    }

    private TokenBucket bucket(Quota quota, Instant now) {
        return buckets.computeIfAbsent(
                new Key(quota.scope(), quota.limit(), quota.capacity()),
                key -> new TokenBucket(quota.capacity(), quota.window(), now));
    }

    private static List<Quota> quotas(SimulatedTenant tenant, String appId, GraphCost cost) {
        List<Quota> quotas = new ArrayList<>();
        quotas.add(units("Tenant_Application", appId, tenant.id(), unitsOf(tenant), Duration.ofSeconds(10), cost));
        quotas.add(units("Application", appId, "", 150_000, Duration.ofSeconds(20), cost));
        if (cost.writes() > 0) {
            int writes = tenant.behaviour().writes();
            quotas.add(writes(
                    "Tenant_Application",
                    appId,
                    tenant.id(),
                    writes > 0 ? writes : 3000,
                    Duration.ofSeconds(150),
                    cost));
            quotas.add(writes("Application", appId, "", 70_000, Duration.ofMinutes(5), cost));
            quotas.add(writes("Tenant", "", tenant.id(), 18_000, Duration.ofMinutes(5), cost));
        }
        return quotas;
    }

    private static int unitsOf(SimulatedTenant tenant) {
        int units = tenant.behaviour().resourceUnits();
        if (units > 0) {
            return units;
        }
        if (tenant.users() < SMALL_TENANT) {
            return 3500;
        }
        return tenant.users() <= MEDIUM_TENANT ? 5000 : 8000;
    }

    private static Quota units(
            String scope, String appId, String tenantId, int capacity, Duration window, GraphCost cost) {
        return new Quota(
                scope(scope, "ReadWrite", appId, tenantId),
                "units",
                "ResourceUnitLimitExceeded",
                capacity,
                window,
                cost.units());
    }

    private static Quota writes(
            String scope, String appId, String tenantId, int capacity, Duration window, GraphCost cost) {
        return new Quota(
                scope(scope, "Write", appId, tenantId),
                "writes",
                "WriteLimitExceeded",
                capacity,
                window,
                cost.writes());
    }

    private static String scope(String scope, String limit, String appId, String tenantId) {
        return String.join("/", scope, limit, appId, tenantId);
    }
}
