package dev.cpv.graph.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP response, or one part of a batch's response. Immutable.
 *
 * @param status the HTTP status
 * @param headers the headers, by name in any case; of several with one name, the last
 * @param body the body, bounded in size; empty if there was none
 */
public record WireAnswer(int status, Map<String, String> headers, String body) {
    /** Creates the answer. */
    public WireAnswer {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
    }

    /**
     * Creates an answer from bytes.
     *
     * @param status the HTTP status
     * @param headers the headers
     * @param body the body in UTF-8
     * @return the answer
     */
    public static WireAnswer of(int status, Map<String, String> headers, byte[] body) {
        return new WireAnswer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    /**
     * Returns whether the status is a success.
     *
     * @return whether it is 2xx
     */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /**
     * Finds a header.
     *
     * @param name its name, in any case
     * @return its value, or empty
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * Returns the id that the service gave to the request.
     *
     * @return the id from the headers, or empty
     */
    public Optional<String> requestId() {
        return header("request-id").or(() -> header("x-ms-request-id")).or(() -> header("MS-RequestId"));
    }

    /** Shows the status only: a body can hold a token. */
    @Override
    public String toString() {
        return "HTTP " + status;
    }
}
