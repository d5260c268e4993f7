package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parsed request to Graph or part of a batch: the steps of its path and its query options. Immutable. */
final class GraphRequest {
    private static final Pattern KEYED = Pattern.compile("([^(]+)\\((?:([^=)]+)=)?'?([^')]*)'?\\)");

    /**
     * One step of a path.
     *
     * @param name the name in lower case, since paths are case-insensitive
     * @param text the step as it was sent
     * @param keyName the name of the alternate key in lower case, empty if there is none
     * @param key the value of the key in parentheses, empty if there is none
     */
    record Step(String name, String text, String keyName, String key) {
        static Step parse(String text) {
            Matcher keyed = KEYED.matcher(text);
            return keyed.matches()
                    ? new Step(
                            lower(keyed.group(1)),
                            text,
                            keyed.group(2) == null ? "" : lower(keyed.group(2)),
                            keyed.group(3))
                    : new Step(lower(text), text, "", "");
        }
    }

    private final WireRequest wire;
    private final List<Step> steps;
    private final Map<String, String> options;

    private GraphRequest(WireRequest wire, List<Step> steps, Map<String, String> options) {
        this.wire = wire;
        this.steps = List.copyOf(steps);
        this.options = options;
    }

    /** Parses a request whose path has no version. */
    static GraphRequest parse(WireRequest wire) {
        List<Step> steps = new ArrayList<>();
        for (String text : wire.path().split("/", -1)) {
            if (!text.isEmpty()) {
                steps.add(Step.parse(text));
            }
        }
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.putAll(wire.parameters());
        return new GraphRequest(wire, steps, options);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    WireRequest wire() {
        return wire;
    }

    String method() {
        return wire.method();
    }

    boolean read() {
        return method().equals("GET");
    }

    int size() {
        return steps.size();
    }

    /** The step at an index, an empty one past the end. */
    Step step(int index) {
        return index < steps.size() ? steps.get(index) : Step.parse("");
    }

    /** The name of the step at an index, empty past the end. */
    String name(int index) {
        return step(index).name();
    }

    /** Method and number of steps in one text, for dispatch: {@code GET 2}. */
    String shape() {
        return method() + " " + size();
    }

    Map<String, String> options() {
        return options;
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The requested properties, empty for all. */
    Set<String> select() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        option("$select")
                .ifPresent(list -> Arrays.stream(list.split(",", -1))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .forEach(names::add));
        return names;
    }

    /** Whether a property is requested. */
    boolean wants(String property) {
        Set<String> select = select();
        return select.isEmpty() || select.contains(property);
    }

    /** The body as an object; refuses a body that is not a JSON object or has another content type. */
    ObjectNode body() {
        String type = wire.header("Content-Type").orElse("");
        if (!lower(type).contains("application/json")) {
            throw GraphError.badRequest("A supported MIME type could not be found that matches the content type of the"
                            + " request.")
                    .refusal();
        }
        return Json.parseObject(wire.body())
                .orElseThrow(() -> GraphError.malformed("Unable to read JSON request payload.")
                        .refusal());
    }

    /** A text member of the body; refuses a body without it. */
    String required(ObjectNode body, String property) {
        if (!body.path(property).isTextual() || body.path(property).asText().isEmpty()) {
            throw GraphError.badRequest("Invalid value specified for property '" + property + "'.")
                    .withDetail("InvalidValue", property)
                    .refusal();
        }
        return body.path(property).asText();
    }

    @Override
    public String toString() {
        return wire.toString();
    }
}
