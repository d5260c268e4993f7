package dev.cpv.graph.internal.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.graph.core.requests.GraphClientFactory;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.kiota.RequestOption;
import com.microsoft.kiota.http.middleware.RedirectHandler;
import com.microsoft.kiota.http.middleware.RetryHandler;
import dev.cpv.graph.internal.failure.GraphFailures;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Clients of the Graph SDK over one HTTP client that never connects: its last handler passes every request to
 * {@link ToolRequests}, which replaces the SDK's handlers for retries and redirects. Thread-safe.
 */
public final class SdkClients {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final MediaType JSON = MediaType.get("application/json");

    private final ToolRequests requests;
    private final OkHttpClient http;

    /**
     * Creates the HTTP client.
     *
     * @param requests sends the requests
     */
    public SdkClients(ToolRequests requests) {
        this.requests = requests;
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        for (Interceptor handler : GraphClientFactory.createDefaultGraphInterceptors(new RequestOption[0])) {
            if (!(handler instanceof RetryHandler || handler instanceof RedirectHandler)) {
                builder.addInterceptor(handler);
            }
        }
        http = builder.addInterceptor(chain -> send(chain.request())).build();
    }

    /**
     * Creates a client for a tenant. Nothing is sent yet.
     *
     * @param tenant the tenant
     * @param route how the tenant is reached
     * @param options the timeout, priority and cancellation of each request
     * @return the client
     */
    public GraphServiceClient client(TenantId tenant, TenantRoute route, RefreshOptions options) {
        List<RequestOption> whose = List.of(new Whose(tenant, route, options));
        GraphServiceClient client =
                new GraphServiceClient((request, context) -> request.addRequestOptions(whose), http);
        client.getRequestAdapter().setBaseUrl(requests.graphUrl() + "/v1.0");
        return client;
    }

    private Response send(Request request) throws IOException {
        @Nullable Whose whose = request.tag(Whose.class);
        if (whose == null) {
            throw new IllegalStateException("Only requests of a client's own builders are sent");
        }
        WireAnswer answer = requests.send(whose.tenant(), whose.route(), whose.options(), request);
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(answer.status())
                .message("")
                .headers(headers(answer))
                .body(body(answer))
                .build();
    }

    /**
     * Removes the claims challenge: the SDK would send the request again because of it, and cpv has already tried another token.
     */
    private static Headers headers(WireAnswer answer) {
        Headers.Builder headers = new Headers.Builder();
        answer.headers().forEach(headers::addUnsafeNonAscii);
        return headers.removeAll("WWW-Authenticate").build();
    }

    /** Gives every error the form of Graph's: on any other form the SDK loses the status or fails. */
    private static ResponseBody body(WireAnswer answer) {
        byte[] bytes = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        if (answer.status() < 400) {
            return ResponseBody.create(
                    bytes, answer.header("Content-Type").map(MediaType::parse).orElse(null));
        }
        return ResponseBody.create(isError(bytes) ? bytes : error(answer, bytes), JSON);
    }

    private static boolean isError(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes).path("error").isObject();
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] error(WireAnswer answer, byte[] bytes) {
        CpvFailure failure = GraphFailures.classify(WireAnswer.of(answer.status(), answer.headers(), bytes));
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("error").put("code", "HTTP " + answer.status()).put("message", failure.message());
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The tenant of a request: the HTTP client is shared by all tenants. */
    private record Whose(TenantId tenant, TenantRoute route, RefreshOptions options) implements RequestOption {
        @Override
        @SuppressWarnings("unchecked") // The signature allows any type, but the SDK asks only for this one.
        public <T extends RequestOption> Class<T> getType() {
            return (Class<T>) Whose.class;
        }
    }
}
