package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on one tenant of a run: counts its result, or puts it back into the queue. Used by all workers of a run. Thread-safe. */
final class AttemptRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);
    /** The time between two checks whether the run was stopped. */
    private static final Duration SLICE = Duration.ofSeconds(1);
    /** If a service asks to wait longer, the tenant is left to the next run. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    /** A lease names its latest end; the operation usually ends much sooner. */
    private static final Duration BUSY_WAIT = Duration.ofMinutes(1);

    private final FleetSettings settings;
    private final Selection selection;
    private final RunRecord run;
    private final boolean resumed;
    private final RunControl control;
    private final AttemptQueue queue;
    private final RunStatistics statistics;
    private final Brake brake;

    AttemptRunner(
            FleetSettings settings,
            Selection selection,
            RunRecord run,
            boolean resumed,
            RunControl control,
            AttemptQueue queue,
            RunStatistics statistics,
            Brake brake) {
        this.settings = settings;
        this.selection = selection;
        this.run = run;
        this.resumed = resumed;
        this.control = control;
        this.queue = queue;
        this.statistics = statistics;
        this.brake = brake;
    }

    void run(TenantAttempt attempt) {
        waitFor(attempt);
        TenantId tenant = attempt.tenant().id();
        if (control.isStopped()) {
            end(attempt, CpvResult.notAttempted(tenant.toString(), notAttemptedReason(attempt)));
            return;
        }
        try {
            Optional<TenantRecord> known = settings.client().journal().find(tenant);
            if (resumed && !attempt.isBegun() && isDone(tenant, known)) {
                statistics.doneBefore(known.orElseThrow());
                return;
            }
            Optional<CpvFailure> leftOut = leftOut(attempt, known);
            if (leftOut.isPresent()) {
                end(attempt, CpvResult.skipped(tenant, leftOut.get()));
                return;
            }
            refresh(attempt, known);
        } catch (RuntimeException e) {
            LOG.error("Tenant {} could not be started", tenant, ProgramFault.loggable(e));
            end(attempt, CpvResult.failed(tenant, fault(tenant, e)));
        }
    }

    private void end(TenantAttempt attempt, CpvResult result) {
        statistics.done(attempt.tenant(), result, Optional.empty());
    }

    /** R23: only cpv's own exception promises a message without secrets. */
    private static CpvFailure fault(TenantId tenant, RuntimeException e) {
        return e instanceof RefreshJournalException
                ? CpvFailure.of(FailureCode.JOURNAL_FAILED, "Nothing was started. " + e.getMessage())
                : CpvFailure.of(
                        FailureCode.UNKNOWN,
                        "A fault of the program at tenant " + tenant + ", see the log: "
                                + e.getClass().getName());
    }

    private void waitFor(TenantAttempt attempt) {
        if (attempt.notBefore().equals(Instant.MIN)) {
            return;
        }
        Duration left = Duration.between(settings.now(), attempt.notBefore());
        while (!control.isStopped() && !left.isNegative() && !left.isZero()) {
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            try {
                settings.client().sleeper().sleep(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                control.cancel();
            }
            left = left.minus(slice);
        }
    }

    private String notAttemptedReason(TenantAttempt attempt) {
        return control.alarm()
                        .map(alarm -> "The run stopped because of " + alarm.code())
                        .orElse("The run was cancelled")
                + attempt.lastFailure()
                        .map(code -> " before this tenant's second attempt; the first one ended with " + code)
                        .orElse(" before this tenant's turn");
    }

    /** The tenant's own record shows whether this run already did it, for what is required now; no second list can differ from it. */
    private boolean isDone(TenantId tenant, Optional<TenantRecord> known) {
        String required = settings.fingerprint(tenant);
        return known.filter(record -> !record.lastAttempt().isBefore(run.started()))
                .filter(record -> record.requiredFingerprint().equals(required))
                .filter(record -> record.lastFailure()
                        .filter(code -> code == FailureCode.CONSENT_NOT_VISIBLE_YET)
                        .isEmpty())
                .isPresent();
    }

    /** R30: asked for each tenant, so a rule that is made during a run applies to it. A tenant that was started is continued. */
    private Optional<CpvFailure> leftOut(TenantAttempt attempt, Optional<TenantRecord> known) {
        return attempt.isManual() || attempt.isBegun()
                ? selection.closed(attempt.tenant())
                : selection.leftOut(attempt.tenant(), known);
    }

    private void refresh(TenantAttempt attempt, Optional<TenantRecord> known) {
        boolean first = attempt.begin(known);
        CpvResult result = result(attempt);
        statistics.cost(result);
        if (Thread.currentThread().isInterrupted()) {
            control.cancel();
        }
        if (attempt.isHeldBack()) {
            queue.holdBack(attempt);
            return;
        }
        Optional<CpvFailure> partnerWide = partnerWide(result);
        if (partnerWide.isPresent()) {
            control.stop(partnerWide.get());
            stopped(attempt, result);
            return;
        }
        if (first) {
            brake.ended(attempt, result).ifPresent(control::stop);
        }
        brake.saw(attempt, result);
        if (!requeue(attempt, result)) {
            done(attempt, result);
        }
    }

    private CpvResult result(TenantAttempt attempt) {
        TenantId tenant = attempt.tenant().id();
        RefreshOptions options = settings.options(attempt.isManual(), control.cancellation());
        return settings.planOnly()
                ? settings.client().preview(tenant, options)
                : settings.client()
                        .refresh(
                                tenant,
                                options.withApproval(plan -> options.approval()
                                        .refuse(plan)
                                        .or(() -> brake.refuse(attempt, plan, queue.isLastCall()))));
    }

    /** R28: a partner-wide failure marks no tenant as failed, except one that was changed or that somebody waits for. */
    private void stopped(TenantAttempt attempt, CpvResult result) {
        boolean reported = !result.steps().isEmpty() || attempt.isManual();
        done(
                attempt,
                reported
                        ? result
                        : CpvResult.notAttempted(attempt.tenant().id().toString(), notAttemptedReason(attempt)));
    }

    private void done(TenantAttempt attempt, CpvResult result) {
        Optional<TenantTransition> change = settings.planOnly()
                ? Optional.empty()
                : TenantTransition.between(
                        attempt.before(),
                        result.outcome(),
                        settings.fingerprint(attempt.tenant().id()));
        statistics.done(attempt.tenant(), result, change);
    }

    /** Puts the tenant back into the queue if another attempt may succeed; returns whether it did. */
    private boolean requeue(TenantAttempt attempt, CpvResult result) {
        FailureCode code = result.failure().map(CpvFailure::code).orElse(null);
        if (settings.planOnly() || result.outcome() == RefreshOutcome.CANCELLED || !result.worthRetrying()) {
            return false;
        }
        attempt.failed(RunStatistics.mainFailure(result).map(CpvFailure::code).orElse(null));
        if (code == FailureCode.CONSENT_NOT_VISIBLE_YET) {
            Optional<Instant> look =
                    attempt.nextLook(settings.now(), settings.options().consentWait());
            look.ifPresent(moment -> queue.again(attempt, moment));
            return look.isPresent();
        }
        Duration wait = result.retryAfter().orElse(Duration.ZERO);
        boolean busy = code == FailureCode.TENANT_BUSY;
        if ((!busy && wait.compareTo(LONGEST_WAIT) > 0) || !attempt.retryOnce()) {
            return false;
        }
        queue.atEnd(attempt, settings.now().plus(busy && wait.compareTo(BUSY_WAIT) > 0 ? BUSY_WAIT : wait));
        return true;
    }

    private static Optional<CpvFailure> partnerWide(CpvResult result) {
        return result.failures().stream()
                .filter(failure -> failure.scope() == FailureScope.PARTNER)
                .findFirst();
    }
}
