package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.internal.json.JsonText;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one operation to write to its tenant (R34): within the process by the set of busy tenants, among
 * processes by the journal's lease. If the journal fails before there is a lease, nothing is started. Once there is
 * one, a failure of the journal does not discard the operation's result.
 */
final class TenantLease {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);
    /** Added to the deadline, after which no request is in flight: the clocks of two machines may differ. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final RefreshJournal journal;
    private final Set<TenantId> busyTenants;
    private final RefreshContext context;
    private final String owner;
    private final Clock clock;
    private boolean markedBusy;
    private @Nullable Lease held;

    TenantLease(RefreshJournal journal, Set<TenantId> busyTenants, RefreshContext context, String owner, Clock clock) {
        this.journal = journal;
        this.busyTenants = busyTenants;
        this.context = context;
        this.owner = owner;
        this.clock = clock;
    }

    /** Takes the lease; returns why that was not possible. */
    Optional<CpvFailure> take() {
        markedBusy = busyTenants.add(tenant());
        if (!markedBusy) {
            return Optional.of(tenantBusy());
        }
        try {
            held = journal.acquire(tenant(), owner, clock.instant(), leaseDuration())
                    .orElse(null);
        } catch (RuntimeException e) {
            LOG.error(
                    "The lease of tenant {} could not be acquired from the journal",
                    tenant(),
                    ProgramFault.loggable(e));
            return Optional.of(journalFailed(e));
        }
        return held == null ? Optional.of(tenantBusy()) : Optional.empty();
    }

    /** Makes sure that nobody took over, as after a pause of the whole machine; returns the failure if somebody did. */
    Optional<CpvFailure> confirm() {
        Lease lease = held;
        if (lease == null) {
            return Optional.empty();
        }
        try {
            held = journal.renew(lease, clock.instant(), leaseDuration()).orElse(null);
        } catch (RuntimeException e) {
            // The lease lasts beyond the deadline anyway, and stopping halfway is worse than a late journal entry.
            LOG.warn(
                    "The lease of tenant {} could not be renewed in the journal; the operation continues",
                    tenant(),
                    ProgramFault.loggable(e));
        }
        return held == null ? Optional.of(tenantBusy()) : Optional.empty();
    }

    /** Saves the record. A failure is only logged, since the caller has the result anyway. */
    void save(TenantRecord record) {
        if (held == null) {
            return;
        }
        try {
            if (!journal.save(record, held)) {
                LOG.warn("Another operation took over tenant {}, so this result is not recorded", tenant());
            }
        } catch (RuntimeException e) {
            LOG.error("The result of tenant {} could not be saved in the journal", tenant(), ProgramFault.loggable(e));
        }
    }

    /** Saves the phase of a reset, which has to be durable before the next step; returns the failure if it is not. */
    Optional<CpvFailure> save(ResetRecord reset) {
        Lease lease = held;
        if (lease == null) {
            throw new IllegalStateException("A reset is saved under a lease");
        }
        try {
            return journal.saveReset(reset, lease) ? Optional.empty() : Optional.of(tenantBusy());
        } catch (RuntimeException e) {
            LOG.error(
                    "The phase of the reset of tenant {} could not be saved in the journal",
                    tenant(),
                    ProgramFault.loggable(e));
            return Optional.of(journalFailed(e));
        }
    }

    /** Releases what was taken, if anything was. */
    void release() {
        try {
            releaseLease();
        } finally {
            if (markedBusy) {
                markedBusy = false;
                busyTenants.remove(tenant());
            }
        }
    }

    private void releaseLease() {
        Lease lease = held;
        held = null;
        if (lease == null) {
            return;
        }
        try {
            journal.release(lease);
        } catch (RuntimeException e) {
            LOG.warn(
                    "The lease of tenant {} could not be released in the journal; it ends at {}",
                    tenant(),
                    lease.until(),
                    ProgramFault.loggable(e));
        }
    }

    /** The failure of an operation that finds the tenant busy. */
    private CpvFailure tenantBusy() {
        Optional<Lease> other = leaseOfAnother();
        return CpvFailure.builder(
                        FailureCode.TENANT_BUSY,
                        "Another operation is working on tenant " + tenant()
                                + other.map(lease -> ": " + JsonText.quote(lease.owner()) + ", until " + lease.until()
                                                + " at the latest")
                                        .orElse(""))
                .retryAfter(other.map(lease -> lease.left(clock.instant())).orElse(null))
                .build();
    }

    /** The other operation's lease, unless it has ended in the meantime. */
    private Optional<Lease> leaseOfAnother() {
        try {
            return journal.lease(tenant())
                    .filter(lease -> !lease.left(clock.instant()).isZero());
        } catch (RuntimeException e) {
            LOG.warn("The lease of tenant {} could not be read from the journal", tenant(), ProgramFault.loggable(e));
            return Optional.empty();
        }
    }

    /** R23: only cpv's own exception promises a message without secrets. */
    static CpvFailure journalFailed(RuntimeException e) {
        String why = e instanceof RefreshJournalException
                ? e.getMessage()
                : e.getClass().getName() + ", see the log";
        return CpvFailure.of(FailureCode.JOURNAL_FAILED, "Nothing was written. " + why);
    }

    private Duration leaseDuration() {
        Instant now = clock.instant();
        Duration left = context.timeLeft(now);
        Duration duration = (left.isNegative() ? Duration.ZERO : left).plus(MARGIN);
        Duration longest = Duration.between(now, Instant.MAX);
        return duration.compareTo(longest) < 0 ? duration : longest;
    }

    private TenantId tenant() {
        return context.tenant();
    }
}
