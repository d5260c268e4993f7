package dev.cpv.graph.internal.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Reads JSON of Entra ID leniently: what cannot be read is missing. */
final class TokenJson {
    private static final int MAX_LENGTH = 1024 * 1024;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_LENGTH)
                    .maxNestingDepth(32)
                    .build())
            .build());

    private TokenJson() {}

    /** Returns the root, or a missing node if the text is no JSON, too long or too deep. */
    static JsonNode parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
