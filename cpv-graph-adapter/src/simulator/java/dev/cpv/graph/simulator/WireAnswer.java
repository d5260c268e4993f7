package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer of a service. Immutable.
 *
 * @param status the HTTP status; 0 cuts the connection
 * @param headers the headers
 * @param body the body, empty for none
 * @param parts the parts of a batch, for the journal
 * @param delay real time to wait before the answer is sent
 */
record WireAnswer(int status, Map<String, String> headers, String body, List<WireJournal.Part> parts, Duration delay) {
    static final String JSON = "application/json; charset=utf-8";

    /** The connection is cut instead of an answer. */
    static final WireAnswer CUT = empty(0);

    WireAnswer {
        headers = Map.copyOf(headers);
        parts = List.copyOf(parts);
    }

    static WireAnswer of(int status, Map<String, String> headers, String body) {
        return new WireAnswer(status, headers, body, List.of(), Duration.ZERO);
    }

    static WireAnswer json(int status, JsonNode body) {
        return text(status, JSON, body.toString());
    }

    static WireAnswer text(int status, String contentType, String body) {
        return of(status, Map.of("Content-Type", contentType), body);
    }

    static WireAnswer empty(int status) {
        return of(status, Map.of(), "");
    }

    boolean cut() {
        return status == 0;
    }

    WireAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WireAnswer(status, more, body, parts, delay);
    }

    WireAnswer withBody(String text) {
        return new WireAnswer(status, headers, text, parts, delay);
    }

    WireAnswer withParts(List<WireJournal.Part> batchParts) {
        return new WireAnswer(status, headers, body, batchParts, delay);
    }

    WireAnswer withDelay(Duration wait) {
        return new WireAnswer(status, headers, body, parts, wait);
    }
}
