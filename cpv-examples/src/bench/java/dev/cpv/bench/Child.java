package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that answers each line of its input with one line of output, both JSON, and ends with its input. Not thread-safe. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private Child(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(List<String> options, Class<?> main, String... args) {
        try {
            return new Child(Jvm.start(options, Jvm.ownClasspath(), main, args));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode ask(JsonNode command) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(command.toString())
                    .append('\n')
                    .flush();
            String line = answers.readLine();
            if (line == null) {
                throw new IOException("The JVM has ended");
            }
            return Fixture.JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
