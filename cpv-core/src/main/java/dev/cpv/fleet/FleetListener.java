package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;

/**
 * Receives the events of a run: {@link #started}, then {@link #tenantDone} once for each tenant, and at the end {@link #ended}, always.
 *
 * <p>Called on the run's worker threads, one call at a time, so an implementation need not be thread-safe. While it works, no other
 * result is passed on, so results cannot pile up. An exception of a listener is logged and changes nothing.
 */
public interface FleetListener {
    /**
     * The list of tenants was read; if it could not be read, the alarm of the report says why.
     *
     * @param run the run
     * @param total how many tenants there are; zero without a list
     */
    default void started(RunRecord run, int total) {}

    /**
     * A tenant has its result. A tenant that an earlier part of a resumed run did is not reported again.
     *
     * @param tenant the tenant, as the catalog lists it
     * @param result its result
     */
    default void tenantDone(CatalogTenant tenant, CpvResult result) {}

    /**
     * The run ended.
     *
     * @param report the report
     */
    default void ended(FleetReport report) {}
}
