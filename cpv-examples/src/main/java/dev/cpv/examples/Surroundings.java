package dev.cpv.examples;

import dev.cpv.spi.Sleeper;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Everything outside the program that a command uses, so that tests can replace it.
 *
 * @param environment the environment variables
 * @param home the user's home directory
 * @param in standard input
 * @param out standard output, for results only
 * @param err standard error, for everything else
 * @param terminal whether standard output is a terminal
 * @param clock the time
 * @param sleeper waits
 * @param stopSignal the signal to end the command
 */
record Surroundings(
        Map<String, String> environment,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Clock clock,
        Sleeper sleeper,
        StopSignal stopSignal) {

    static Surroundings ofProcess() {
        return new Surroundings(
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                System.err,
                isTerminal(),
                Clock.systemUTC(),
                Sleeper.system(),
                StopSignal.ofProcess());
    }

    /** From JDK 22 on there is a console even without a terminal; it then has a method that reports whether it is one. */
    @SuppressWarnings("SystemConsoleNull") // Older JDKs return null; newer ones are asked below.
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Contains nothing of the environment, which holds secrets. */
    @Override
    public String toString() {
        return "Surroundings[terminal=" + terminal + "]";
    }
}
