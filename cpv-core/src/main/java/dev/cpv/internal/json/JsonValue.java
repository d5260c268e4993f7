package dev.cpv.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parsed JSON value with its path, so that an error can name the place. Immutable. */
public final class JsonValue {
    /** The longest text that is read, in characters; a manifest of 1,000 permissions has about 100,000. */
    public static final int MAX_LENGTH = 4 * 1024 * 1024;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 64 * 1024;
    /** The names of members are foreign text too, and an error is one line in a log. */
    private static final int MAX_SHOWN = 200;

    private static final ObjectMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_LENGTH)
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MEMBERS = new TypeReference<>() {};

    private final JsonNode node;
    private final String path;

    private JsonValue(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * Parses a text that holds exactly one JSON value.
     *
     * @param text the text, at most {@link #MAX_LENGTH} characters
     * @return the value
     * @throws JsonFaultException if the text is too long, too deeply nested, or not JSON
     */
    public static JsonValue parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new JsonFaultException("$", "The text is longer than " + MAX_LENGTH + " characters");
        }
        try {
            JsonNode root = MAPPER.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
            if (root == null || root.isMissingNode()) {
                throw new JsonFaultException("$", "The text is empty");
            }
            return new JsonValue(root, "$");
        } catch (JsonProcessingException e) {
            throw new JsonFaultException(
                    pathOf(e),
                    "Not valid JSON" + place(e) + ": " + JsonText.printable(e.getOriginalMessage(), MAX_SHOWN));
        } catch (StackOverflowError e) {
            throw new JsonFaultException("$", "The text is nested too deeply");
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    private static String pathOf(JsonProcessingException e) {
        if (!(e.getProcessor() instanceof JsonParser parser)) {
            return "$";
        }
        StringBuilder path = new StringBuilder("$");
        JsonPointer rest = parser.getParsingContext().pathAsPointer();
        while (rest != null && !rest.matches()) {
            int index = rest.getMatchingIndex();
            path.append(index >= 0 ? "[" + index + "]" : "." + rest.getMatchingProperty());
            rest = rest.tail();
        }
        return JsonText.printable(path.toString(), MAX_SHOWN);
    }

    /**
     * Returns where this value is in its text.
     *
     * @return a JSON path
     */
    public String path() {
        return path;
    }

    /**
     * Prints the value, for other parsers.
     *
     * @return one line of JSON
     */
    public String json() {
        return node.toString();
    }

    /**
     * Returns the members of an object as plain values, as {@link JsonText} writes them.
     *
     * @return a new map in the order of the text, for the caller to change
     * @throws JsonFaultException if this is not an object
     */
    public Map<String, @Nullable Object> members() {
        if (!node.isObject()) {
            throw fault("Expected an object, found " + kind());
        }
        return MAPPER.convertValue(node, MEMBERS);
    }

    /**
     * Returns whether this is an array.
     */
    public boolean isArray() {
        return node.isArray();
    }

    /**
     * Finds a member of an object.
     *
     * @param name the member's name
     * @return the member, empty if it is absent or null
     * @throws JsonFaultException if this is not an object
     */
    public Optional<JsonValue> find(String name) {
        if (!node.isObject()) {
            throw fault("Expected an object, found " + kind());
        }
        JsonNode member = node.get(name);
        return member == null || member.isNull()
                ? Optional.empty()
                : Optional.of(new JsonValue(member, path + "." + name));
    }

    /**
     * Returns a required member.
     *
     * @param name the member's name
     * @return the member
     * @throws JsonFaultException if this is not an object, or has no such member
     */
    public JsonValue member(String name) {
        return find(name).orElseThrow(() -> new JsonFaultException(path + "." + name, "Missing"));
    }

    /**
     * Returns the elements of an array.
     *
     * @return the elements, in order
     * @throws JsonFaultException if this is not an array
     */
    public List<JsonValue> elements() {
        if (!node.isArray()) {
            throw fault("Expected an array, found " + kind());
        }
        List<JsonValue> elements = new ArrayList<>(node.size());
        for (Iterator<JsonNode> each = node.elements(); each.hasNext(); ) {
            elements.add(new JsonValue(each.next(), path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    /**
     * Returns the text of a string.
     *
     * @return the text
     * @throws JsonFaultException if this is not a string
     */
    public String text() {
        if (!node.isTextual()) {
            throw fault("Expected a string, found " + kind());
        }
        return node.textValue();
    }

    /**
     * Returns the parsed text of a string, for example as a time or a constant.
     *
     * @param <T> the type of the result
     * @param parser reads the text, and throws one of the JDK's exceptions for texts that it cannot read
     * @return the parser's result
     * @throws JsonFaultException if this is no text, or the parser cannot read it
     */
    public <T> T parsed(Function<String, T> parser) {
        String text = text();
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw fault("Not readable: " + JsonText.quote(text));
        }
    }

    /**
     * Returns an integer.
     *
     * @return the number
     * @throws JsonFaultException if this is not an integer that fits into a {@code long}
     */
    public long integer() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault("Expected an integer, found " + kind());
        }
        return node.longValue();
    }

    /**
     * Returns an integer within bounds.
     *
     * @param least the least that is accepted
     * @param most the most that is accepted
     * @return the number
     * @throws JsonFaultException if this is not such an integer
     */
    public long integer(long least, long most) {
        long number = integer();
        if (number < least || number > most) {
            throw fault("Out of range: " + number);
        }
        return number;
    }

    /**
     * Returns a boolean.
     *
     * @return the value
     * @throws JsonFaultException if this is not a boolean
     */
    public boolean bool() {
        if (!node.isBoolean()) {
            throw fault("Expected a boolean, found " + kind());
        }
        return node.booleanValue();
    }

    /**
     * Returns an exception that names the path of this value.
     *
     * @param message what is wrong
     * @return the exception, to be thrown
     */
    public JsonFaultException fault(String message) {
        return new JsonFaultException(path, message);
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            default -> "something else";
        };
    }
}
