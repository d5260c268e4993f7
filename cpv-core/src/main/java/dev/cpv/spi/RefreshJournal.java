package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores each tenant's last refresh and reset, and grants the right to work on a tenant to one operation at a time (R34). Callers pass
 * the time; their clocks should agree to within seconds.
 *
 * <p>Rules, each tested by {@code RefreshJournalConformance}:
 *
 * <ol>
 *   <li>A saved record MUST be found until another one for the same tenant is saved.
 *   <li>Record and lease of one tenant MUST NOT affect those of another.
 *   <li>All methods MUST be callable from many threads, and where the journal is shared from many processes.
 *   <li>{@link #acquire} MUST return no lease while another one is held, even to its owner; of many simultaneous callers, one gets it.
 *   <li>Each new lease MUST have a greater fencing number than all leases of the tenant before it.
 *   <li>A lease that has ended MUST NOT block the next caller.
 *   <li>{@link #renew} MUST extend the latest lease under the same fencing number, and MUST refuse one that was released or taken
 *       over.
 *   <li>{@link #release} MUST free the tenant at once, and MUST NOT affect a later lease.
 *   <li>{@link #save} MUST refuse a record under a lease after which another one was granted, and keep the stored record.
 *   <li>A durable journal MUST find records, leases and fencing numbers again when it is reopened.
 *   <li>All methods MUST also work on an interrupted thread, and leave it interrupted: a cancelled operation has to release its
 *       lease.
 *   <li>A saved reset MUST be found until another one of the same tenant begins. While it is open, saving MUST change only its phase:
 *       the first snapshot is never overwritten (R20). {@link #saveReset} refuses a lost lease as {@link #save} does, and neither
 *       affects what the other saved.
 *   <li>{@link #forget} MUST leave nothing about a tenant to be found, and MUST refuse while a lease is held or a reset is open, since
 *       what that reset removed could not be restored then (R20). A later lease still has a greater fencing number.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface RefreshJournal {
    /**
     * Returns the record of a tenant, or empty if there is none.
     *
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<TenantRecord> find(TenantId tenant);

    /**
     * Saves a record, which replaces an earlier one for the same tenant, unless another lease was granted since.
     *
     * @param record the record
     * @param lease the lease of the operation; it may have ended, if nobody took it over
     * @return whether it was saved: false if another lease was granted since
     * @throws IllegalArgumentException if record and lease belong to different tenants
     * @throws RefreshJournalException if the journal cannot be written
     */
    boolean save(TenantRecord record, Lease lease);

    /**
     * Returns the latest reset of a tenant, open or ended, or empty if there was none.
     *
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<ResetRecord> findReset(TenantId tenant);

    /**
     * Saves the phase of a reset, unless another lease was granted since. Returns only once it is stored as safely as the journal can:
     * the next step removes what the snapshot contains.
     *
     * @param reset the reset; if one is open already, its snapshot is kept and this one's is ignored
     * @param lease the lease under which the reset is done
     * @return whether it was saved: false if another lease was granted since
     * @throws IllegalArgumentException if snapshot and lease belong to different tenants
     * @throws RefreshJournalException if the journal cannot be written, or the snapshot is too large for it
     */
    boolean saveReset(ResetRecord reset, Lease lease);

    /**
     * Requests the right to work on a tenant.
     *
     * @param tenant the tenant
     * @param owner the caller, 1 to 200 characters, as reported to those that have to wait; it cannot hold two leases of a tenant
     * @param now the time
     * @param duration how long the lease is to last, more than zero
     * @return the lease, or empty while another one is held
     * @throws IllegalArgumentException if the owner or the duration is out of its range
     * @throws RefreshJournalException if the journal cannot be read or written
     */
    Optional<Lease> acquire(TenantId tenant, String owner, Instant now, Duration duration);

    /**
     * Makes sure that a lease is still held, and sets a new end. A lease that has ended can be renewed too, as long as nobody
     * took it over.
     *
     * @param lease the lease
     * @param now the time
     * @param duration how long it is to last from now on, more than zero
     * @return the lease with its new end; empty if it was released or taken over
     * @throws IllegalArgumentException if the duration is zero or less
     * @throws RefreshJournalException if the journal cannot be read or written
     */
    Optional<Lease> renew(Lease lease, Instant now, Duration duration);

    /**
     * Releases a lease. Does nothing if it is no longer held.
     *
     * @param lease the lease
     * @throws RefreshJournalException if the journal cannot be read or written; the lease then expires
     */
    void release(Lease lease);

    /**
     * Returns the latest lease, which may have ended, for callers that have to wait; empty if there is none or it was released. To break
     * a lease manually, release what this returns.
     *
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<Lease> lease(TenantId tenant);

    /**
     * Deletes what is stored about a tenant: its record, its reset if that has ended, and its lease if that has ended.
     *
     * @param tenant the tenant
     * @param now the time
     * @return true once nothing is stored about it, even if nothing was; false, and nothing is deleted, while a lease is held or a reset
     *     is open
     * @throws RefreshJournalException if the journal cannot be read or written, or if its entry is unreadable
     */
    boolean forget(TenantId tenant, Instant now);

    /** Returns whether saved state outlives the process; false unless overridden. */
    default boolean isDurable() {
        return false;
    }
}
