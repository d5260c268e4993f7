package dev.cpv.graph.internal.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent. Immutable.
 *
 * @param kind what it is for, as it shows in JFR and logs: {@code token}, {@code consent}, {@code batch} and so on
 * @param method the HTTP method
 * @param url the URL
 * @param headers the headers, including the authorization
 * @param body the body, or null for none
 */
public record WireRequest(
        String kind,
        String method,
        URI url,
        Map<String, String> headers,
        @Nullable String body) {
    /** Creates the request. */
    public WireRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * Returns the request with one more header.
     *
     * @param name its name
     * @param value its value
     * @return a changed request
     */
    public WireRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WireRequest(kind, method, url, more, body);
    }

    /** Shows neither headers nor body: they hold secrets. */
    @Override
    public String toString() {
        return kind + " " + method + " " + url.getHost();
    }
}
