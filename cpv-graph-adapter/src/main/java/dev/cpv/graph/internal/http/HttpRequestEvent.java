package dev.cpv.graph.internal.http;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One HTTP request. */
@Name("dev.cpv.HttpRequest")
@Label("HTTP Request")
@Category("cpv")
@Description("One request to Entra ID, Partner Center or Microsoft Graph")
@StackTrace(false)
public final class HttpRequestEvent extends Event {
    /** The tenant, as its GUID. */
    @Label("Tenant")
    public @Nullable String tenant;

    /** What the request is for. */
    @Label("Kind")
    public @Nullable String kind;

    /** The host it went to. */
    @Label("Host")
    public @Nullable String host;

    /** The HTTP status, or 0 if no answer came. */
    @Label("Status")
    public int status;

    /** Creates an event that has not begun yet. */
    public HttpRequestEvent() {}
}
