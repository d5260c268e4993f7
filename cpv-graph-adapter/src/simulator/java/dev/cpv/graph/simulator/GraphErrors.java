package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;

/** Turns refusals into answers, in the shape that is set for the tenant. */
final class GraphErrors {
    /** The ids and the time of a request. */
    record Trace(String requestId, String clientRequestId, Instant at) {}

    private GraphErrors() {}

    static GraphAnswer answer(GraphError error, GraphErrorBody shape, Trace trace) {
        GraphAnswer empty = new GraphAnswer(error.status(), error.headers(), null);
        return switch (shape) {
            case EMPTY -> empty;
            case HTML ->
                empty.withBody(TextNode.valueOf("<html><body><h1>" + error.status() + "</h1></body></html>"))
                        .withHeader("Content-Type", "text/html");
            case LEGACY_ROOT -> empty.withBody(Json.object().set("odata.error", inside(error, shape, trace)));
            default -> empty.withBody(Json.object().set("error", inside(error, shape, trace)));
        };
    }

    private static ObjectNode inside(GraphError error, GraphErrorBody shape, Trace trace) {
        ObjectNode node = Json.object();
        node.put("code", shape == GraphErrorBody.EMPTY_CODE ? "" : error.code());
        if (shape == GraphErrorBody.MESSAGE_OBJECT || shape == GraphErrorBody.LEGACY_ROOT) {
            node.putObject("message").put("lang", "en").put("value", error.message());
        } else {
            node.put("message", error.message());
        }
        if (!error.details().isEmpty()) {
            node.set("details", details(error, shape));
        }
        if (shape != GraphErrorBody.LEGACY_ROOT) {
            node.set(shape == GraphErrorBody.LOWER_CASE ? "innererror" : "innerError", inner(error, shape, trace));
        }
        return node;
    }

    private static JsonNode details(GraphError error, GraphErrorBody shape) {
        ArrayNode details = Json.array();
        for (GraphError.Detail detail : error.details()) {
            details.addObject()
                    .put("code", detail.code())
                    .put("message", detail.message())
                    .put("target", detail.target());
        }
        return shape == GraphErrorBody.DETAILS_OBJECT ? details.get(0) : details;
    }

    private static ObjectNode inner(GraphError error, GraphErrorBody shape, Trace trace) {
        ObjectNode inner = Json.object();
        if (error.status() == 429) {
            inner.put("code", "429").put("message", "Please retry after").put("status", "429");
        }
        if (shape == GraphErrorBody.NESTED) {
            inner.put("code", error.code()).put("message", error.message());
            inner.putObject("innerError").put("code", "Nested").put("message", "Further down");
        }
        return inner.put("date", trace.at().toString().substring(0, 19))
                .put("request-id", trace.requestId())
                .put("client-request-id", trace.clientRequestId());
    }
}
