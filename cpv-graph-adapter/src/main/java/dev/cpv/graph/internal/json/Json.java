package dev.cpv.graph.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the adapter's JSON. Everything that is read is bounded in depth and in the length of its texts, names and
 * numbers, because it comes from outside; the total size of an answer is bounded where it is received. Pure functions.
 */
public final class Json {
    /** The most characters that {@link #readOrMissing} reads: its texts have some thousand. */
    private static final int MAX_LENIENT = 1024 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(4 * 1024 * 1024)
                            .maxNameLength(1000)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private static final ObjectReader STRICT = MAPPER.reader()
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * Reads a text.
     *
     * @param text the text
     * @return its root; missing if the text is empty
     * @throws JsonProcessingException if it is no JSON, or beyond the bounds
     */
    public static JsonNode read(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /**
     * Reads a short text of any content.
     *
     * @param text the text
     * @return its root; missing if the text is empty, is no JSON, or is beyond the bounds
     */
    public static JsonNode readOrMissing(String text) {
        if (text.length() > MAX_LENIENT) {
            return MissingNode.getInstance();
        }
        try {
            return read(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /**
     * Reads a text that nothing may follow and in which no object has two members of one name.
     *
     * @param text the text in UTF-8
     * @return its root; missing if the text is empty
     * @throws IOException if it is no such JSON, or beyond the bounds
     */
    public static JsonNode readStrictly(byte[] text) throws IOException {
        return STRICT.readTree(text);
    }

    /**
     * Opens a text that is read piece by piece.
     *
     * @param text the text
     * @return a parser that can also read trees
     * @throws IOException if the text cannot be opened
     */
    public static JsonParser parser(String text) throws IOException {
        return MAPPER.createParser(text);
    }

    /**
     * Opens a text that is written piece by piece.
     *
     * @param text takes the text
     * @return a generator
     * @throws IOException if the text cannot be written
     */
    public static JsonGenerator generator(Writer text) throws IOException {
        return MAPPER.createGenerator(text);
    }

    /**
     * Returns a member that has to be a text.
     *
     * @param parent an object, or anything else, which has no members
     * @param name the member's name
     * @return the text; empty if there is no such member, or if it is not a text
     */
    public static String text(JsonNode parent, String name) {
        @Nullable String text = parent.path(name).textValue();
        return text == null ? "" : text;
    }
}
