package dev.cpv.graph;

import com.microsoft.graph.serviceclient.GraphServiceClient;
import dev.cpv.graph.internal.client.SdkClients;
import dev.cpv.graph.internal.client.ToolRequests;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import java.util.Objects;

/**
 * Gives a tool the Microsoft Graph SDK for its own work in a tenant: a {@link GraphServiceClient} (v1.0) with the tokens, limits and
 * connections of a {@link GraphTenantDirectory}.
 *
 * <pre>{@code
 * TenantGraphClients clients = TenantGraphClients.of(directory);
 * GraphServiceClient graph = clients.client(tenant);
 * graph.users().get(request -> request.queryParameters.top = 10);
 * }</pre>
 *
 * <p>This is the one class of cpv that needs {@code com.microsoft.graph:microsoft-graph} at run time. A tool that excludes it cannot use
 * this class ({@link NoClassDefFoundError}), and keeps all the rest.
 *
 * <h2>What cpv does with a client's requests</h2>
 *
 * <ul>
 *   <li>Each request asks for the tenant's token of that moment: the one that refreshes use, dropped when they drop it. A token that was
 *       refused before its time is replaced once, and a claims challenge is answered once.
 *   <li>Requests go to Graph's URL of the directory's {@link MicrosoftCloud} alone, next pages and {@code withUrl} included (R24).
 *       Elsewhere neither a token nor a request is sent. Redirects are never followed: to load a file, take its
 *       {@code @microsoft.graph.downloadUrl} with another HTTP client.
 *   <li>The SDK's handlers for retries and redirects are replaced. A request is sent up to six times: after 429 and 503, and
 *       after 500, 502, 504 and a lost answer if it only reads (R17, R26). A {@code Retry-After} that cannot be read means a pause, while the
 *       SDK alone would send again at once.
 *   <li>Writes count against the limits that refreshes keep (R29), and wait for their turn: each request but {@code GET}, {@code HEAD}
 *       and {@code OPTIONS}, and each part of a {@code $batch} that is no {@code GET}.
 *   <li>An answer is at most 16 MiB large and kept in memory, and so is a request's body.
 * </ul>
 *
 * <h2>Failures</h2>
 *
 * <p>An error of Graph's is an {@code ODataError}, the SDK's exception. Where Graph did not answer for itself the exception is a
 * {@link dev.cpv.spi.TenantDirectoryException} with the same failure that a refresh has: a tenant that is not consented
 * ({@code CONSENT_MISSING}), a refused host or a redirect, a lost answer, a timeout, a challenge that no token answers. It is also thrown for a
 * {@code $batch} that was refused as a whole, for which the SDK would give an empty map.
 *
 * <h2>What surprises in the SDK</h2>
 *
 * <p>Seen with microsoft-graph 6.69.0; cpv cannot change it:
 *
 * <ul>
 *   <li>An element that replaces another in a list ({@code set}, or one removed and one added) is not seen: a {@code PATCH} with that object sends
 *       {@code {}}. Give the object a new list by its setter.
 *   <li>An enum value that the SDK does not know is read as null, or left out of a list. A list that was read and is written back
 *       then removes it.
 *   <li>A model is serialised once: the second request with the same object sends {@code {}}. Make a new one for each request.
 *   <li>{@code new BatchRequestContent(client, steps)} takes 19 steps; {@code addBatchRequestStep} takes 20.
 * </ul>
 *
 * <p>Thread-safe, as its clients are. Make one for a directory and share it. There is nothing to close: with the directory closed, each call fails
 * with an {@link IllegalStateException}.
 *
 * @see <a href="https://learn.microsoft.com/graph/sdks/sdks-overview">Microsoft Graph SDKs</a>
 */
public final class TenantGraphClients {
    private final GraphTenantDirectory directory;
    private final ToolRequests requests;
    private final SdkClients clients;

    private TenantGraphClients(GraphTenantDirectory directory) {
        this.directory = directory;
        this.requests = directory.toolRequests();
        this.clients = new SdkClients(requests);
    }

    /**
     * Makes clients over a directory. Nothing is sent yet.
     *
     * @param directory whose tokens, limits and connections are used; stays the caller's
     * @return the clients
     */
    public static TenantGraphClients of(GraphTenantDirectory directory) {
        return new TenantGraphClients(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Makes a client for a tenant. Nothing is sent yet: whether the tenant is consented is known with the first request. A client is cheap and
     * may be kept. For a domain, ask {@link GraphTenantDirectory#resolve} first.
     *
     * @param tenant a customer's tenant, a direct one, or the partner's own
     * @return the client; each request may take ten minutes, its repetitions included
     * @throws IllegalStateException if the directory was closed
     */
    public GraphServiceClient client(TenantId tenant) {
        return client(tenant, RefreshOptions.defaults());
    }

    /**
     * Makes a client for a tenant whose requests may take less time, can be cancelled, or yield to those for which a person waits.
     *
     * @param tenant a customer's tenant, a direct one, or the partner's own
     * @param options of these the timeout (of each request, its repetitions included), the cancellation and the priority count
     * @return the client
     * @throws IllegalStateException if the directory was closed
     */
    public GraphServiceClient client(TenantId tenant, RefreshOptions options) {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(options, "options");
        requests.requireOpen();
        return clients.client(tenant, directory.route(tenant), options);
    }
}
