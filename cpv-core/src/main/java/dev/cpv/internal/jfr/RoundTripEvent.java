package dev.cpv.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One call of an operation to its tenant. */
@Name("dev.cpv.RoundTrip")
@Label("Directory Round Trip")
@Category("cpv")
@Description("One call of an operation to its tenant")
@StackTrace(false)
public final class RoundTripEvent extends Event {
    /** The tenant, as its GUID. */
    @Label("Tenant")
    public @Nullable String tenant;

    /** The name of the method, as {@code observe} or {@code apply}. */
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
