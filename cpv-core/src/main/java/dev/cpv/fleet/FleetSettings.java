package dev.cpv.fleet;

import dev.cpv.CpvClient;
import dev.cpv.model.Cancellation;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.TenantCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a fleet, as {@link FleetRefresh.Builder} sets them. {@code manual} maps tenants to their place in the queue. */
record FleetSettings(
        CpvClient client,
        TenantCatalog catalog,
        FleetStore store,
        DuePolicy due,
        Quarantine quarantine,
        RefreshOptions options,
        List<FleetListener> listeners,
        Map<TenantId, Integer> manual,
        Duration spread,
        int concurrency,
        int maxAttention,
        double maxLoss,
        boolean shrinkingAllowed,
        boolean massChangeAllowed,
        boolean planOnly) {
    FleetSettings {
        listeners = List.copyOf(listeners);
        manual = Map.copyOf(manual);
    }

    FleetSettings(FleetRefresh.Builder builder) {
        this(
                builder.client,
                builder.catalog,
                builder.store,
                builder.due,
                builder.quarantine,
                builder.options,
                builder.listeners,
                builder.manual,
                builder.spread,
                builder.concurrency,
                builder.maxAttention,
                builder.maxLoss,
                builder.shrinkingAllowed,
                builder.massChangeAllowed,
                builder.planOnly);
    }

    /** R29: the tenant's place among those that the caller named. */
    Optional<Integer> manualPlace(TenantId tenant) {
        return Optional.ofNullable(manual.get(tenant));
    }

    /** R6: in a fleet no worker waits for a consent; R29: tenants that the caller named go first. */
    RefreshOptions options(boolean isManual, Cancellation cancellation) {
        return options.withConsentWait(Duration.ZERO)
                .withCancellation(cancellation)
                .withPriority(isManual ? Priority.MANUAL : Priority.NIGHTLY);
    }

    /** The fingerprint of what is required of a tenant now. */
    String fingerprint(TenantId tenant) {
        return client.required(tenant).fingerprint();
    }

    Instant now() {
        return client.clock().instant();
    }
}
