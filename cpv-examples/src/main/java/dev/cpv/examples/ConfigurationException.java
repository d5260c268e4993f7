package dev.cpv.examples;

import java.util.List;

/** The command cannot begin: each problem names a setting or an argument, and the cure. Holds no secret. */
final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems; // An exception can be serialised, which not every list can.

    ConfigurationException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    ConfigurationException(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return List.of(problems);
    }
}
