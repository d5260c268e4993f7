package dev.cpv.journal;

import dev.cpv.model.TenantId;
import dev.cpv.spi.Lease;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.ResetRecord;
import dev.cpv.spi.TenantRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A journal on top of any storage that keeps one entry per tenant and changes it atomically. */
abstract class JournalStore implements RefreshJournal {
    /** Reads an entry; an empty one if there is none. */
    abstract JournalEntry read(TenantId tenant);

    /**
     * Changes an entry atomically.
     *
     * @param change returns the new entry, or empty to change nothing
     * @return the result of the change
     */
    abstract Optional<JournalEntry> change(TenantId tenant, Function<JournalEntry, Optional<JournalEntry>> change);

    /**
     * Removes an entry atomically, if that is allowed.
     *
     * @return whether there is no entry any more
     */
    abstract boolean remove(TenantId tenant, Predicate<JournalEntry> allowed);

    @Override
    public final Optional<TenantRecord> find(TenantId tenant) {
        return Optional.ofNullable(read(tenant).record());
    }

    @Override
    public final boolean save(TenantRecord record, Lease lease) {
        requireSame(record.tenant(), lease);
        return change(record.tenant(), entry -> entry.saved(record, lease)).isPresent();
    }

    @Override
    public final Optional<ResetRecord> findReset(TenantId tenant) {
        return Optional.ofNullable(read(tenant).reset());
    }

    @Override
    public final boolean saveReset(ResetRecord reset, Lease lease) {
        requireSame(reset.snapshot().tenant(), lease);
        return change(lease.tenant(), entry -> entry.saved(reset, lease)).isPresent();
    }

    private static void requireSame(TenantId tenant, Lease lease) {
        if (!tenant.equals(lease.tenant())) {
            throw new IllegalArgumentException(
                    "The record belongs to tenant " + tenant + ", the lease to tenant " + lease.tenant());
        }
    }

    @Override
    public final Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration) {
        return leaseOf(change(tenant, entry -> entry.acquired(owner, now, duration)));
    }

    @Override
    public final Optional<Lease> renew(Lease lease, Instant now, Duration duration) {
        return leaseOf(change(lease.tenant(), entry -> entry.renewed(lease, now, duration)));
    }

    @Override
    public final void release(Lease lease) {
        change(lease.tenant(), entry -> entry.released(lease));
    }

    @Override
    public final Optional<Lease> lease(TenantId tenant) {
        return Optional.ofNullable(read(tenant).lease());
    }

    @Override
    public final boolean forget(TenantId tenant, Instant now) {
        return remove(tenant, entry -> entry.isForgettable(now));
    }

    private static Optional<Lease> leaseOf(Optional<JournalEntry> entry) {
        @Nullable Lease lease = entry.map(JournalEntry::lease).orElse(null);
        return Optional.ofNullable(lease);
    }
}
