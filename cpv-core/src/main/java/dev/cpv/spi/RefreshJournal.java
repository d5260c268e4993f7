package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers what became of each tenant, and gives the right to work on it to one operation at a time (R34). Time comes from
 * the callers, whose clocks should agree to within seconds.
 *
 * <p>Rules, each tested by {@code RefreshJournalConformance}:
 *
 * <ol>
 *   <li>A record that was saved MUST be found until another one for the same tenant is saved.
 *   <li>What is remembered of one tenant, record and lease, MUST NOT touch that of another.
 *   <li>All methods MUST be callable from many threads, and where the journal is shared from many processes.
 *   <li>{@link #acquire} MUST give no lease while another one is held, whoever asks; of many who ask at once, one gets it.
 *   <li>Each new lease MUST have a greater fencing number than all leases of the tenant before it.
 *   <li>A lease whose time has come MUST be given to whoever asks next.
 *   <li>{@link #renew} MUST prolong the lease that was given last, under the same fencing number, and MUST refuse one that was
 *       released or taken over.
 *   <li>{@link #release} MUST free the tenant at once, and MUST NOT touch a lease that was given later.
 *   <li>{@link #save} MUST refuse the holder of a lease after which another one was given, and keep what is there.
 *   <li>A durable journal MUST remember records, leases and fencing numbers when it is opened anew.
 *   <li>All methods MUST do their work on a thread that is interrupted too, and leave the interrupt as it was: a cancelled
 *       operation has to give its lease back.
 *   <li>A reset that was saved MUST be found until another one of the same tenant is begun. While it is open, saving MUST change
 *       its phase alone: the first snapshot is never overwritten (R20). {@link #saveReset} refuses who lost the lease, as
 *       {@link #save} does, and neither touches what the other saved.
 *   <li>{@link #forget} MUST leave nothing of a tenant to be found, and MUST refuse while a lease is held or a reset is open: what it
 *       removed cannot be given back then (R20). A lease that is given later has a greater fencing number all the same.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface RefreshJournal {
    /**
     * Finds what is remembered of a tenant.
     *
     * @param tenant the tenant
     * @return the record, or empty if there is none
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<TenantRecord> find(TenantId tenant);

    /**
     * Saves a record in place of an earlier one for the same tenant, unless the tenant has another holder by now.
     *
     * @param record the record
     * @param lease the lease under which the record came about; it may have ended, if nobody took it over
     * @return whether it was saved: false if another lease was given since
     * @throws IllegalArgumentException if record and lease are not of the same tenant
     * @throws RefreshJournalException if the journal cannot be written
     */
    boolean save(TenantRecord record, Lease lease);

    /**
     * Finds the reset of a tenant that was begun last, open or ended.
     *
     * @param tenant the tenant
     * @return the reset, or empty if there was none
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<ResetRecord> findReset(TenantId tenant);

    /**
     * Saves how far a reset came, unless the tenant has another holder by now. Returns only once it is as safe as the journal can
     * make it: the next step removes what the snapshot holds.
     *
     * @param reset the reset; if one is open, its snapshot is kept, whatever is in this one
     * @param lease the lease under which the reset is done
     * @return whether it was saved: false if another lease was given since
     * @throws IllegalArgumentException if snapshot and lease are not of the same tenant
     * @throws RefreshJournalException if the journal cannot be written, or not hold so large a snapshot
     */
    boolean saveReset(ResetRecord reset, Lease lease);

    /**
     * Asks for the right to work on a tenant.
     *
     * @param tenant the tenant
     * @param owner who asks: 1 to 200 characters, for those who have to wait; the same owner may not have two leases either
     * @param now the time
     * @param duration how long the lease is to last, more than zero
     * @return the lease, or empty while another one is held
     * @throws IllegalArgumentException if the owner or the duration is not as it should be
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
     * Gives a lease back. One that is not held any more is left alone.
     *
     * @param lease the lease
     * @throws RefreshJournalException if the journal cannot be read or written; the lease then ends by itself
     */
    void release(Lease lease);

    /**
     * Finds the lease that was given last, for who has to wait. To break a lease by hand, release what this returns.
     *
     * @param tenant the tenant
     * @return the lease, which may have ended; empty if there is none or it was released
     * @throws RefreshJournalException if the journal cannot be read
     */
    Optional<Lease> lease(TenantId tenant);

    /**
     * Forgets a tenant: its record, its resets that have ended, and its lease if that has ended.
     *
     * @param tenant the tenant
     * @param now the time
     * @return whether nothing is remembered of it any more, be it that nothing was; false, and all stays, while a lease is held or a
     *     reset is open
     * @throws RefreshJournalException if the journal cannot be read or written, or if what it remembers is not readable
     */
    boolean forget(TenantId tenant, Instant now);

    /**
     * Says whether what is saved outlives the process.
     *
     * @return whether it does; false unless the journal says otherwise
     */
    default boolean isDurable() {
        return false;
    }
}
