package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A simulator in a JVM of its own, seen from outside. Not thread-safe. */
final class Simulator implements AutoCloseable {
    /** What a tenant is like. */
    enum State {
        NEW,
        STEADY,
        /** In step, without service principals that have nothing to do with us: for many tenants. */
        SMALL_STEADY,
        DRIFTED
    }

    private final Process process;
    private final BufferedReader answers;
    private final Service service;

    private Simulator(Process process) throws IOException {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        service = new Service(read());
    }

    static Simulator start(Duration latency, boolean throttling, int journal) {
        try {
            return new Simulator(Jvm.start(
                    List.of("-Xmx6g", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"),
                    Jvm.ownClasspath(),
                    SimulatorMain.class,
                    String.valueOf(latency.toMillis()),
                    String.valueOf(throttling),
                    String.valueOf(journal)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static ObjectNode command(String name) {
        return Fixture.JSON.createObjectNode().put("do", name);
    }

    private JsonNode ask(JsonNode command) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(command.toString())
                    .append('\n')
                    .flush();
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("The simulator has ended");
        }
        return Fixture.JSON.readTree(line);
    }

    @Override
    public void close() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
