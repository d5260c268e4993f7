package dev.cpv.spi;

import dev.cpv.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the exclusions and inclusions (R30), apart from the catalog: a new list of tenants does not touch them.
 *
 * <p>Rules, each tested by {@code TenantRuleStoreConformance}:
 *
 * <ol>
 *   <li>A rule that was put MUST be found and listed, with all that it says, until another one is put for the same tenant or it is
 *       removed. Also one whose end has come: to forget is for people.
 *   <li>A tenant has one rule at most; a rule of one tenant MUST NOT touch that of another.
 *   <li>All methods MUST be callable from many threads, and where the store is shared from many processes.
 *   <li>A durable store MUST remember when it is opened anew.
 * </ol>
 *
 * <p>All methods may block for I/O, and throw {@link RefreshJournalException} if that fails.
 */
public interface TenantRuleStore {
    /**
     * Lists the rules.
     *
     * @return all rules, in the order of their tenants' ids
     */
    List<TenantRule> list();

    /**
     * Finds the rule of a tenant; asked when the tenant's turn comes, so that a rule made during a run holds in it.
     *
     * @param tenant the tenant
     * @return its rule, or empty if it has none
     */
    Optional<TenantRule> find(TenantId tenant);

    /**
     * Puts a rule in place of an earlier one for the same tenant.
     *
     * @param rule the rule
     */
    void put(TenantRule rule);

    /**
     * Removes the rule of a tenant; without one, nothing happens.
     *
     * @param tenant the tenant
     */
    void remove(TenantId tenant);

    /**
     * Makes a store that remembers as long as the process lives.
     *
     * @return a new, empty store
     */
    static TenantRuleStore inMemory() {
        return new InMemoryFleetState();
    }
}
