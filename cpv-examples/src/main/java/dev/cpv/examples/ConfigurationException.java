package dev.cpv.examples;

import java.util.List;

/** The command cannot start. Each problem names a setting or an argument, and the cure. Contains no secret. */
final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems; // An array: an exception must be serialisable, and not every list is.

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
