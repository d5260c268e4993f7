package dev.cpv.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;

/** Writes trees of maps, lists, strings, numbers, booleans and nulls as JSON text. */
public final class JsonText {
    private static final int MAX_QUOTE = 100;
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writer();

    private JsonText() {}

    /**
     * Writes a tree on one line.
     *
     * @param tree maps (their order is kept), lists, strings, numbers, booleans, nulls
     * @return the text
     */
    public static String of(Object tree) {
        return write(WRITER, tree);
    }

    /**
     * Writes a tree indented, for people.
     *
     * @param tree as for {@link #of}
     * @return the text
     */
    public static String indented(Object tree) {
        return write(WRITER.withDefaultPrettyPrinter(), tree);
    }

    /**
     * Returns a part of a tree for a text that is already JSON.
     *
     * @param json exactly one JSON value, written unchanged
     * @return the part
     */
    public static Object raw(String json) {
        return new RawValue(json);
    }

    /**
     * Quotes a foreign text for a message: in quotation marks, without control characters, cut after 100 characters.
     *
     * @param text any text
     * @return the text as it can be printed
     */
    public static String quote(String text) {
        return "'" + printable(text, MAX_QUOTE) + "'";
    }

    /**
     * Makes a foreign text one line that can be printed: with a space for each line break, control character, invisible format
     * character (such as one that changes the direction of writing) and half of a surrogate pair.
     *
     * @param text any text
     * @return the text as it can be printed, not cut
     */
    public static String printable(String text) {
        return printable(text, Integer.MAX_VALUE);
    }

    static String printable(String text, int maxLength) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(maxLength).forEach(c -> printable.appendCodePoint(isPrintable(c) ? c : ' '));
        return printable
                .append(text.codePointCount(0, text.length()) > maxLength ? "…" : "")
                .toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static String write(ObjectWriter writer, Object tree) {
        try {
            return writer.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a tree of plain values", e);
        }
    }
}
