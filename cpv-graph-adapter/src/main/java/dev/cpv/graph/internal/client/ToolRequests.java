package dev.cpv.graph.internal.client;

import dev.cpv.graph.internal.batch.BatchText;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.Wire;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.http.WireException.Reason;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.resilience.WriteLimit;
import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.AuthorizedSender;
import dev.cpv.graph.internal.token.ClaimsChallenge;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.TenantDirectoryException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends the tool's own requests to Graph as cpv sends its own: with the tenant's current token, only to Graph, within the
 * write limits, and with the same retries. Does not depend on the Graph SDK. Thread-safe.
 */
public final class ToolRequests {
    private static final int NOT_MODIFIED = 304;
    private static final int TOO_MANY_REQUESTS = 429;

    private final URI graphUrl;
    private final TokenSource tokens;
    private final Wire wire;
    private final Retries retries;
    private final WriteLimit limit;
    private final Clock clock;
    private final BooleanSupplier closed;

    /**
     * Creates the sender.
     *
     * @param graphUrl Graph's base URL without a version
     * @param tokens the source of tokens
     * @param wire sends the requests
     * @param retries repeats them
     * @param limit limits the rate of writes
     * @param clock the clock that deadlines are taken from
     * @param closed whether the directory was closed
     */
    public ToolRequests(
            URI graphUrl,
            TokenSource tokens,
            Wire wire,
            Retries retries,
            WriteLimit limit,
            Clock clock,
            BooleanSupplier closed) {
        this.graphUrl = graphUrl;
        this.tokens = tokens;
        this.wire = wire;
        this.retries = retries;
        this.limit = limit;
        this.clock = clock;
        this.closed = closed;
    }

    /**
     * Returns the base URL of Graph.
     *
     * @return the URL, without a version
     */
    public URI graphUrl() {
        return graphUrl;
    }

    /**
     * Fails if the directory was closed.
     *
     * @throws IllegalStateException if the directory was closed
     */
    public void requireOpen() {
        if (closed.getAsBoolean()) {
            throw new IllegalStateException(
                    "The GraphTenantDirectory of this client is closed; create a new directory and new clients");
        }
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param tenant the tenant
     * @param route how the tenant is reached
     * @param options the timeout, priority and cancellation
     * @param request the request, without a token
     * @return Graph's answer, its body read as ISO-8859-1; a success, or a refusal of this request alone
     * @throws TenantDirectoryException if there is no token or no answer, or if cpv does not follow the answer, such as a
     *     redirect
     * @throws IllegalStateException if the directory was closed
     * @throws IOException if the request's body cannot be read
     */
    public WireAnswer send(TenantId tenant, TenantRoute route, RefreshOptions options, Request request)
            throws IOException {
        requireOpen();
        RefreshContext context = RefreshContext.start(tenant, route, options, clock.instant());
        try {
            requireGraph(request.url());
            ToolRequest sent = ToolRequest.of(request);
            WireAnswer answer = exchange(context, sent);
            if (isForCpv(answer, sent)) {
                throw new TenantDirectoryException(GraphFailures.classify(asText(answer)), null);
            }
            return answer;
        } catch (WireException e) {
            throw new TenantDirectoryException(WireFailures.classify(e, context), e);
        }
    }

    /** The wire sends to three services, but this token is only for Graph. */
    private void requireGraph(HttpUrl url) throws WireException {
        if (!Wire.origin(url.uri()).equals(Wire.origin(graphUrl))
                || !url.encodedPath().startsWith(graphUrl.getRawPath() + "/")) {
            throw new WireException(
                    Reason.REFUSED_HOST, "Refused to send a token of Microsoft Graph to " + url.host(), null);
        }
    }

    /**
     * Fails after a redirect, a claims challenge that no token satisfies, and a batch that was refused completely, which the SDK
     * would hide.
     */
    private static boolean isForCpv(WireAnswer answer, ToolRequest sent) {
        boolean redirect = answer.status() >= 300 && answer.status() < 400 && answer.status() != NOT_MODIFIED;
        return redirect || ClaimsChallenge.in(answer).isPresent() || (sent.isBatch() && !answer.isSuccess());
    }

    private static WireAnswer asText(WireAnswer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        return WireAnswer.of(answer.status(), answer.headers(), body);
    }

    private WireAnswer exchange(RefreshContext context, ToolRequest request) throws WireException {
        return AuthorizedSender.send(tokens.graphCredential(context), token -> send(context, request, token));
    }

    private WireAnswer send(RefreshContext context, ToolRequest request, AccessToken token) throws WireException {
        Request.Builder authorized = request.request().newBuilder().header("Authorization", token.authorization());
        if (context.options().priority() != Priority.MANUAL) {
            authorized.header("x-ms-throttle-priority", "Low");
        }
        Request ready = authorized.build();
        return retries.send(
                context,
                () -> sendInTurn(context, request, ready),
                answer -> Retries.isWorthRepeating(answer.status(), request.isRead()),
                request.isRead());
    }

    /** Graph counts each attempt, also a refused one. */
    private WireAnswer sendInTurn(RefreshContext context, ToolRequest request, Request ready) throws WireException {
        requireOpen();
        limit.acquire(context, request.writes());
        WireAnswer answer = wire.sendForBytes("client", ready, context);
        limit.learn(context, answer);
        if (request.isBatch() && answer.isSuccess()) {
            BatchText.answers(answer.body(), TOO_MANY_REQUESTS).forEach(part -> limit.learn(context, part));
        }
        return answer;
    }
}
