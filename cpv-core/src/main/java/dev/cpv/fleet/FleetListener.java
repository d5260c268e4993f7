package dev.cpv.fleet;

import dev.cpv.CpvResult;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;

/**
 * Is told what happens in a run: {@link #started}, then {@link #tenantDone} once for each tenant that the run comes by, and at last
 * {@link #ended}, always.
 *
 * <p>Called on the run's worker threads, one call at a time, so an implementation need not be thread-safe; while it is at work no
 * other result is told, so that results cannot pile up. What a listener throws is logged and changes nothing.
 */
public interface FleetListener {
    /**
     * The list of tenants is there, or why not will be the alarm of the report.
     *
     * @param run the run
     * @param total how many tenants there are
     */
    default void started(RunRecord run, int total) {}

    /**
     * A tenant has its result. One that an earlier part of a resumed run did is not told again.
     *
     * @param tenant the tenant, as the catalog lists it
     * @param result what its turn came to
     */
    default void tenantDone(CatalogTenant tenant, CpvResult result) {}

    /**
     * The run ended.
     *
     * @param report what it came to
     */
    default void ended(FleetReport report) {}
}
