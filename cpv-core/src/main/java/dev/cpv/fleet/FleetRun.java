package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome;
import dev.cpv.internal.jfr.FleetRunEvent;
import dev.cpv.model.Cancellation;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over the fleet: how far it is, how to stop it, and its report. Made by {@link FleetRefresh}. Thread-safe.
 */
public final class FleetRun {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);
    /** Between two looks whether the run was stopped. */
    private static final Duration SLICE = Duration.ofSeconds(1);
    /** A tenant that asks for a longer rest has to wait for the next run. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A lease says until when at most; the operation is usually over much sooner. */
    private static final Duration WHILE_BUSY = Duration.ofMinutes(1);

    private final FleetRefresh fleet;
    private final RunRecord record;
    private final boolean resumed;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicReference<@Nullable CpvFailure> alarm = new AtomicReference<>();
    private final CompletableFuture<FleetReport> report = new CompletableFuture<>();
    private final AttemptQueue queue = new AttemptQueue();
    private final RunStatistics tally;
    private final FleetRunEvent event = new FleetRunEvent();
    private final ReentrantLock entrance = new ReentrantLock();
    private int workers = 1;
    private boolean closed;
    private volatile @Nullable RunLock claim;
    private volatile Brake brake = new Brake(true, 0);

    FleetRun(FleetRefresh fleet, RunRecord record, boolean resumed) {
        this.fleet = fleet;
        this.record = record;
        this.resumed = resumed;
        this.tally = new RunStatistics(fleet.listeners(), fleet.maxAttention());
    }

    /**
     * Returns the run's id.
     *
     * @return the id; a resumed run keeps it
     */
    public UUID id() {
        return record.id();
    }

    /**
     * Returns how far the run is.
     *
     * @return the progress at this moment
     */
    public FleetProgress progress() {
        return tally.progress();
    }

    /**
     * Stops the run in order: operations under way stop at their next safe point, tenants whose turn has not come are not attempted,
     * and {@link FleetRefresh#resume} can go on with them. Returns at once.
     */
    public void cancel() {
        cancellation.cancel();
    }

    /**
     * Returns the report, once the run has ended. Cancelling the future changes nothing; {@link #cancel()} stops the run.
     *
     * @return the future report; it fails only by a fault of the program
     */
    public Future<FleetReport> report() {
        return report.copy();
    }

    /** Says whether the run was over before it began, since another one was under way. */
    boolean isRefused() {
        CpvFailure stopped = alarm.get();
        return stopped != null && stopped.code() == FailureCode.FLEET_BUSY;
    }

    /** Does something once the run has ended, however it did. */
    void whenEnded(Runnable action) {
        var unused = report.whenComplete((made, fault) -> action.run());
    }

    /** Waits for the report; an interrupt cancels the run, waits for it to end in order, and stays. */
    FleetReport await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return report.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancel();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("The run ended by a fault of the program", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The first worker: gets the list, lets others help, and works. */
    void lead(Executor executor) {
        event.begin();
        try {
            new Preparation(fleet, record, cancellation).into(this);
            for (int i = 1; i < fleet.concurrency() && !isStopped(); i++) {
                executor.execute(this::help);
            }
        } catch (RejectedExecutionException e) {
            LOG.warn(
                    "The executor took fewer workers than {}; the run goes on with those that it took",
                    fleet.concurrency());
        } catch (RuntimeException e) {
            fault(e);
        }
        work();
    }

    /** Another worker, which the executor may start late, when there is nothing left to do. */
    private void help() {
        entrance.lock();
        try {
            if (closed) {
                return;
            }
            workers++;
        } finally {
            entrance.unlock();
        }
        work();
    }

    private void work() {
        try {
            Optional<TenantAttempt> next = queue.next(now());
            while (next.isPresent()) {
                turn(next.get());
                next = queue.next(now());
            }
        } catch (RuntimeException e) {
            fault(e);
        } finally {
            leave();
        }
    }

    private void fault(RuntimeException e) {
        LOG.error("Run {} met a fault of the program", id(), e);
        stop(CpvFailure.builder(
                        FailureCode.UNKNOWN,
                        "A fault of the program, see the log: " + e.getClass().getName())
                .scope(FailureScope.PARTNER)
                .build());
    }

    private void leave() {
        entrance.lock();
        try {
            workers--;
            if (workers > 0 || closed) {
                return;
            }
            closed = true;
        } finally {
            entrance.unlock();
        }
        try {
            end();
        } catch (RuntimeException e) {
            report.completeExceptionally(e);
        }
    }

    private void end() {
        if (fleet.isPlanOnly()) {
            brake.summary().ifPresent(tally::remark);
        }
        CpvFailure stopped = alarm.get();
        RunRecord.State state = stopped != null
                ? RunRecord.State.STOPPED
                : isCancelled() ? RunRecord.State.CANCELLED : RunRecord.State.DONE;
        FleetReport made = tally.report(record.ended(state, now()), fleet.isPlanOnly(), stopped);
        release(made.run());
        LOG.info("{}", made);
        tally.ended(made);
        commit(made);
        report.complete(made);
    }

    /** What another run has claimed is that run's to write down. */
    private void release(RunRecord ended) {
        RunLock held = claim;
        if (held == null) {
            return;
        }
        try (held) {
            fleet.journal().save(ended);
        } catch (RuntimeException e) {
            LOG.error("The journal did not take the end of run {}", id(), e);
        }
    }

    private void commit(FleetReport made) {
        event.end();
        if (event.shouldCommit()) {
            event.run = id().toString();
            event.tenants = made.total();
            event.attention = made.attention().size() + made.attentionOmitted();
            event.alarm = made.alarm().map(failure -> failure.code().name()).orElse(null);
            event.requests = made.requests();
            event.commit();
        }
    }

    // What Preparation hands over

    void begin(int tenants, List<String> remarks, List<ExpiringAccess> accessEnding) {
        tally.started(record, tenants, remarks, accessEnding);
    }

    /** R32: from now on the run has the right to be, until its end. */
    void hold(RunLock own) {
        claim = own;
    }

    void turns(List<TenantAttempt> turns, Brake ofThisRun) {
        brake = ofThisRun;
        queue.add(turns);
    }

    /** R28: the first alarm is the one; it stops the run. */
    void stop(CpvFailure failure) {
        if (alarm.compareAndSet(null, failure)) {
            LOG.error("Run {} stops: {}", id(), failure);
        }
    }

    // A turn

    private void turn(TenantAttempt turn) {
        waitFor(turn);
        if (isStopped()) {
            tally.done(turn.tenant(), CpvResult.notAttempted(turn.tenant().id().toString(), whyNot(turn)), null);
            return;
        }
        try {
            TenantId tenant = turn.tenant().id();
            Optional<TenantRecord> known = fleet.client().journal().find(tenant);
            if (resumed && !turn.isBegun() && isDone(turn, known)) {
                tally.doneBefore(known.orElseThrow());
                return;
            }
            Optional<CpvFailure> leftOut = leftOut(turn, known);
            if (leftOut.isPresent()) {
                tally.done(turn.tenant(), CpvResult.skipped(tenant, leftOut.get()), null);
                return;
            }
            attempt(turn, known);
        } catch (RuntimeException e) {
            LOG.error("Tenant {} could not be begun", turn.tenant().id(), e);
            tally.done(turn.tenant(), CpvResult.failed(turn.tenant().id(), fault(turn, e)), null);
        }
    }

    /** R23: only cpv's own exception promises a message without secrets. */
    private static CpvFailure fault(TenantAttempt turn, RuntimeException e) {
        return e instanceof RefreshJournalException
                ? CpvFailure.of(FailureCode.JOURNAL_FAILED, "Nothing was begun. " + e.getMessage())
                : CpvFailure.of(
                        FailureCode.UNKNOWN,
                        "A fault of the program at tenant " + turn.tenant().id() + ", see the log: "
                                + e.getClass().getName());
    }

    private void waitFor(TenantAttempt turn) {
        if (turn.notBefore().equals(Instant.MIN)) {
            return;
        }
        Duration left = Duration.between(now(), turn.notBefore());
        while (!isStopped() && !left.isNegative() && !left.isZero()) {
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            try {
                fleet.client().sleeper().sleep(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancel();
            }
            left = left.minus(slice);
        }
    }

    private String whyNot(TenantAttempt turn) {
        CpvFailure stopped = alarm.get();
        String why = stopped == null ? "The run was cancelled" : "The run stopped over " + stopped.code();
        return why
                + turn.lastFailure()
                        .map(code -> " before this tenant's second attempt; the first one ended with " + code)
                        .orElse(" before this tenant's turn");
    }

    /** Which tenants a run did, for what is required now, is told by their own records: there is no other list that could differ. */
    private boolean isDone(TenantAttempt turn, Optional<TenantRecord> known) {
        String required = fleet.client().required(turn.tenant().id()).fingerprint();
        return known.filter(tenant -> !tenant.lastAttempt().isBefore(record.started()))
                .filter(tenant -> tenant.requiredFingerprint().equals(required))
                .filter(tenant -> tenant.lastFailure()
                        .filter(code -> code == FailureCode.CONSENT_NOT_VISIBLE_YET)
                        .isEmpty())
                .isPresent();
    }

    /** R30: asked now, so that what somebody decides during a run holds in it. Who was begun already is not judged by that. */
    private Optional<CpvFailure> leftOut(TenantAttempt turn, Optional<TenantRecord> known) {
        return turn.isManual() || turn.isBegun() ? fleet.closed(turn.tenant()) : fleet.leftOut(turn.tenant(), known);
    }

    private void attempt(TenantAttempt turn, Optional<TenantRecord> known) {
        boolean first = turn.begin(known);
        boolean lastCall = !first;
        RefreshOptions options = fleet.options(turn.isManual(), cancellation);
        CpvResult result = fleet.isPlanOnly()
                ? fleet.client().preview(turn.tenant().id(), options)
                : fleet.client()
                        .refresh(
                                turn.tenant().id(),
                                options.withGate(plan ->
                                        options.gate().refuse(plan).or(() -> brake.refuse(turn, plan, lastCall))));
        tally.cost(result);
        if (Thread.currentThread().isInterrupted()) {
            cancel();
        }
        if (turn.isHeldBack()) {
            queue.atEnd(turn, now());
            return;
        }
        Optional<CpvFailure> partnerWide = partnerWide(result);
        partnerWide.ifPresent(this::stop);
        if (first && partnerWide.isEmpty()) {
            brake.ended(turn, result).ifPresent(this::stop);
        }
        if (partnerWide.isEmpty()) {
            brake.saw(turn, result);
        }
        if (partnerWide.isEmpty() && comesAgain(turn, result)) {
            return;
        }
        // R28: nobody is marked as failed for what is the partner's own; who waits for a tenant is told what it met.
        CpvResult told = partnerWide.isPresent() && result.steps().isEmpty() && !turn.isManual()
                ? CpvResult.notAttempted(turn.tenant().id().toString(), whyNot(turn))
                : result;
        tally.done(turn.tenant(), told, change(turn, told));
    }

    private static Optional<CpvFailure> partnerWide(CpvResult result) {
        return Stream.concat(
                        result.failure().stream(),
                        result.permissions().stream()
                                .map(PermissionOutcome::failure)
                                .flatMap(Optional::stream))
                .filter(failure -> failure.scope() == FailureScope.PARTNER)
                .findFirst();
    }

    /** Says whether the turn went back into the queue. */
    private boolean comesAgain(TenantAttempt turn, CpvResult result) {
        FailureCode code = result.failure().map(CpvFailure::code).orElse(null);
        if (fleet.isPlanOnly() || result.outcome() == RefreshOutcome.CANCELLED || !result.worthRetrying()) {
            return false;
        }
        turn.failed(RunStatistics.mainFailure(result).map(CpvFailure::code).orElse(null));
        if (code == FailureCode.CONSENT_NOT_VISIBLE_YET) {
            Optional<Instant> look = turn.nextLook(now(), fleet.consentWait());
            look.ifPresent(moment -> queue.again(turn, moment));
            return look.isPresent();
        }
        Duration rest = rest(result);
        boolean busy = code == FailureCode.TENANT_BUSY;
        if ((!busy && rest.compareTo(PATIENCE) > 0) || !turn.retryOnce()) {
            return false;
        }
        queue.atEnd(turn, now().plus(busy && rest.compareTo(WHILE_BUSY) > 0 ? WHILE_BUSY : rest));
        return true;
    }

    /** The longest rest that any answer asked for. */
    private static Duration rest(CpvResult result) {
        return Stream.concat(
                        result.failure().stream(),
                        result.permissions().stream()
                                .map(PermissionOutcome::failure)
                                .flatMap(Optional::stream))
                .flatMap(failure -> failure.retryAfter().stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private @Nullable TenantTransition change(TenantAttempt turn, CpvResult result) {
        RefreshOutcome now = result.outcome();
        boolean failing = now == RefreshOutcome.FAILED || now == RefreshOutcome.PARTIAL;
        if (fleet.isPlanOnly() || !(failing || now.isInSync())) {
            return null;
        }
        if (turn.before().isEmpty()) {
            return TenantTransition.NEW;
        }
        TenantAttempt.Before before = turn.before().get();
        if (failing) {
            return turn.wasInSync() ? TenantTransition.NEWLY_FAILING : null;
        }
        if (!turn.wasInSync()) {
            return TenantTransition.MENDED;
        }
        boolean again = before.outcome() == RefreshOutcome.UPDATED
                && now == RefreshOutcome.UPDATED
                && before.fingerprint()
                        .equals(fleet.client().required(turn.tenant().id()).fingerprint());
        return again ? TenantTransition.DRIFTED_AGAIN : null;
    }

    private boolean isStopped() {
        return alarm.get() != null || isCancelled();
    }

    private boolean isCancelled() {
        return cancellation.isCancelled();
    }

    private Instant now() {
        return fleet.client().clock().instant();
    }
}
