package dev.cpv.spi;

import java.util.Optional;

/**
 * Remembers from run to run what is no tenant's own: the last list that was accepted (R31) and the last run (R32).
 *
 * <p>Rules, each tested by {@code FleetJournalConformance}:
 *
 * <ol>
 *   <li>What was saved last MUST be found, whole, with all that it says; before the first time nothing is found.
 *   <li>AcceptedTenantList and run MUST NOT touch each other.
 *   <li>All methods MUST be callable from many threads, and where the journal is shared from many processes.
 *   <li>A durable journal MUST remember when it is opened anew.
 *   <li>{@link #claim} MUST give no claim while another one is held; of many who ask at once, one gets it. One that was given back, or
 *       whose process has ended, MUST NOT be in the way. To give one back twice MUST NOT touch a claim that was given later.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface FleetJournal {
    /**
     * Finds the last list that was accepted.
     *
     * @return the roster, or empty if there was none
     */
    Optional<AcceptedTenantList> roster();

    /**
     * Saves a roster whole, in place of the one before.
     *
     * @param roster the roster
     */
    void save(AcceptedTenantList roster);

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
     * Asks for the right to run, so that runs never overlap (R32).
     *
     * @return the right, to be given back at the end of the run; empty while another run has it
     */
    Optional<RunLock> claim();

    /**
     * Makes a journal that remembers as long as the process lives.
     *
     * @return a new, empty journal
     */
    static FleetJournal inMemory() {
        return new InMemoryFleetState();
    }
}
