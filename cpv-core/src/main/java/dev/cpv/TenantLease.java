package dev.cpv;

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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one operation to write to its tenant (R34): within the process by the set of busy tenants, among processes by the
 * journal's lease. Where the journal fails, the rule is: without a lease nothing is begun; once there is one, no fault of the journal
 * takes away what the operation did.
 */
final class TenantLease {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);
    /** Beyond the deadline, after which no request is under way: for clocks of two machines that do not agree. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final RefreshJournal journal;
    private final Set<TenantId> busy;
    private final RefreshContext context;
    private final String owner;
    private final Clock clock;
    private boolean entered;
    private @Nullable Lease held;

    TenantLease(RefreshJournal journal, Set<TenantId> busy, RefreshContext context, String owner, Clock clock) {
        this.journal = journal;
        this.busy = busy;
        this.context = context;
        this.owner = owner;
        this.clock = clock;
    }

    /** Takes the lease; returns why that was not possible. */
    Optional<CpvFailure> take() {
        entered = busy.add(tenant());
        if (!entered) {
            return Optional.of(busy());
        }
        try {
            held = journal.acquire(tenant(), owner, clock.instant(), duration()).orElse(null);
        } catch (RuntimeException e) {
            LOG.error("The journal gave no lease for tenant {}", tenant(), e);
            return Optional.of(unusable(e));
        }
        return held == null ? Optional.of(busy()) : Optional.empty();
    }

    /** Makes sure that nobody took over, as after a pause of the whole machine; returns the failure if somebody did. */
    Optional<CpvFailure> confirm() {
        Lease lease = held;
        if (lease == null) {
            return Optional.empty();
        }
        try {
            held = journal.renew(lease, clock.instant(), duration()).orElse(null);
        } catch (RuntimeException e) {
            // It lasts beyond the deadline anyway, and half a tenant is worse than a journal that learns of it later.
            LOG.warn("The journal did not confirm the lease of tenant {}; going on", tenant(), e);
        }
        return held == null ? Optional.of(busy()) : Optional.empty();
    }

    /** The result is the caller's whatever becomes of the record. */
    void save(TenantRecord record) {
        if (held == null) {
            return;
        }
        try {
            if (!journal.save(record, held)) {
                LOG.warn("Tenant {} was taken over by another operation, which is left to record it", tenant());
            }
        } catch (RuntimeException e) {
            LOG.error("The journal did not save the result of tenant {}", tenant(), e);
        }
    }

    /** The phase of a reset has to be safe before the next step; returns why it is not. */
    Optional<CpvFailure> save(ResetRecord reset) {
        Lease lease = held;
        if (lease == null) {
            throw new IllegalStateException("A reset is saved under a lease");
        }
        try {
            return journal.saveReset(reset, lease) ? Optional.empty() : Optional.of(busy());
        } catch (RuntimeException e) {
            LOG.error("The journal did not save the phase of the reset of tenant {}", tenant(), e);
            return Optional.of(unusable(e));
        }
    }

    /** Gives back what was taken, if anything was. */
    void release() {
        try {
            releaseLease();
        } finally {
            if (entered) {
                entered = false;
                busy.remove(tenant());
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
            LOG.warn("The journal did not release the lease of tenant {}; it ends at {}", tenant(), lease.until(), e);
        }
    }

    /** The failure of a second caller. */
    private CpvFailure busy() {
        Optional<Lease> other = other();
        return CpvFailure.builder(
                        FailureCode.TENANT_BUSY,
                        "Another operation is working on tenant " + tenant()
                                + other.map(lease -> ": " + JsonText.quote(lease.owner()) + ", until " + lease.until()
                                                + " at the latest")
                                        .orElse(""))
                .retryAfter(other.map(lease -> lease.left(clock.instant())).orElse(null))
                .build();
    }

    /** Another one's lease that has not ended; it may be gone since it stood in the way. */
    private Optional<Lease> other() {
        try {
            return journal.lease(tenant())
                    .filter(lease -> !lease.left(clock.instant()).isZero());
        } catch (RuntimeException e) {
            LOG.warn("The journal did not answer whose lease tenant {} has", tenant(), e);
            return Optional.empty();
        }
    }

    /** R23: only cpv's own exception promises a message without secrets. */
    static CpvFailure unusable(RuntimeException e) {
        String why = e instanceof RefreshJournalException
                ? e.getMessage()
                : e.getClass().getName() + ", see the log";
        return CpvFailure.of(FailureCode.JOURNAL_FAILED, "Nothing was written. " + why);
    }

    private Duration duration() {
        Duration left = context.timeLeft(clock.instant());
        return (left.isNegative() ? Duration.ZERO : left).plus(MARGIN);
    }

    private TenantId tenant() {
        return context.tenant();
    }
}
