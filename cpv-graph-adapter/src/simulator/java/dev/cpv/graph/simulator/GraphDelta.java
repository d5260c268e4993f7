package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The {@code delta} functions: a first call lists everything, later calls list the differences since then. Remembers
 * the results of the latest calls only. Thread-safe.
 */
final class GraphDelta {
    private static final int MAX_REMEMBERED = 500;

    /** The result of one call: the text of every object by id. */
    private record Seen(String tenantId, String collection, Map<String, String> texts) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Seen> remembered = new LinkedHashMap<>();
    private long made;

    /**
     * Answers a call.
     *
     * @param all the current objects
     * @param reason the reason for a removal: {@code changed} if the object can be restored, else {@code deleted}
     */
    GraphAnswer answer(GraphCall call, GraphCollection collection, List<ObjectNode> all, UnaryOperator<String> reason) {
        Map<String, String> before = call.request()
                .option("$deltatoken")
                .map(token -> recall(call, collection, token))
                .orElse(Map.of());
        Map<String, String> now = new LinkedHashMap<>();
        List<ObjectNode> changes = new ArrayList<>();
        for (ObjectNode object : all) {
            String id = object.path("id").asText();
            String text = object.toString();
            now.put(id, text);
            if (!text.equals(before.get(id))) {
                changes.add(object);
            }
        }
        before.keySet().stream().filter(id -> !now.containsKey(id)).forEach(id -> {
            ObjectNode removed = Json.object().put("id", id);
            removed.putObject("@removed").put("reason", reason.apply(id));
            changes.add(removed);
        });
        String token = remember(new Seen(call.tenant().id(), collection.name(), now));
        String select =
                call.request().option("$select").map(s -> "$select=" + s + "&").orElse("");
        return collection.delta(
                call, changes, call.link("/" + collection.name() + "/delta?" + select + "$deltatoken=" + token));
    }

    private String remember(Seen seen) {
        lock.lock();
        try {
            made++;
            String token = "delta-" + made;
            remembered.put(token, seen);
            if (remembered.size() > MAX_REMEMBERED) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    private Map<String, String> recall(GraphCall call, GraphCollection collection, String token) {
        lock.lock();
        try {
            return Optional.ofNullable(remembered.get(token))
                    .filter(seen -> seen.tenantId().equals(call.tenant().id()))
                    .filter(seen -> seen.collection().equals(collection.name()))
                    .map(Seen::texts)
                    .orElseThrow(() -> GraphError.of(
                                    410,
                                    "syncStateNotFound",
                                    "The sync state generation is not found; continue with a full synchronisation.")
                            .refusal());
        } finally {
            lock.unlock();
        }
    }
}
