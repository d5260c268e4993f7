package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A simulator in a JVM of its own, seen from outside; or one of several there. Not thread-safe. */
final class Simulator implements AutoCloseable {
    /** What a tenant is like. */
    enum State {
        NEW,
        STEADY,
        /** In sync, without service principals that have nothing to do with us: for many tenants. */
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
     * Starts one in a JVM of its own.
     *
     * @param latency how late each answer is
     * @param throttling whether Microsoft's limits hold
     * @param journal how many requests are remembered
     */
    static Simulator start(Duration latency, boolean throttling, int journal) {
        Child process = Child.start(
                List.of("-Xmx6g", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
                SimulatorMain.class);
        return new Simulator(process, 0, latency, throttling, journal);
    }

    /** Starts the next one in the same JVM, whose compiler has done its work, and which ends with the first one. */
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

    /** Counts what came since the last time. */
    JsonNode counts() {
        return ask(command("counts"));
    }

    /** Tells what came since the last time. */
    JsonNode sent() {
        return ask(command("sent"));
    }

    /** Nothing that is measured counts unless it leaves every tenant with everything. */
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
