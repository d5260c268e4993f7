package dev.cpv.graph.internal.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The body of an error response, read as far as possible. Never throws: a body may be empty, a proxy's page, truncated,
 * huge, or of an undocumented shape.
 */
record ErrorBody(Kind kind, JsonNode root, String raw) {
    /** An error response takes some hundred bytes; larger bodies are not read. */
    private static final int MAX_CHARACTERS = 256 * 1024;

    private static final int MAX_TEXTS = 200;

    static ErrorBody of(WireAnswer answer) {
        String text = answer.body();
        if (text.isBlank()) {
            return new ErrorBody(Kind.EMPTY, MissingNode.getInstance(), "");
        }
        JsonNode root = text.length() > MAX_CHARACTERS
                ? MissingNode.getInstance()
                : Json.readOrMissing(text.startsWith("\uFEFF") ? text.substring(1) : text);
        return root.isObject()
                ? new ErrorBody(Kind.JSON, root, text)
                : new ErrorBody(Kind.OTHER, MissingNode.getInstance(), text);
    }

    boolean isHtml() {
        return kind == Kind.OTHER && raw.stripLeading().startsWith("<");
    }

    /** Returns a text, number or boolean as text, since codes may be any of them; empty if there is none. */
    static String text(JsonNode parent, String name) {
        return scalar(parent.path(name));
    }

    static String scalar(JsonNode value) {
        return value.isValueNode() && !value.isNull() ? value.asText("") : "";
    }

    /** Returns a message that comes as text, or as an object with the text in {@code value}. */
    static String message(JsonNode parent) {
        JsonNode message = parent.path("message");
        return message.isObject() ? text(message, "value") : scalar(message);
    }

    /** Returns the first of the texts that is not blank, or an empty text. */
    static String firstOf(String... texts) {
        for (String text : texts) {
            if (!text.isBlank()) {
                return text.strip();
            }
        }
        return "";
    }

    /** Returns all texts anywhere in the body, at most {@value #MAX_TEXTS}; a body that is no JSON is one text. */
    List<String> texts() {
        List<String> found = new ArrayList<>();
        if (kind == Kind.OTHER && !isHtml()) {
            found.add(raw.length() > Redactor.MAX_READ ? raw.substring(0, Redactor.MAX_READ) : raw);
        }
        collect(root, "", List.of(), found);
        return List.copyOf(found);
    }

    /** Returns the values of all members with one of the names (in lower case), at any depth, in the body's order. */
    List<String> members(String... names) {
        List<String> found = new ArrayList<>();
        collect(root, "", List.of(names), found);
        return List.copyOf(found);
    }

    /** The depth is bounded by the parser. */
    private static void collect(JsonNode node, String name, List<String> wanted, List<String> found) {
        if (found.size() >= MAX_TEXTS) {
            return;
        }
        if (node.isContainerNode()) {
            node.properties().forEach(member -> collect(member.getValue(), member.getKey(), wanted, found));
            if (node.isArray()) {
                node.forEach(element -> collect(element, name, wanted, found));
            }
        } else if (!scalar(node).isBlank() && (wanted.isEmpty() || wanted.contains(name.toLowerCase(Locale.ROOT)))) {
            found.add(scalar(node).strip());
        }
    }

    /** The kind of a body. */
    enum Kind {
        /** A JSON object. */
        JSON,
        /** Nothing. */
        EMPTY,
        /** Anything else: a page, plain text, broken JSON. */
        OTHER
    }
}
