package dev.cpv.graph;

import com.microsoft.graph.serviceclient.GraphServiceClient;
import dev.cpv.graph.internal.client.SdkClients;
import dev.cpv.graph.internal.client.ToolRequests;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import java.util.Objects;

/**
 * Creates clients of the Microsoft Graph SDK for a tool's own work in a tenant: a {@link GraphServiceClient} (v1.0) with the
 * tokens, limits and connections of a {@link GraphTenantDirectory}.
 *
 * <pre>{@code
 * TenantGraphClients clients = TenantGraphClients.of(directory);
 * GraphServiceClient graph = clients.client(tenant);
 * graph.users().get(request -> request.queryParameters.top = 10);
 * }</pre>
 *
 * <p>This is the only class of cpv that needs {@code com.microsoft.graph:microsoft-graph} at run time. A tool that excludes that
 * dependency cannot use this class ({@link NoClassDefFoundError}); everything else works.
 *
 * <h2>What cpv does with a client's requests</h2>
 *
 * <ul>
 *   <li>Each request uses the tenant's current token, the same one that refreshes use. A token that was refused before it expired
 *       is replaced once, and a claims challenge is answered once.
 *   <li>Requests go only to the Graph URL of the directory's {@link MicrosoftCloud}, also for next pages and {@code withUrl}
 *       (R24). Neither a token nor a request is sent to any other URL. Redirects are never followed: to download a file, use its
 *       {@code @microsoft.graph.downloadUrl} with another HTTP client.
 *   <li>The SDK's handlers for retries and redirects are replaced. A request is sent up to six times: after 429 and 503, and
 *       after 500, 502, 504 and a lost answer if it only reads (R17, R26). After an unreadable {@code Retry-After} cpv pauses,
 *       while the SDK itself would send again at once.
 *   <li>Writes count against the same limits as those of refreshes (R29), and wait for their turn. A write is each request except
 *       {@code GET}, {@code HEAD} and {@code OPTIONS}, and each part of a {@code $batch} except {@code GET}.
 *   <li>A response may have at most 16 MiB. It is held in memory, and so is the body of a request.
 * </ul>
 *
 * <h2>Failures</h2>
 *
 * <p>An error response of Graph becomes an {@code ODataError}, the SDK's exception. Every other failure is a
 * {@link dev.cpv.spi.TenantDirectoryException} with the same failure as in a refresh: a tenant without consent ({@code
 * CONSENT_MISSING}), a refused host or a redirect, a lost answer, a timeout, a claims challenge that no token satisfies. It is
 * also thrown for a {@code $batch} that was refused completely, for which the SDK would return an empty map.
 *
 * <h2>Known problems of the SDK</h2>
 *
 * <p>Observed with microsoft-graph 6.69.0; cpv cannot change them:
 *
 * <ul>
 *   <li>The SDK does not notice that an element of a list was replaced ({@code set}, or one removed and one added): a
 *       {@code PATCH} with that object sends {@code {}}. Set a new list with the setter.
 *   <li>An enum value that the SDK does not know is read as null, or omitted from a list. Writing that list back removes the
 *       value.
 *   <li>An object is serialised only once: the second request with it sends {@code {}}. Create a new object for each request.
 *   <li>{@code new BatchRequestContent(client, steps)} accepts 19 steps; {@code addBatchRequestStep} accepts 20.
 * </ul>
 *
 * <p>Thread-safe, and so are its clients. Create one for a directory and share it. There is nothing to close: after the directory
 * is closed, each call fails with an {@link IllegalStateException}.
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
     * Creates clients over a directory. Nothing is sent yet.
     *
     * @param directory the directory whose tokens, limits and connections are used; the caller closes it
     * @return the clients
     */
    public static TenantGraphClients of(GraphTenantDirectory directory) {
        return new TenantGraphClients(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Creates a client for a tenant. Nothing is sent yet: the first request shows whether the tenant has consented. A client is
     * cheap and may be kept. For a domain, call {@link GraphTenantDirectory#resolve} first.
     *
     * @param tenant a customer tenant, a direct tenant, or the partner tenant
     * @return the client; each request may take ten minutes, including its retries
     * @throws IllegalStateException if the directory was closed
     */
    public GraphServiceClient client(TenantId tenant) {
        return client(tenant, RefreshOptions.defaults());
    }

    /**
     * Creates a client for a tenant whose requests have another timeout, can be cancelled, or have a lower priority than manual
     * work.
     *
     * @param tenant a customer tenant, a direct tenant, or the partner tenant
     * @param options used for the timeout (of each request, including its retries), the cancellation and the priority
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
