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

/** A server of the JDK that takes Partner Center's webhooks and says which tenant to refresh, and when. */
public final class WebhookServer implements AutoCloseable {
    /** More than an event takes; what is longer is refused by its length. */
    private static final int MAX_BODY_BYTES = 100_000;

    private final PartnerCenterWebhooks webhooks;
    private final BiConsumer<TenantId, Instant> refreshAt;
    private final HttpServer server;

    /**
     * Starts a server.
     *
     * @param address where it listens
     * @param webhooks verifies and reads what comes
     * @param refreshAt takes each tenant to refresh, with the time before which that is of no use
     * @throws IOException if it cannot listen there
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
        return result.verdict().httpStatus(); // 2xx: taken; 503: deliver it again; all else: refused
        // end::webhook
    }

    private void schedule(PartnerEvent event) {
        event.tenantToRefresh().ifPresent(tenant -> refreshAt.accept(tenant, event.notBefore()));
    }

    /**
     * Returns where it listens.
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
