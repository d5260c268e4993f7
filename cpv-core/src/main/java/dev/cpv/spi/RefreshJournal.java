package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.Optional;

/**
 * Remembers what became of each tenant. Rules: (1) a record that was saved is found until another one for the same tenant
 * is saved; (2) records of different tenants do not touch each other; (3) all methods can be called from many threads.
 */
public interface RefreshJournal {
    /**
     * Finds what is remembered of a tenant.
     *
     * @param tenant the tenant
     * @return the record, or empty if there is none
     */
    Optional<TenantRecord> find(TenantId tenant);

    /**
     * Saves a record in place of an earlier one for the same tenant.
     *
     * @param record the record
     */
    void save(TenantRecord record);

    /**
     * Makes a journal that remembers as long as the process lives.
     *
     * @return a new, empty journal
     */
    static RefreshJournal inMemory() {
        return new InMemoryRefreshJournal();
    }
}
