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

/** A tenant's turn in a run. Not thread-safe: one worker uses it at a time, and the queue passes it from one to the next. */
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
    private boolean counted;
    private boolean changed;

    /**
     * The state of a tenant before the run.
     *
     * @param outcome its last outcome
     * @param fingerprint the fingerprint of what was required then
     * @param failure the code with which it failed, if it did
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

    /** Returns whether this is the tenant's first attempt in this run, and keeps its state from before the run. */
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

    /** The code with which the last attempt in this run failed, for the report if no other attempt follows. */
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

    /** Returns whether this was the first request for a second attempt; there is no third. */
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

    /** Returns whether the brake had not counted the tenant yet. */
    boolean markCounted() {
        boolean first = !counted;
        counted = true;
        return first;
    }

    /** Returns whether the brake had not counted the tenant as changed yet. */
    boolean markChanged() {
        boolean first = !changed;
        changed = true;
        return first;
    }
}
