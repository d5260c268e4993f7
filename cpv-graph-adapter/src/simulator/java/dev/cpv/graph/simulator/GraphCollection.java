package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Answers with a collection: filtered, cut into pages, reduced to the properties asked for. Immutable.
 *
 * @param name its name in the metadata
 * @param properties the names that {@code $select} accepts
 * @param fields the fields that {@code $filter} accepts
 * @param maxTop the largest {@code $top}
 */
record GraphCollection(String name, Set<String> properties, GraphFilter.Fields fields, int maxTop) {
    static final int MAX_TOP = 999;
    private static final int DEFAULT_PAGE = 100;
    private static final String SKIP_TOKEN = "$skiptoken";

    static GraphCollection of(String name, Set<String> properties, Set<String> filterable) {
        return new GraphCollection(name, properties, new GraphFilter.Fields(filterable, false), MAX_TOP);
    }

    GraphCollection withEqualityAlone() {
        return new GraphCollection(name, properties, new GraphFilter.Fields(fields.names(), true), maxTop);
    }

    GraphCollection withMaxTop(int top) {
        return new GraphCollection(name, properties, fields, top);
    }

    /** A page of objects; only the objects on the page are rendered. */
    <T> GraphAnswer page(
            GraphCall call, List<T> all, Function<T, UnaryOperator<String>> values, Function<T, ObjectNode> render) {
        List<T> found = filtered(call, all, values);
        return GraphAnswer.ok(page(call, found, render, Optional.empty()));
    }

    /** A page of objects, filtered by their rendered properties. */
    GraphAnswer page(GraphCall call, List<ObjectNode> all) {
        return page(call, all, node -> field -> text(node, field), Function.identity());
    }

    /** A page of changes; the last page has a link for later changes. */
    GraphAnswer delta(GraphCall call, List<ObjectNode> all, String deltaLink) {
        return GraphAnswer.ok(page(call, all, Function.identity(), Optional.of(deltaLink)));
    }

    /** A single object, reduced to the properties asked for. */
    GraphAnswer one(GraphCall call, ObjectNode object) {
        ObjectNode body = Json.object();
        body.put("@odata.context", call.context(name + "/$entity"));
        body.setAll(selected(object, call.request().select()));
        return GraphAnswer.ok(body);
    }

    /** An object that was just created. */
    GraphAnswer created(GraphCall call, ObjectNode object) {
        ObjectNode body = Json.object();
        body.put("@odata.context", call.context(name + "/$entity"));
        body.setAll(object);
        return GraphAnswer.created(
                body, call.link("/" + name + "/" + object.path("id").asText()));
    }

    private <T> List<T> filtered(GraphCall call, List<T> all, Function<T, UnaryOperator<String>> values) {
        Optional<GraphFilter> filter = call.request().option("$filter").map(text -> GraphFilter.parse(text, fields));
        return filter.isEmpty()
                ? all
                : all.stream()
                        .filter(item -> filter.get().matches(values.apply(item)))
                        .toList();
    }

    private <T> ObjectNode page(
            GraphCall call, List<T> found, Function<T, ObjectNode> render, Optional<String> deltaLink) {
        int from = Math.min(skipped(call), found.size());
        int to = Math.min(from + pageSize(call), found.size());
        Set<String> select = call.request().select();
        if (deltaLink.isPresent() && !select.isEmpty()) {
            select.add("id"); // Changes always name the object that changed.
        }
        ObjectNode body = Json.object();
        body.put("@odata.context", call.context(name));
        if (call.request().option("$count").orElse("").equals("true")) {
            body.put("@odata.count", found.size());
        }
        if (to < found.size()) {
            body.put("@odata.nextLink", nextLink(call, to));
        } else {
            deltaLink.ifPresent(link -> body.put("@odata.deltaLink", link));
        }
        ArrayNode value = body.putArray("value");
        found.subList(from, to).forEach(item -> value.add(selected(render.apply(item), select)));
        return body;
    }

    private int pageSize(GraphCall call) {
        int size = call.request().option("$top").map(this::top).orElse(DEFAULT_PAGE);
        int largest = call.behaviour().pageSize();
        return largest > 0 ? Math.min(size, largest) : size;
    }

    private int top(String text) {
        int top = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (top < 1 || top > maxTop) {
            throw GraphError.unsupportedQuery("Invalid page size specified: '" + text + "'. Must be between 1 and "
                            + maxTop + " inclusive.")
                    .refusal();
        }
        return top;
    }

    private static int skipped(GraphCall call) {
        return call.request().option(SKIP_TOKEN).map(GraphCollection::offset).orElse(0);
    }

    private static int offset(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            return Integer.parseUnsignedInt(text.replace("page:", ""));
        } catch (IllegalArgumentException e) {
            throw GraphError.of(400, "Directory_ExpiredPageToken", "The specified page token value has expired.")
                    .refusal();
        }
    }

    private static String nextLink(GraphCall call, int offset) {
        String token = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("page:" + offset).getBytes(StandardCharsets.UTF_8));
        StringBuilder query = new StringBuilder();
        for (String pair : call.request().wire().query().split("&", -1)) {
            String name = pair.replace("%24", "$");
            if (!pair.isEmpty() && !name.regionMatches(true, 0, SKIP_TOKEN, 0, SKIP_TOKEN.length())) {
                query.append(pair.replace(" ", "%20")).append('&');
            }
        }
        return call.link(call.request().wire().path()) + "?" + query + SKIP_TOKEN + "=" + token;
    }

    private ObjectNode selected(ObjectNode object, Set<String> select) {
        if (select.isEmpty()) {
            return object;
        }
        for (String property : select) {
            if (properties.stream().noneMatch(known -> known.equalsIgnoreCase(property))) {
                throw GraphError.malformed("Parsing OData Select and Expand failed: Could not find a property named '"
                                + property + "' on type '" + name + "'.")
                        .refusal();
            }
        }
        ObjectNode reduced = Json.object();
        object.properties().forEach(member -> {
            if (member.getKey().startsWith("@") || select.contains(member.getKey())) {
                reduced.set(member.getKey(), member.getValue());
            }
        });
        return reduced;
    }

    private static String text(ObjectNode node, String field) {
        JsonNode value = node;
        for (String step : field.split("/", -1)) {
            value = value.path(step);
        }
        return value.isNull() ? "" : value.asText();
    }
}
