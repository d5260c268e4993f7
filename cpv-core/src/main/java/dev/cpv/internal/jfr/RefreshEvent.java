package dev.cpv.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One operation on one tenant. */
@Name("dev.cpv.Refresh")
@Label("Refresh of a Tenant")
@Category("cpv")
@Description("One operation of a CpvClient on one tenant, from the call to its result")
@StackTrace(false)
public final class RefreshEvent extends Event {
    /** The tenant, as its GUID; a domain that did not resolve stands as it was given. */
    @Label("Tenant")
    public @Nullable String tenant;

    /** The operation's wire name, as {@code refresh} or {@code plan-reset}. */
    @Label("Operation")
    public @Nullable String operation;

    /** The result's outcome. */
    @Label("Outcome")
    public @Nullable String outcome;

    /** The code of the failure, if there was one. */
    @Label("Failure Code")
    public @Nullable String failureCode;

    /** How many HTTP requests were sent. */
    @Label("Requests")
    public int requests;

    /** The id under which services and logs know the operation. */
    @Label("Correlation Id")
    public @Nullable String correlationId;

    /** Creates an event that is not yet begun. */
    public RefreshEvent() {}
}
