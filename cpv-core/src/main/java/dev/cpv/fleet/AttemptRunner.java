package dev.cpv.fleet;

import dev.cpv.CpvResult;
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
    /** Between two looks whether the run was stopped. */
    private static final Duration SLICE = Duration.ofSeconds(1);
    /** A tenant that asks for a longer rest has to wait for the next run. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A lease has a latest end; the operation is usually over much sooner. */
    private static final Duration WHILE_BUSY = Duration.ofMinutes(1);

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
            end(attempt, CpvResult.notAttempted(tenant.toString(), whyNot(attempt)));
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
            LOG.error("Tenant {} could not be begun", tenant, e);
            end(attempt, CpvResult.failed(tenant, fault(tenant, e)));
        }
    }

    private void end(TenantAttempt attempt, CpvResult result) {
        statistics.done(attempt.tenant(), result, Optional.empty());
    }

    /** R23: only cpv's own exception promises a message without secrets. */
    private static CpvFailure fault(TenantId tenant, RuntimeException e) {
        return e instanceof RefreshJournalException
                ? CpvFailure.of(FailureCode.JOURNAL_FAILED, "Nothing was begun. " + e.getMessage())
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

    private String whyNot(TenantAttempt attempt) {
        return control.alarm()
                        .map(alarm -> "The run stopped over " + alarm.code())
                        .orElse("The run was cancelled")
                + attempt.lastFailure()
                        .map(code -> " before this tenant's second attempt; the first one ended with " + code)
                        .orElse(" before this tenant's turn");
    }

    /** A tenant's own record says whether the run did it, for what is required now: there is no other list that could differ. */
    private boolean isDone(TenantId tenant, Optional<TenantRecord> known) {
        String required = settings.fingerprint(tenant);
        return known.filter(record -> !record.lastAttempt().isBefore(run.started()))
                .filter(record -> record.requiredFingerprint().equals(required))
                .filter(record -> record.lastFailure()
                        .filter(code -> code == FailureCode.CONSENT_NOT_VISIBLE_YET)
                        .isEmpty())
                .isPresent();
    }

    /** R30: asked now, so that a decision that somebody makes during a run holds in it. A tenant that was begun goes on. */
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
        if (!comesAgain(attempt, result)) {
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
                                options.withGate(plan -> options.gate()
                                        .refuse(plan)
                                        .or(() -> brake.refuse(attempt, plan, queue.isLastCall()))));
    }

    /** R28: no tenant is marked as failed for a partner-wide failure; one that somebody waits for reports it. */
    private void stopped(TenantAttempt attempt, CpvResult result) {
        boolean reported = !result.steps().isEmpty() || attempt.isManual();
        done(
                attempt,
                reported ? result : CpvResult.notAttempted(attempt.tenant().id().toString(), whyNot(attempt)));
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

    /** Says whether the tenant went back into the queue. */
    private boolean comesAgain(TenantAttempt attempt, CpvResult result) {
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
        Duration rest = result.retryAfter().orElse(Duration.ZERO);
        boolean busy = code == FailureCode.TENANT_BUSY;
        if ((!busy && rest.compareTo(PATIENCE) > 0) || !attempt.retryOnce()) {
            return false;
        }
        queue.atEnd(attempt, settings.now().plus(busy && rest.compareTo(WHILE_BUSY) > 0 ? WHILE_BUSY : rest));
        return true;
    }

    private static Optional<CpvFailure> partnerWide(CpvResult result) {
        return result.failures().stream()
                .filter(failure -> failure.scope() == FailureScope.PARTNER)
                .findFirst();
    }
}
