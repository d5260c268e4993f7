package dev.cpv.journal;

import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a journal stores about a tenant, and the rules by which it changes, independent of the storage. A change that the
 * rules refuse is empty.
 *
 * @param fencing the number of the latest lease
 * @param lease that lease, unless it was released
 * @param record the record, if one was saved
 * @param reset the latest reset, if there was one
 */
record JournalEntry(
        TenantId tenant,
        long fencing,
        @Nullable Lease lease,
        @Nullable TenantRecord record,
        @Nullable ResetRecord reset) {
    static JournalEntry empty(TenantId tenant) {
        return new JournalEntry(tenant, 0, null, null, null);
    }

    Optional<JournalEntry> acquired(String owner, Instant now, Duration duration) {
        Instant until = now.plus(positive(duration));
        // By the clock rather than by one: the numbers keep growing even if the file with the last one was lost.
        long next = Math.max(fencing + 1, now.toEpochMilli());
        Lease wanted = new Lease(tenant, owner, until, next);
        return isLeased(now) ? Optional.empty() : Optional.of(new JournalEntry(tenant, next, wanted, record, reset));
    }

    Optional<JournalEntry> renewed(Lease old, Instant now, Duration duration) {
        Instant until = now.plus(positive(duration));
        return isHeld(old)
                ? Optional.of(withLease(new Lease(tenant, old.owner(), until, old.fencing())))
                : Optional.empty();
    }

    Optional<JournalEntry> released(Lease old) {
        return isHeld(old) ? Optional.of(withLease(null)) : Optional.empty();
    }

    /** A number below the holder's means that the file was lost meanwhile: nobody took the lease over, and the record is saved. */
    Optional<JournalEntry> saved(TenantRecord saved, Lease holder) {
        return fencing > holder.fencing()
                ? Optional.empty()
                : Optional.of(new JournalEntry(tenant, holder.fencing(), lease, saved, reset));
    }

    /** R20: only the phase of an open reset changes: the first snapshot is never overwritten. */
    Optional<JournalEntry> saved(ResetRecord saved, Lease holder) {
        if (fencing > holder.fencing()) {
            return Optional.empty();
        }
        ResetRecord next = openReset().map(open -> open.in(saved.phase())).orElse(saved);
        return Optional.of(new JournalEntry(tenant, holder.fencing(), lease, record, next));
    }

    /** R20: what an open reset has removed can be restored only from this entry. */
    boolean isForgettable(Instant now) {
        return !isLeased(now) && openReset().isEmpty();
    }

    private boolean isLeased(Instant now) {
        return lease != null && now.isBefore(lease.until());
    }

    private Optional<ResetRecord> openReset() {
        return Optional.ofNullable(reset).filter(begun -> begun.phase().isOpen());
    }

    private boolean isHeld(Lease asked) {
        return lease != null && lease.fencing() == asked.fencing();
    }

    private JournalEntry withLease(@Nullable Lease other) {
        return new JournalEntry(tenant, fencing, other, record, reset);
    }

    private static Duration positive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("duration must be more than zero: " + duration);
        }
        return duration;
    }
}
