package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Stores what a fleet needs from run to run and the journal does not contain: exclusions and inclusions (R30), the last accepted tenant
 * list (R31), and the last run with the lock that keeps runs from overlapping (R32).
 *
 * <p>Rules, each tested by {@code FleetStoreConformance}:
 *
 * <ol>
 *   <li>What was saved last MUST be found, complete with all its values; before anything was saved, nothing is found.
 *   <li>Tenant list, run and rules MUST NOT change one another.
 *   <li>All methods MUST be callable from many threads, and where the store is shared from many processes.
 *   <li>A durable store MUST find everything again when it is reopened.
 *   <li>{@link #tryLock} MUST return no lock while another one is held; of many simultaneous callers, one gets it. A lock that was
 *       closed, or whose process has ended, MUST NOT block the next one. Closing a lock twice MUST NOT affect a later lock.
 *   <li>A saved rule MUST be found and listed until another one is saved for the same tenant or it is removed. A rule whose end has
 *       passed is kept too: only callers remove rules.
 *   <li>A tenant has at most one rule; a rule of one tenant MUST NOT affect that of another.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface FleetStore {
    /** Returns the last accepted tenant list, or empty if there was none. */
    Optional<AcceptedTenantList> acceptedList();

    /** Saves an accepted tenant list, which replaces the one before completely. */
    void save(AcceptedTenantList list);

    /** Returns the run that was saved last, or empty if there was none. */
    Optional<RunRecord> lastRun();

    /** Saves a run, which replaces the one before. */
    void save(RunRecord run);

    /**
     * Tries to take the lock that one run holds at a time, so that runs never overlap (R32). Does not wait for it.
     *
     * @return the lock, to be closed at the end of the run; empty while another run holds it
     */
    Optional<RunLock> tryLock();

    /** Returns all exclusions and inclusions, sorted by tenant id. */
    List<TenantRule> rules();

    /**
     * Returns the rule of a tenant, or empty if it has none. A run calls this when the tenant's turn comes, so a rule that is made during
     * a run applies to it.
     */
    Optional<TenantRule> findRule(TenantId tenant);

    /** Saves a rule, which replaces an earlier one for the same tenant. */
    void save(TenantRule rule);

    /** Removes the rule of a tenant; does nothing if there is none. */
    void removeRule(TenantId tenant);
}
