package dev.cpv.examples;

import dev.cpv.spi.RefreshJournalException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of cpv. Its settings are environment variables; {@code --help} lists them. */
@Command(
        name = "cpv",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Keeps a Microsoft partner's multi-tenant application consented and permitted in customer tenants.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every tenant is UP_TO_DATE, UPDATED, DRIFTED (dry run) or SKIPPED",
            "1:a tenant has another outcome, the tenant list could not be read, or another run is active",
            "2:wrong usage or settings, and nothing was sent; or a reset without --yes, and nothing was changed",
            "130:ended by Ctrl-C, in order (143: by SIGTERM)"
        },
        commandListHeading = "%nCommands:%n")
public final class Cpv {
    private static final int WIDTH = 116;

    private Cpv() {}

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.exit(run(Surroundings.ofProcess(), args));
    }

    /** Runs a command and returns its exit status. */
    static int run(Surroundings surroundings, String... args) {
        return withSettings(new Cpv())
                .addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(withSettings(new RefreshCommand(surroundings)))
                .addSubcommand(withSettings(new ApplyCommand(surroundings)))
                .addSubcommand(withSettings(new ResetCommand(surroundings)))
                .addSubcommand(withSettings(new NightlyCommand(surroundings)))
                .setOut(writer(surroundings.out()))
                .setErr(writer(surroundings.err()))
                .setUsageHelpWidth(WIDTH)
                .setParameterExceptionHandler((fault, arguments) -> explain(fault, surroundings.err()))
                .setExecutionExceptionHandler((fault, command, parsed) -> refuse(fault, surroundings.err()))
                .execute(args);
    }

    private static CommandLine withSettings(Object command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().usageMessage().footer(Setting.help().toArray(String[]::new));
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Prints two lines for a wrong command line: the usage, with all settings, is longer than a screen. */
    private static int explain(ParameterException fault, PrintStream err) {
        err.println("cpv: " + problem(fault));
        err.println("Try '" + fault.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitStatus.USAGE;
    }

    private static String problem(ParameterException fault) {
        if (fault instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean isCommand = fault.getCommandLine().getParent() == null;
            return "'" + unmatched.getUnmatched().get(0) + "' is "
                    + (isCommand ? "not a command" : "one argument too many");
        }
        return String.valueOf(fault.getMessage());
    }

    /** Prints one line for each problem that the user can fix. Any other exception is a bug and keeps its stack trace. */
    private static int refuse(Exception fault, PrintStream err) throws Exception {
        if (fault instanceof ConfigurationException refused) {
            refused.problems().forEach(problem -> err.println("cpv: " + problem));
            return ExitStatus.USAGE;
        }
        if (fault instanceof RefreshJournalException unreadable) {
            err.println("cpv: " + unreadable.getMessage());
            return ExitStatus.USAGE;
        }
        throw fault;
    }

    /** Returns the version from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Cpv.class.getPackage().getImplementationVersion();
            return new String[] {"cpv " + Objects.requireNonNullElse(version, "(not packaged)")};
        }
    }
}
