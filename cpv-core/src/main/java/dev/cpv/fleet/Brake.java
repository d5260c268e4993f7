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
 * R35: the brake on mass change. It examines the plans that are made anyway, so it sends no request. A tenant that was in sync, and
 * now needs consent or would lose a permission, waits until enough tenants were seen: no such change is written before it is known
 * to be rare. Thread-safe.
 */
final class Brake {
    static final int SAMPLE = 20;
    static final int FIRST = 10;
    private static final double SHARE = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final boolean released;
    private final int inSyncBefore;
    private int seen;
    private int changed;
    private int first;
    private int alike;
    private @Nullable FailureCode firstCode;
    private @Nullable CpvFailure alarm;

    /**
     * Creates the brake of one run.
     *
     * @param released whether the caller allowed mass change
     * @param inSyncBefore how many tenants were in sync before the run: with few of them a share means nothing
     */
    Brake(boolean released, int inSyncBefore) {
        this.released = released;
        this.inSyncBefore = inSyncBefore;
    }

    /**
     * Examines a tenant's plan before it is applied.
     *
     * @param lastCall whether no other tenant is left that could be seen first, not even by another worker
     * @return why the plan may not be applied, now or at all
     */
    Optional<CpvFailure> refuse(TenantAttempt turn, CpvRefreshPlan plan, boolean lastCall) {
        if (released || inSyncBefore < SAMPLE || !turn.wasInSync()) {
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
            if (seen < SAMPLE && !lastCall) {
                turn.holdBack();
                return Optional.of(CpvFailure.of(
                        FailureCode.NOT_ATTEMPTED,
                        "Held back until the run has seen enough tenants to know whether such changes are rare"));
            }
            if (isTooMuch()) {
                alarm = CpvFailure.of(FailureCode.RUN_CHANGES_TOO_MUCH, alarmMessage());
            }
            return Optional.ofNullable(alarm);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a tenant that {@link #refuse} did not see, since it is in sync or the run only plans. */
    void saw(TenantAttempt turn, CpvResult result) {
        if (!turn.wasInSync() || (result.findPlan().isEmpty() && result.outcome() == RefreshOutcome.FAILED)) {
            return;
        }
        lock.lock();
        try {
            result.findPlan().ifPresentOrElse(plan -> count(turn, plan), () -> countSeen(turn));
        } finally {
            lock.unlock();
        }
    }

    private void count(TenantAttempt turn, CpvRefreshPlan plan) {
        countSeen(turn);
        if (isChange(plan) && turn.markChanged()) {
            changed++;
        }
    }

    private void countSeen(TenantAttempt turn) {
        if (turn.markCounted()) {
            seen++;
        }
    }

    private static boolean isChange(CpvRefreshPlan plan) {
        return plan.needsConsent() || plan.removesPermissions();
    }

    /** Returns whether enough tenants were seen to know whether changes are rare. */
    boolean isSampled() {
        lock.lock();
        try {
            return seen >= SAMPLE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asked when enough tenants were seen, or when no more can be: then the others could not be read, and the share is that of all
     * tenants that were in sync before.
     */
    private boolean isTooMuch() {
        return changed > SHARE * (seen < SAMPLE ? inSyncBefore : seen);
    }

    private String alarmMessage() {
        String what = " tenants that were in sync need consent or would lose a permission";
        return seen < SAMPLE
                ? changed + " of " + inSyncBefore + what + "; only " + seen + " of them could be read"
                : changed + " of the first " + seen + what;
    }

    /**
     * Counts how a tenant's first attempt ended. A tenant that failed with the same code before the run is not counted, and neither is one
     * that only has to be tried again.
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

    /** Says in one sentence how many tenants a planned run would change; empty if none. */
    Optional<String> summary() {
        lock.lock();
        try {
            return changed == 0
                    ? Optional.empty()
                    : Optional.of(changed + " of " + seen
                            + " tenants that were in sync need consent or lose a permission"
                            + (isTooMuch() && inSyncBefore >= SAMPLE && !released
                                    ? "; a run stops because of that unless mass change is allowed"
                                    : ""));
        } finally {
            lock.unlock();
        }
    }
}
