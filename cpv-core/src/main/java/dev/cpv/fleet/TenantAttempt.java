package dev.cpv.fleet;

import dev.cpv.internal.time.Backoff;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's turn in a run. In one worker's hands at a time; the queue hands it over. */
final class TenantAttempt {
    private final CatalogTenant tenant;
    private final boolean manual;
    private Instant notBefore = Instant.MIN;
    private @Nullable Before before;
    private @Nullable Instant consentGiven;
    private @Nullable FailureCode lastFailure;
    private Backoff backoff = Backoff.first();
    private boolean begun;
    private boolean retried;
    private boolean heldBack;
    private boolean judged;
    private boolean alarming;

    /**
     * How a tenant stood before the run.
     *
     * @param outcome its last outcome
     * @param fingerprint what was required then
     * @param failure what it failed for, if it did
     */
    record Before(RefreshOutcome outcome, String fingerprint, Optional<FailureCode> failure) {
        static Before of(TenantRecord record) {
            return new Before(record.lastOutcome(), record.requiredFingerprint(), record.lastFailure());
        }
    }

    TenantAttempt(CatalogTenant tenant, boolean manual) {
        this.tenant = tenant;
        this.manual = manual;
    }

    CatalogTenant tenant() {
        return tenant;
    }

    boolean isManual() {
        return manual;
    }

    Instant notBefore() {
        return notBefore;
    }

    void notBefore(Instant moment) {
        notBefore = moment;
    }

    /** Says whether this is the first time that the tenant is worked on in this run, and remembers how it stood. */
    boolean begin(Optional<TenantRecord> record) {
        boolean first = !begun;
        if (first) {
            begun = true;
            before = record.map(Before::of).orElse(null);
        }
        heldBack = false;
        return first;
    }

    boolean isBegun() {
        return begun;
    }

    Optional<Before> before() {
        return Optional.ofNullable(before);
    }

    boolean wasInSync() {
        return before != null && before.outcome().isInSync();
    }

    /** What the last attempt in this run failed for, to be told if there is no other. */
    Optional<FailureCode> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    void failed(@Nullable FailureCode code) {
        lastFailure = code;
    }

    /** R6: when to look for the consent again, after 1, 2, 4 … 30 s and a last time at the bound; empty after that. */
    Optional<Instant> nextLook(Instant now, Duration bound) {
        if (consentGiven == null) {
            consentGiven = now;
        }
        Instant last = consentGiven.plus(bound);
        if (!now.isBefore(last)) {
            return Optional.empty();
        }
        Instant next = now.plus(backoff.atMost(Duration.between(now, last)));
        backoff = backoff.next();
        return Optional.of(next);
    }

    /** Says whether this was the first request for a second try; there is no third. */
    boolean retryOnce() {
        boolean first = !retried;
        retried = true;
        return first;
    }

    boolean isHeldBack() {
        return heldBack;
    }

    void holdBack() {
        heldBack = true;
    }

    /** Says whether the brake had not counted the tenant yet. */
    boolean markCounted() {
        boolean first = !judged;
        judged = true;
        return first;
    }

    /** Says whether the brake had not counted the tenant as one that is changed yet. */
    boolean markChanged() {
        boolean first = !alarming;
        alarming = true;
        return first;
    }
}
