package dev.cpv.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cpv.graph.PartnerCenterWebhooks;
import dev.cpv.graph.PartnerEvent;
import dev.cpv.graph.WebhookResult;
import dev.cpv.model.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Receives Partner Center's webhooks with the JDK's HTTP server, and reports which tenant to refresh, and when. */
public final class WebhookServer implements AutoCloseable {
    /** More than any event needs; a longer body fails verification. */
    private static final int MAX_BODY_BYTES = 100_000;

    private final PartnerCenterWebhooks webhooks;
    private final BiConsumer<TenantId, Instant> refreshAt;
    private final HttpServer server;

    /**
     * Starts a server.
     *
     * @param address the address to listen on
     * @param webhooks verifies and reads the requests
     * @param refreshAt receives each tenant to refresh, with the time before which a refresh is of no use
     * @throws IOException if the address cannot be used
     */
    public WebhookServer(
            InetSocketAddress address, PartnerCenterWebhooks webhooks, BiConsumer<TenantId, Instant> refreshAt)
            throws IOException {
        this.webhooks = webhooks;
        this.refreshAt = refreshAt;
        server = HttpServer.create(address, 0);
        server.createContext("/partner-center", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            int status = take(first(exchange), in.readNBytes(MAX_BODY_BYTES));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private static Map<String, String> first(HttpExchange exchange) {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        return headers;
    }

    private int take(Map<String, String> headers, byte[] body) {
        // tag::webhook
        WebhookResult result = webhooks.receive(headers, body);
        result.event().ifPresent(this::schedule);
        return result.verdict().httpStatus(); // 2xx: accepted; 503: deliver it again; otherwise: rejected
        // end::webhook
    }

    private void schedule(PartnerEvent event) {
        event.tenantToRefresh().ifPresent(tenant -> refreshAt.accept(tenant, event.notBefore()));
    }

    /**
     * Returns the address on which the server listens.
     *
     * @return the address
     */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.stop(0);
    }
}
