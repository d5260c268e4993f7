package dev.cpv.graph;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event of Partner Center, with the tenant to refresh because of it and the time to do so. Immutable. */
public final class PartnerEvent {
    private final String name;
    private final Kind kind;
    private final Instant changedAt;
    private final @Nullable TenantId tenant;
    private final boolean refresh;
    private final Instant notBefore;

    PartnerEvent(
            String name, Kind kind, Instant changedAt, @Nullable TenantId tenant, boolean refresh, Instant notBefore) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.changedAt = Objects.requireNonNull(changedAt, "changedAt");
        this.tenant = tenant;
        this.refresh = refresh;
        this.notBefore = Objects.requireNonNull(notBefore, "notBefore");
    }

    /**
     * Returns Microsoft's name of the event.
     *
     * @return for example {@code granular-admin-relationship-approved}
     */
    public String name() {
        return name;
    }

    /**
     * Returns what happened.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns when it happened, by Microsoft's clock.
     *
     * @return the time
     */
    public Instant changedAt() {
        return changedAt;
    }

    /**
     * Returns the tenant that the event concerns.
     *
     * @return the tenant, or empty if the event concerns none, or a relationship that Graph no longer has
     */
    public Optional<TenantId> tenant() {
        return Optional.ofNullable(tenant);
    }

    /**
     * Returns which tenant to refresh, not before {@link #notBefore}.
     *
     * @return the tenant, or empty if there is nothing to refresh, for example because access ended
     */
    public Optional<TenantId> tenantToRefresh() {
        return refresh ? tenant() : Optional.empty();
    }

    /**
     * Returns the earliest time at which a refresh can succeed: new access takes time to reach all of Microsoft's servers.
     *
     * @return the time, not before the event was received
     */
    public Instant notBefore() {
        return notBefore;
    }

    @Override
    public String toString() {
        return name + (tenant == null ? "" : " " + tenant);
    }

    /** What happened. New constants may appear in a minor release; keep a default branch. */
    public enum Kind {
        /** A relationship was approved or became active, or a group got roles of it: the tenant can be refreshed soon. */
        ACCESS_GRANTED,
        /** A relationship ended, or a group lost its roles: the list of tenants changed. */
        ACCESS_ENDED,
        /** A customer's subscriptions changed, so new APIs may be available. */
        LICENCES_CHANGED,
        /** A customer accepted a reseller relationship, which gives no delegated access. */
        CUSTOMER_ACCEPTED,
        /** Partner Center tests the registration. */
        TEST,
        /** Anything else. */
        OTHER
    }
}
