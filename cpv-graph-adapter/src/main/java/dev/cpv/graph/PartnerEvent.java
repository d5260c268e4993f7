package dev.cpv.graph;

import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that happened at Partner Center, and which tenant to refresh for it, when. Immutable. */
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
     * Returns which tenant it is about.
     *
     * @return the tenant, or empty if it is about none, or about a relationship that Graph no longer knows
     */
    public Optional<TenantId> tenant() {
        return Optional.ofNullable(tenant);
    }

    /**
     * Returns which tenant to refresh, not before {@link #notBefore}.
     *
     * @return the tenant, or empty if there is nothing to refresh, as where access ended
     */
    public Optional<TenantId> tenantToRefresh() {
        return refresh ? tenant() : Optional.empty();
    }

    /**
     * Returns from when on a refresh can succeed: new access takes time to reach all of Microsoft's servers.
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
        /** A customer's subscriptions changed, so APIs may be there that were not. */
        LICENCES_CHANGED,
        /** A customer became one, without delegated access by that. */
        CUSTOMER_ACCEPTED,
        /** Partner Center tests the registration. */
        TEST,
        /** Anything else. */
        OTHER
    }
}
