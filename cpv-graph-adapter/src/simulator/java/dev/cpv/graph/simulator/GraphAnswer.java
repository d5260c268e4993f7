package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of Microsoft Graph to one request or to one part of a batch. Its body stays JSON until it is sent, so that
 * a batch can include it unchanged.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body: a text node if it is not JSON, null if there is none
 */
record GraphAnswer(
        int status, Map<String, String> headers, @Nullable JsonNode body) {
    private static final String CONTENT_TYPE =
            "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    GraphAnswer {
        headers = Map.copyOf(headers);
    }

    static GraphAnswer ok(JsonNode body) {
        return new GraphAnswer(200, Map.of(), body);
    }

    static GraphAnswer created(JsonNode body, String location) {
        return new GraphAnswer(201, Map.of("Location", location), body);
    }

    static GraphAnswer noContent() {
        return new GraphAnswer(204, Map.of(), null);
    }

    boolean failed() {
        return status == 0 || status >= 400;
    }

    GraphAnswer withStatus(int value) {
        return new GraphAnswer(value, headers, body);
    }

    GraphAnswer withBody(JsonNode content) {
        return new GraphAnswer(status, headers, content);
    }

    GraphAnswer withHeader(String name, String value) {
        return withHeaders(Map.of(name, value));
    }

    GraphAnswer withHeaders(Map<String, String> added) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.putAll(added);
        return new GraphAnswer(status, more, body);
    }

    /** The same answer with a content type, if it has a body. */
    GraphAnswer typed() {
        return body == null || headers.containsKey("Content-Type") ? this : withHeader("Content-Type", CONTENT_TYPE);
    }

    WireAnswer toWire() {
        GraphAnswer typed = typed();
        return WireAnswer.of(status, typed.headers, text(body));
    }

    private static String text(@Nullable JsonNode content) {
        if (content == null) {
            return "";
        }
        return content instanceof TextNode text ? text.asText() : content.toString();
    }
}
