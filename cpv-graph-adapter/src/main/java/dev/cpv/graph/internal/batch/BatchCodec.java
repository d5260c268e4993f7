package dev.cpv.graph.internal.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON of a batch and its answer, see https://learn.microsoft.com/graph/json-batching. A part's id is its position in
 * the batch; answers come in any order.
 */
final class BatchCodec {
    /** Microsoft Graph accepts no more parts in one batch. */
    static final int MAX_PARTS = 20;

    private BatchCodec() {}

    static String encode(List<BatchPart> parts) {
        if (parts.isEmpty() || parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("A batch holds 1 to " + MAX_PARTS + " parts, not " + parts.size());
        }
        StringWriter text = new StringWriter(256 * parts.size());
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("requests");
            for (int place = 0; place < parts.size(); place++) {
                encode(json, place, parts.get(place));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void encode(JsonGenerator json, int place, BatchPart part) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", String.valueOf(place));
        json.writeStringField("method", part.method());
        json.writeStringField("url", part.url());
        String body = part.body();
        if (body != null) {
            json.writeObjectFieldStart("headers");
            json.writeStringField("Content-Type", "application/json");
            json.writeEndObject();
            json.writeFieldName("body");
            json.writeRawValue(body);
        }
        json.writeEndObject();
    }

    /**
     * Reads a batch's answer.
     *
     * @return the answers by position; a part without an answer is omitted
     * @throws IOException if the body is not such an answer
     */
    static Map<Integer, BatchResponse> decode(String body, int parts) throws IOException {
        JsonNode responses = Json.read(body).path("responses");
        if (!responses.isArray()) {
            throw new IOException("The answer to a batch has no responses");
        }
        Map<Integer, BatchResponse> answers = new HashMap<>();
        for (JsonNode response : responses) {
            int place = place(response.path("id").asText());
            int status = response.path("status").asInt();
            if (place >= 0 && place < parts && status > 0) {
                answers.put(place, BatchResponse.of(status, headers(response.path("headers")), response.path("body")));
            }
        }
        return answers;
    }

    private static int place(String id) {
        boolean isPlace = !id.isEmpty() && id.length() <= 2 && id.chars().allMatch(c -> c >= '0' && c <= '9');
        return isPlace ? Integer.parseInt(id) : -1;
    }

    static Map<String, String> headers(JsonNode headers) {
        Map<String, String> read = new HashMap<>();
        headers.properties()
                .forEach(header -> read.put(header.getKey(), header.getValue().asText()));
        return read;
    }
}
