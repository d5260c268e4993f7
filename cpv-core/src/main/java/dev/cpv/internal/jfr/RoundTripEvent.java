package dev.cpv.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One call of a directory within an operation. */
@Name("dev.cpv.RoundTrip")
@Label("Directory Round Trip")
@Category("cpv")
@Description("One call of a TenantDirectory: observe, definitions or apply")
@StackTrace(false)
public final class RoundTripEvent extends Event {
    /** The tenant, as its GUID. */
    @Label("Tenant")
    public @Nullable String tenant;

    /** {@code observe}, {@code definitions} or {@code apply}. */
    @Label("Call")
    public @Nullable String call;

    /** How many steps were handed over; zero for a read. */
    @Label("Steps")
    public int steps;

    /** How many HTTP requests the call sent. */
    @Label("Requests")
    public int requests;

    /** Creates an event that is not yet begun. */
    public RoundTripEvent() {}
}
