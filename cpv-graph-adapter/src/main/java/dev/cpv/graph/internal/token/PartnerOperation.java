package dev.cpv.graph.internal.token;

import dev.cpv.model.Cancellation;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import java.time.Duration;
import java.time.Instant;

/** Starts operations of the partner, which concern no single customer: listing customers, looking up a domain or an event. */
public final class PartnerOperation {
    private PartnerOperation() {}

    /**
     * Starts an operation.
     *
     * @param partnerTenant the partner's own tenant
     * @param timeout how long it may take
     * @param cancellation stops the operation early
     * @param now the current time
     * @return its context
     */
    public static RefreshContext start(
            TenantId partnerTenant, Duration timeout, Cancellation cancellation, Instant now) {
        RefreshOptions options = RefreshOptions.defaults().withTimeout(timeout).withCancellation(cancellation);
        return RefreshContext.start(partnerTenant, TenantRoute.PARTNER, options, now);
    }
}
