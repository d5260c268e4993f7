package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts JVMs with the same class path. */
final class Jvm {
    private Jvm() {}

    static String ownClasspath() {
        return System.getProperty("java.class.path", "");
    }

    static Process start(List<String> options, String classpath, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classpath, main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Runs until the JVM ends and returns the last line of its output. */
    static String run(List<String> options, String classpath, Class<?> main, String... args) {
        try {
            Process process = start(options, classpath, main, args);
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(main.getSimpleName() + " failed: " + text);
            }
            return text.substring(text.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The median of one field of several results. */
    static double median(List<JsonNode> results, String field) {
        double[] values = results.stream()
                .mapToDouble(result -> result.path(field).asDouble())
                .sorted()
                .toArray();
        return Arrays.stream(values).skip(values.length / 2).findFirst().orElse(0);
    }
}
