package dev.cpv.examples;

import java.util.List;

/** The command cannot begin: each problem names a setting or an argument, and the cure. Holds no secret. */
final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    ConfigurationException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    ConfigurationException(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return problems;
    }
}
