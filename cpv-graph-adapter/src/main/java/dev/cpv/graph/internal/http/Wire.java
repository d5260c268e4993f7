package dev.cpv.graph.internal.http;

import dev.cpv.graph.internal.http.WireException.Reason;
import dev.cpv.spi.RefreshContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests on the calling thread, only to the configured hosts, only over TLS (loopback excepted), with bounded
 * answers and without following redirects (R24). Thread-safe.
 */
public final class Wire implements AutoCloseable {
    /** The Microsoft Graph principal with its definition takes 0.3 MiB; a batch of several stays below this. */
    private static final long MAX_ANSWER_BYTES = 16L * 1024 * 1024;

    private static final String CHALLENGE = "WWW-Authenticate";
    private static final Duration LONGEST_CALL = Duration.ofSeconds(100);

    private final OkHttpClient client;
    private final Set<String> allowedOrigins = new HashSet<>();
    private final Clock clock;

    /**
     * Creates a wire with connections of its own.
     *
     * @param baseUrls the services that requests may go to
     * @param clock the clock that deadlines are taken from
     */
    public Wire(List<URI> baseUrls, Clock clock) {
        this.clock = clock;
        baseUrls.forEach(url -> allowedOrigins.add(origin(url)));
        client = new OkHttpClient.Builder()
                .socketFactory(new NoDelaySocketFactory())
                .connectionPool(new ConnectionPool(64, 2, TimeUnit.MINUTES))
                .followRedirects(false)
                .followSslRedirects(false)
                // Only one layer repeats requests: the one that knows whether it may (R26).
                .retryOnConnectionFailure(false)
                .connectTimeout(Duration.ofSeconds(20))
                .readTimeout(LONGEST_CALL)
                .writeTimeout(LONGEST_CALL)
                .build();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param request the request
     * @param context the operation; its deadline bounds the call
     * @return the answer, whatever its status
     * @throws WireException if no answer came
     */
    public WireAnswer send(WireRequest request, RefreshContext context) throws WireException {
        return send(request, context, MAX_ANSWER_BYTES, StandardCharsets.UTF_8);
    }

    /**
     * Sends a request whose answer is binary, and waits for its answer.
     *
     * @param request the request
     * @param context the operation; its deadline bounds the call
     * @param maxBytes how large the answer may be
     * @return the answer, whatever its status; its body read as ISO-8859-1, which keeps every byte
     * @throws WireException if no answer came
     */
    public WireAnswer sendForBytes(WireRequest request, RefreshContext context, int maxBytes) throws WireException {
        return send(request, context, maxBytes, StandardCharsets.ISO_8859_1);
    }

    private WireAnswer send(WireRequest request, RefreshContext context, long maxBytes, Charset charset)
            throws WireException {
        requireAllowed(request.url());
        return exchange(request.kind(), toOkHttp(request), context, maxBytes, charset);
    }

    /**
     * Sends a request that cpv did not build itself, unchanged, and waits for its answer.
     *
     * @param kind what it is for, as it shows in JFR and logs
     * @param request the request
     * @param context the operation; its deadline bounds the call
     * @return the answer, whatever its status; its body read as ISO-8859-1, which keeps every byte
     * @throws WireException if no answer came
     */
    public WireAnswer sendForBytes(String kind, Request request, RefreshContext context) throws WireException {
        requireAllowed(request.url().uri());
        return exchange(kind, request, context, MAX_ANSWER_BYTES, StandardCharsets.ISO_8859_1);
    }

    private WireAnswer exchange(String kind, Request request, RefreshContext context, long maxBytes, Charset charset)
            throws WireException {
        Instant now = clock.instant();
        if (context.isCancelled() || !now.isBefore(context.deadline())) {
            throw new WireException(Reason.CANCELLED, "No time was left for the request", null);
        }
        Duration left = context.timeLeft(now);
        Call call = client.newCall(request);
        call.timeout()
                .timeout(
                        left.compareTo(LONGEST_CALL) < 0 ? left.toNanos() : LONGEST_CALL.toNanos(),
                        TimeUnit.NANOSECONDS);
        context.countRequest();
        HttpRequestEvent event = new HttpRequestEvent();
        event.begin();
        int status = 0;
        try (Response response = call.execute()) {
            status = response.code();
            return new WireAnswer(status, headers(response), body(response, maxBytes, charset));
        } catch (WireException e) {
            throw e;
        } catch (IOException e) {
            throw lost(e);
        } finally {
            commit(event, kind, request.url().host(), context, status);
        }
    }

    private static void commit(HttpRequestEvent event, String kind, String host, RefreshContext context, int status) {
        event.end();
        if (event.shouldCommit()) {
            event.tenant = context.tenant().toString();
            event.kind = kind;
            event.host = host;
            event.status = status;
            event.commit();
        }
    }

    private void requireAllowed(URI url) throws WireException {
        if (!allowedOrigins.contains(origin(url))) {
            throw new WireException(
                    Reason.REFUSED_HOST, "Refused to send a request to the foreign host " + url.getHost(), null);
        }
    }

    private static Request toOkHttp(WireRequest request) {
        Request.Builder builder = new Request.Builder().url(request.url().toString());
        request.headers().forEach(builder::header);
        String body = request.body();
        MediaType type = MediaType.parse(request.headers().getOrDefault("Content-Type", "application/json"));
        return builder.method(
                        request.method(),
                        body == null ? null : RequestBody.create(body.getBytes(StandardCharsets.UTF_8), type))
                .build();
    }

    private static Map<String, String> headers(Response response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
        List<String> challenges = response.headers(CHALLENGE);
        if (challenges.size() > 1) {
            headers.keySet().removeIf(CHALLENGE::equalsIgnoreCase);
            headers.put(CHALLENGE, String.join(", ", challenges)); // Any of them may be the one that counts.
        }
        return headers;
    }

    private static String body(Response response, long maxBytes, Charset charset) throws IOException {
        @Nullable ResponseBody body = response.body();
        if (body == null) {
            return "";
        }
        BufferedSource source = body.source();
        if (source.request(maxBytes + 1)) {
            throw new WireException(Reason.TOO_LARGE, "The answer is larger than " + maxBytes + " bytes", null);
        }
        return source.readString(charset);
    }

    private static WireException lost(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new WireException(Reason.CANCELLED, "The thread was interrupted", e);
        }
        boolean neverSent = e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException
                || e instanceof SSLPeerUnverifiedException;
        String what = e instanceof InterruptedIOException
                ? "No answer in time"
                : e.getClass().getSimpleName();
        return new WireException(
                neverSent ? Reason.NOT_REACHED : Reason.ANSWER_LOST,
                what + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                e);
    }

    /**
     * Returns the server of a URL.
     *
     * @param url an absolute URL
     * @return scheme, host and port in lower case
     */
    public static String origin(URI url) {
        int port = url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
        return (url.getScheme() + "://" + url.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    /** Closes idle connections; connections in use are closed after their requests. */
    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
