package dev.cpv.graph.internal.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cpv.graph.internal.json.Json;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a page of a collection item by item: no more than one item is held as a tree. Pure functions. */
final class Page {
    private Page() {}

    /**
     * Reads a page.
     *
     * @param body the page as JSON
     * @param array the name of the member that holds the items
     * @param items takes each item, an object
     * @return the page's other members
     * @throws TenantDirectoryException with {@link FailureCode#ANSWER_UNREADABLE} if it is no such page; some items may have
     *     been passed on before
     */
    static ObjectNode read(String body, String array, Consumer<JsonNode> items) {
        ObjectNode others = JsonNodeFactory.instance.objectNode();
        boolean found = false;
        try (JsonParser parser = Json.parser(body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, array);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken start = parser.nextToken();
                if (name.equals(array)) {
                    require(start == JsonToken.START_ARRAY && !found, array);
                    found = true;
                    readItems(parser, array, items);
                } else {
                    others.set(name, parser.<JsonNode>readValueAsTree());
                }
            }
            require(parser.currentToken() == JsonToken.END_OBJECT && found, array);
        } catch (IOException e) {
            throw unreadable(array, e);
        }
        return others;
    }

    private static void readItems(JsonParser parser, String array, Consumer<JsonNode> items) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser.currentToken() == JsonToken.START_OBJECT, array);
            items.accept(parser.<JsonNode>readValueAsTree());
        }
    }

    /** Reads a single object. */
    static JsonNode object(String body) {
        try {
            JsonNode node = Json.read(body);
            require(node != null && node.isObject(), "object");
            return node;
        } catch (IOException e) {
            throw unreadable("object", e);
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw unreadable(what, null);
        }
    }

    private static TenantDirectoryException unreadable(String what, @Nullable Throwable cause) {
        return new TenantDirectoryException(
                CpvFailure.of(FailureCode.ANSWER_UNREADABLE, "A page with the member '" + what + "' cannot be read"),
                cause);
    }
}
