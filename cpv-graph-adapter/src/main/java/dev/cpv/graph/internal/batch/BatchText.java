package dev.cpv.graph.internal.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.json.Json;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the text of a batch that cpv did not build itself. Pure functions that never throw. */
public final class BatchText {
    private BatchText() {}

    /**
     * Counts the parts that write.
     *
     * @param request the body of a batch
     * @return the number of parts other than {@code GET}; 1 if the body cannot be read, since Graph refuses that as one request
     */
    public static int writes(String request) {
        JsonNode parts = parse(request).path("requests");
        if (!parts.isArray()) {
            return 1;
        }
        return (int) elements(parts)
                .filter(part -> !part.path("method").asText("").equalsIgnoreCase("GET"))
                .count();
    }

    /**
     * Finds the answers of one status.
     *
     * @param response the body of a batch's answer
     * @param status the status
     * @return the answers to parts that have it, without their bodies
     */
    public static List<WireAnswer> answers(String response, int status) {
        return elements(parse(response).path("responses"))
                .filter(part -> part.path("status").asInt() == status)
                .map(part -> new WireAnswer(status, BatchCodec.headers(part.path("headers")), ""))
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static JsonNode parse(String text) {
        try {
            return Json.read(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
