package dev.cpv.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One run over the fleet. */
@Name("dev.cpv.FleetRun")
@Label("Run over the Fleet")
@Category("cpv")
@Description("One run of a FleetRefresh, from the list of tenants to the report")
@StackTrace(false)
public final class FleetRunEvent extends Event {
    /** The run's id. */
    @Label("Run")
    public @Nullable String run;

    /** How many tenants there were. */
    @Label("Tenants")
    public int tenants;

    /** How many of them need attention. */
    @Label("Attention")
    public int attention;

    /** The code of the alarm that stopped the run, if one did. */
    @Label("Alarm")
    public @Nullable String alarm;

    /** How many HTTP requests were sent for tenants. */
    @Label("Requests")
    public long requests;

    /** Creates an event that is not yet begun. */
    public FleetRunEvent() {}
}
