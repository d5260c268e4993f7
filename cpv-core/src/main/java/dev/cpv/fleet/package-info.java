/**
 * The fleet: all tenants of a partner, refreshed night by night. Start at {@link dev.cpv.fleet.FleetRefresh};
 * {@link dev.cpv.fleet.NightlySchedule} says when runs start.
 */
@NullMarked
package dev.cpv.fleet;

import org.jspecify.annotations.NullMarked;
