package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * R35: the brake on mass change. It looks at the plans that are made anyway, so it costs no request. A tenant that was well and is
 * about to be consented anew or to lose a permission waits until enough tenants were seen: nothing of that kind is written before
 * it is known to be rare. Thread-safe.
 */
final class Brake {
    static final int SAMPLE = 20;
    static final int FIRST = 10;
    private static final double SHARE = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final boolean released;
    private final int wellInFleet;
    private int well;
    private int changed;
    private int first;
    private int alike;
    private @Nullable FailureCode firstCode;
    private @Nullable CpvFailure alarm;

    /**
     * Creates the brake of one run.
     *
     * @param released whether the caller allowed mass change
     * @param wellInFleet how many tenants were well before: with few of them a share means nothing
     */
    Brake(boolean released, int wellInFleet) {
        this.released = released;
        this.wellInFleet = wellInFleet;
    }

    /**
     * Looks at what is about to be done to a tenant.
     *
     * @param lastCall whether no other tenant is left that could be seen first, not even by another worker
     * @return why it may not be done, now or at all
     */
    Optional<CpvFailure> refuse(TenantAttempt turn, CpvRefreshPlan plan, boolean lastCall) {
        if (released || wellInFleet < SAMPLE || !turn.wasInSync()) {
            return Optional.empty();
        }
        lock.lock();
        try {
            count(turn, plan);
            if (!isChange(plan)) {
                return Optional.empty();
            }
            if (alarm != null) {
                return Optional.of(alarm);
            }
            if (well < SAMPLE && !lastCall) {
                turn.holdBack();
                return Optional.of(CpvFailure.of(
                        FailureCode.NOT_ATTEMPTED, "Held back until it is known how many tenants change like this"));
            }
            if (isTooMuch()) {
                alarm = CpvFailure.of(
                        FailureCode.RUN_CHANGES_TOO_MUCH,
                        changed + " of the first " + well
                                + " tenants that were well need consent or would lose a permission");
            }
            return Optional.ofNullable(alarm);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a tenant whose plan nobody asked for, since it is in sync or the run only plans. */
    void saw(TenantAttempt turn, CpvResult result) {
        if (!turn.wasInSync() || (result.findPlan().isEmpty() && result.outcome() == RefreshOutcome.FAILED)) {
            return;
        }
        lock.lock();
        try {
            result.findPlan().ifPresentOrElse(plan -> count(turn, plan), () -> countWell(turn));
        } finally {
            lock.unlock();
        }
    }

    private void count(TenantAttempt turn, CpvRefreshPlan plan) {
        countWell(turn);
        if (isChange(plan) && turn.markChanged()) {
            changed++;
        }
    }

    private void countWell(TenantAttempt turn) {
        if (turn.markCounted()) {
            well++;
        }
    }

    private static boolean isChange(CpvRefreshPlan plan) {
        return plan.needsConsent() || plan.removesPermissions();
    }

    /** Says whether enough tenants were seen to know whether changes are rare. */
    boolean isSampled() {
        lock.lock();
        try {
            return well >= SAMPLE;
        } finally {
            lock.unlock();
        }
    }

    private boolean isTooMuch() {
        return well >= SAMPLE && changed > SHARE * well;
    }

    /**
     * Looks at how a tenant's first attempt ended. Who failed for the same cause before the run says nothing of the run, and neither
     * does who is merely to be asked again.
     *
     * @return the alarm, if the first tenants all failed with one code
     */
    Optional<CpvFailure> ended(TenantAttempt turn, CpvResult result) {
        FailureCode code = result.outcome() == RefreshOutcome.FAILED
                ? result.failure().map(CpvFailure::code).orElse(FailureCode.UNKNOWN)
                : null;
        boolean known = turn.before()
                .flatMap(TenantAttempt.Before::failure)
                .filter(c -> c == code)
                .isPresent();
        if (released || known || code == FailureCode.CONSENT_NOT_VISIBLE_YET || code == FailureCode.TENANT_BUSY) {
            return Optional.empty();
        }
        lock.lock();
        try {
            if (first == FIRST) {
                return Optional.empty();
            }
            firstCode = first++ == 0 ? code : firstCode;
            alike += code != null && Objects.equals(code, firstCode) ? 1 : 0;
            return alike == FIRST
                    ? Optional.of(CpvFailure.of(
                            FailureCode.RUN_CHANGES_TOO_MUCH,
                            "The first " + FIRST + " tenants all failed with " + code))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Says in one sentence what the run would change; empty if nothing of the kind. */
    Optional<String> summary() {
        lock.lock();
        try {
            return changed == 0
                    ? Optional.empty()
                    : Optional.of(changed + " of " + well
                            + " tenants that were well need consent or lose a permission"
                            + (isTooMuch() && wellInFleet >= SAMPLE && !released
                                    ? "; a run stops over that unless it is allowed"
                                    : ""));
        } finally {
            lock.unlock();
        }
    }
}
