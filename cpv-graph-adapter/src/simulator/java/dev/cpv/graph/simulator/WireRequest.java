package dev.cpv.graph.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request as a service sees it: the path without the service's prefix. A part of a batch is one too. Immutable; its
 * text is only method and path, since headers and bodies carry tokens.
 */
public final class WireRequest {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, String> headers;
    private final String body;

    WireRequest(String method, String url, Map<String, String> headers, @Nullable String body) {
        int mark = url.indexOf('?');
        this.method = method.toUpperCase(Locale.ROOT);
        this.path = decode(mark < 0 ? url : url.substring(0, mark), false);
        this.query = mark < 0 ? "" : url.substring(mark + 1);
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        this.headers = Collections.unmodifiableMap(byName);
        this.body = body == null ? "" : body;
    }

    /**
     * The method.
     *
     * @return the method in capitals
     */
    public String method() {
        return method;
    }

    /**
     * The path without the prefix of the service and without the query.
     *
     * @return the decoded path, with a slash at its start
     */
    public String path() {
        return path;
    }

    /**
     * The query as it was sent.
     *
     * @return the raw query without its question mark, empty if there is none
     */
    public String query() {
        return query;
    }

    /**
     * A header.
     *
     * @param name its name in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * The body.
     *
     * @return the text, empty if there is none
     */
    public String body() {
        return body;
    }

    /** Path and query, as the journal shows them. */
    String url() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The parameters of the query, decoded; the last one of several with the same name. */
    Map<String, String> parameters() {
        return parse(query);
    }

    /** The fields of a form body, decoded. */
    Map<String, String> form() {
        return parse(body);
    }

    private static Map<String, String> parse(String encoded) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            int mark = pair.indexOf('=');
            if (mark > 0) {
                parameters.put(decode(pair.substring(0, mark), true), decode(pair.substring(mark + 1), true));
            }
        }
        return parameters;
    }

    /** A plus means a blank in a query or a form, but not in a path. Text that is not well encoded stays as it is. */
    private static String decode(String text, boolean form) {
        try {
            return URLDecoder.decode(form ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
