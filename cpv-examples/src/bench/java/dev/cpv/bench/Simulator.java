package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client for a simulator in its own JVM, or for one of several in one JVM. Not thread-safe. */
final class Simulator implements AutoCloseable {
    /** The state of a tenant. */
    enum State {
        NEW,
        STEADY,
        /** In sync, without unrelated service principals: for many tenants. */
        SMALL_STEADY,
        DRIFTED
    }

    private final Child process;
    private final int number;
    private final int journal;
    private final Service service;

    private Simulator(Child process, int number, Duration latency, boolean throttling, int journal) {
        this.process = process;
        this.number = number;
        this.journal = journal;
        service = new Service(ask(command("start")
                .put("latency", latency.toMillis())
                .put("throttling", throttling)
                .put("journal", journal)));
    }

    /**
     * Starts a simulator in its own JVM.
     *
     * @param latency the delay of each response
     * @param throttling whether Microsoft's limits apply
     * @param journal how many requests are remembered
     */
    static Simulator start(Duration latency, boolean throttling, int journal) {
        Child process = Child.start(
                List.of("-Xmx6g", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
                SimulatorMain.class);
        return new Simulator(process, 0, latency, throttling, journal);
    }

    /** Starts another one in the same, warmed-up JVM. It ends with the first one. */
    Simulator next(Duration latency, boolean throttling) {
        return new Simulator(process, number + 1, latency, throttling, journal);
    }

    Service service() {
        return service;
    }

    List<String> add(State state, int count) {
        ObjectNode command = command("add").put("state", state.name()).put("count", count);
        List<String> ids = new ArrayList<>();
        ask(command).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    /** Counts the requests since the last call. */
    JsonNode counts() {
        return ask(command("counts"));
    }

    /** Returns the requests since the last call. */
    JsonNode sent() {
        return ask(command("sent"));
    }

    /** A measurement counts only if every tenant has all permissions afterwards. */
    void requireComplete(List<String> tenants) {
        ObjectNode command = command("complete");
        tenants.forEach(command.putArray("tenants")::add);
        int complete = ask(command).asInt();
        if (complete != tenants.size()) {
            throw new IllegalStateException(complete + " of " + tenants.size() + " tenants hold everything");
        }
    }

    private ObjectNode command(String name) {
        return Fixture.JSON.createObjectNode().put("do", name).put("simulator", number);
    }

    private JsonNode ask(JsonNode command) {
        return process.ask(command);
    }

    @Override
    public void close() {
        process.close();
    }
}
