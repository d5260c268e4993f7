package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what a fleet needs from run to run and no tenant's journal holds: exclusions and inclusions (R30), the last tenant list that was
 * accepted (R31), and the last run with the lock that keeps runs apart (R32).
 *
 * <p>Rules, each tested by {@code FleetStoreConformance}:
 *
 * <ol>
 *   <li>What was saved last MUST be found, whole, with all its values; before the first time nothing is found.
 *   <li>Tenant list, run and rules MUST NOT change one another.
 *   <li>All methods MUST be callable from many threads, and where the store is shared from many processes.
 *   <li>A durable store MUST remember when it is opened again.
 *   <li>{@link #tryLock} MUST give no lock while another one is held; of many callers at once, one gets it. A lock that was closed, or
 *       whose process has ended, MUST NOT block the next one. To close one twice MUST NOT touch a lock that was given later.
 *   <li>A rule that was saved MUST be found and listed until another one is saved for the same tenant or it is removed. A rule whose end
 *       has come is kept too: people remove rules, time does not.
 *   <li>A tenant has one rule at most; a rule of one tenant MUST NOT touch that of another.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface FleetStore {
    /**
     * Finds the last tenant list that was accepted.
     *
     * @return the list, or empty if there was none
     */
    Optional<AcceptedTenantList> acceptedList();

    /**
     * Saves an accepted tenant list whole, in place of the one before.
     *
     * @param list the list
     */
    void save(AcceptedTenantList list);

    /**
     * Finds the run that was saved last.
     *
     * @return the run, or empty if there was none
     */
    Optional<RunRecord> lastRun();

    /**
     * Saves a run, in place of the one before.
     *
     * @param run the run
     */
    void save(RunRecord run);

    /**
     * Tries to take the lock that one run holds at a time, so that runs never overlap (R32). Does not wait for it.
     *
     * @return the lock, to be closed at the end of the run; empty while another run holds it
     */
    Optional<RunLock> tryLock();

    /**
     * Lists the exclusions and inclusions.
     *
     * @return all rules, in the order of their tenants' ids
     */
    List<TenantRule> rules();

    /**
     * Finds the rule of a tenant. A run asks when the tenant's turn comes, so a rule that is made during a run holds in it.
     *
     * @param tenant the tenant
     * @return its rule, or empty if it has none
     */
    Optional<TenantRule> findRule(TenantId tenant);

    /**
     * Saves a rule in place of an earlier one for the same tenant.
     *
     * @param rule the rule
     */
    void save(TenantRule rule);

    /**
     * Removes the rule of a tenant; without one, nothing happens.
     *
     * @param tenant the tenant
     */
    void removeRule(TenantId tenant);
}
