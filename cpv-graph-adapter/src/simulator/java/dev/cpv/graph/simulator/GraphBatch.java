package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * {@code $batch}, see https://learn.microsoft.com/graph/json-batching. Parts that do not depend on each other are
 * executed and answered in an order drawn from the tenant's random numbers.
 */
final class GraphBatch {
    private static final int MAX_PARTS = 20;
    private static final Set<String> METHODS = Set.of("GET", "POST", "PATCH", "PUT", "DELETE");

    private record Part(String id, WireRequest request, List<String> dependsOn) {}

    /** The outcome of a part. If a part cuts the connection, neither it nor its batch is answered. */
    private record Outcome(Part part, GraphAnswer answer, boolean cut, Duration delay) {
        WireJournal.Part journaled() {
            WireRequest request = part.request();
            return new WireJournal.Part(part.id(), request.method(), request.url(), cut ? 0 : answer.status());
        }
    }

    private final FaultPlan faults;
    private final BiFunction<GraphSession, WireRequest, GraphAnswer> service;

    GraphBatch(FaultPlan faults, BiFunction<GraphSession, WireRequest, GraphAnswer> service) {
        this.faults = faults;
        this.service = service;
    }

    WireAnswer answer(GraphSession session, WireRequest request) {
        if (!request.method().equals("POST")) {
            throw GraphError.notAllowed().refusal();
        }
        List<Part> parts = parts(request);
        Optional<Random> dice = session.tenant().behaviour().shuffleBatches()
                ? Optional.of(
                        new Random(session.tenant().inDirectory(d -> d.random().nextLong())))
                : Optional.empty();
        Map<String, Outcome> outcomes = work(session, parts, dice);
        List<WireJournal.Part> journal =
                parts.stream().map(part -> outcome(outcomes, part).journaled()).toList();
        Duration delay = outcomes.values().stream()
                .map(Outcome::delay)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        WireAnswer answer = outcomes.values().stream().anyMatch(Outcome::cut)
                ? WireAnswer.CUT
                : GraphAnswer.ok(body(parts, outcomes, dice)).toWire();
        return answer.withParts(journal).withDelay(delay);
    }

    private static Outcome outcome(Map<String, Outcome> outcomes, Part part) {
        Outcome outcome = outcomes.get(part.id());
        if (outcome == null) {
            throw new IllegalStateException("part " + part.id() + " was not executed");
        }
        return outcome;
    }

    // Parsing

    private static List<Part> parts(WireRequest request) {
        JsonNode requests = GraphRequest.parse(request).body().path("requests");
        if (!requests.isArray() || requests.isEmpty()) {
            throw malformed("Invalid batch payload format.");
        }
        if (requests.size() > MAX_PARTS) {
            throw malformed("Number of batch request steps exceeds the maximum value of " + MAX_PARTS + ".");
        }
        Map<String, Part> parts = new LinkedHashMap<>();
        for (JsonNode node : requests) {
            Part part = part(node);
            if (parts.put(part.id().toLowerCase(Locale.ROOT), part) != null) {
                throw malformed("Request id : " + part.id() + " is duplicated.");
            }
        }
        checkDependencies(parts);
        return List.copyOf(parts.values());
    }

    private static Part part(JsonNode node) {
        String id = text(node, "id");
        String method = text(node, "method").toUpperCase(Locale.ROOT);
        String url = text(node, "url");
        if (!METHODS.contains(method) || url.contains("://")) {
            throw malformed("Invalid method or url in request id : " + id + ".");
        }
        Map<String, String> headers = new HashMap<>();
        node.path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        JsonNode body = node.path("body");
        boolean typed = headers.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("Content-Type"));
        boolean present = !body.isMissingNode() && !body.isNull();
        if (present && !typed) {
            throw malformed("Write request id : " + id + " does not contain Content-Type header or body.");
        }
        List<String> dependsOn = new ArrayList<>();
        node.path("dependsOn").forEach(on -> dependsOn.add(on.asText().toLowerCase(Locale.ROOT)));
        String path = url.startsWith("/") ? url : "/" + url;
        return new Part(id, new WireRequest(method, path, headers, present ? text(id, body) : ""), dependsOn);
    }

    private static String text(JsonNode node, String name) {
        if (!node.path(name).isTextual() || node.path(name).asText().isEmpty()) {
            throw malformed("Invalid batch payload format: '" + name + "' is missing.");
        }
        return node.path(name).asText();
    }

    /** A body is JSON, or base64url of any other content. */
    private static String text(String id, JsonNode body) {
        if (body.isObject()) {
            return body.toString();
        }
        try {
            return new String(Base64.getUrlDecoder().decode(body.asText()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("The body of request id : " + id + " is neither JSON nor base64url.");
        }
    }

    private static void checkDependencies(Map<String, Part> parts) {
        Set<String> earlier = new HashSet<>();
        parts.forEach((id, part) -> {
            if (!earlier.containsAll(part.dependsOn())) {
                throw malformed("Request id : " + part.id() + " depends on a request that does not come before it.");
            }
            earlier.add(id);
        });
    }

    private static GraphRefusal malformed(String message) {
        return GraphError.malformed(message).refusal();
    }

    // Executing

    private Map<String, Outcome> work(GraphSession session, List<Part> parts, Optional<Random> dice) {
        Map<String, Outcome> outcomes = new HashMap<>();
        Map<String, Part> byId = new HashMap<>();
        parts.forEach(part -> byId.put(part.id().toLowerCase(Locale.ROOT), part));
        for (Part part : shuffled(parts, dice)) {
            work(session, part, byId, outcomes);
        }
        return outcomes;
    }

    /** Executes first what the part depends on. If that fails, the part fails. */
    private Outcome work(GraphSession session, Part part, Map<String, Part> byId, Map<String, Outcome> outcomes) {
        Outcome known = outcomes.get(part.id());
        if (known != null) {
            return known;
        }
        boolean failed = false;
        for (String id : part.dependsOn()) {
            Part predecessor = byId.get(id);
            failed |= predecessor == null
                    || work(session, predecessor, byId, outcomes).answer().failed();
        }
        Outcome outcome = failed ? dependencyFailed(session, part) : send(session, part);
        outcomes.put(part.id(), outcome);
        return outcome;
    }

    private static Outcome dependencyFailed(GraphSession session, Part part) {
        GraphError error = GraphError.of(424, "FailedDependency", "A request that this one depends on failed.");
        return new Outcome(
                part,
                GraphErrors.answer(error, session.tenant().behaviour().graphErrorBody(), session.trace()),
                false,
                Duration.ZERO);
    }

    private Outcome send(GraphSession session, Part part) {
        Optional<FaultPlan.Fault> fault = faults.forPart(session.route(), part.request());
        if (fault.isEmpty()) {
            return new Outcome(part, service.apply(session, part.request()), false, Duration.ZERO);
        }
        WireAnswer struck =
                fault.get().strike(() -> service.apply(session, part.request()).toWire());
        GraphAnswer answer = new GraphAnswer(struck.status(), struck.headers(), null);
        return new Outcome(
                part,
                struck.body().isEmpty() ? answer : answer.withBody(json(struck.body())),
                struck.cut(),
                struck.delay());
    }

    private static JsonNode json(String text) {
        return Json.parseObject(text).map(JsonNode.class::cast).orElseGet(() -> TextNode.valueOf(text));
    }

    private static List<Part> shuffled(List<Part> parts, Optional<Random> dice) {
        List<Part> order = new ArrayList<>(parts);
        dice.ifPresent(random -> Collections.shuffle(order, random));
        return order;
    }

    // Answering

    private static ObjectNode body(List<Part> parts, Map<String, Outcome> outcomes, Optional<Random> dice) {
        ObjectNode body = Json.object();
        ArrayNode responses = body.putArray("responses");
        for (Part part : shuffled(parts, dice)) {
            GraphAnswer answer = outcome(outcomes, part).answer().typed();
            ObjectNode response = responses.addObject();
            response.put("id", part.id());
            response.put("status", answer.status());
            ObjectNode headers = response.putObject("headers");
            headers.put("Cache-Control", "no-cache");
            answer.headers().forEach(headers::put);
            JsonNode content = answer.body();
            if (content != null) {
                response.set("body", content);
            }
        }
        return body;
    }
}
