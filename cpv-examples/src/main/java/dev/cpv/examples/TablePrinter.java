package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.RefreshOutcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Help.Ansi;

/** Prints a table for people: a row for each tenant, with details below it. */
final class TablePrinter implements Printer {
    private static final int OUTCOME_WIDTH = 13;
    private static final int LINE = 116;

    private final PrintStream out;
    private final Ansi ansi;
    private final Map<String, String> labels;
    private final Set<String> everywhere = new TreeSet<>();
    private boolean begun;

    TablePrinter(PrintStream out, boolean colours) {
        this(out, colours, Map.of());
    }

    /** Shows labels instead of tenant ids. */
    TablePrinter(PrintStream out, boolean colours, Map<String, String> labels) {
        this.out = out;
        this.ansi = colours ? Ansi.ON : Ansi.OFF;
        this.labels = labels;
    }

    @Override
    public void print(CpvResult result) {
        if (!begun) {
            begun = true;
            row("TENANT", padded("OUTCOME"), "ADDED", "THERE", "N/A", "OPEN", "REQUESTS", "TIME");
        }
        String tenant = labels.getOrDefault(result.tenant(), result.tenant());
        String outcome = coloured(result.outcome());
        row(
                tenant,
                outcome,
                result.count(Status.GRANTED),
                result.count(Status.ALREADY_GRANTED),
                result.count(Status.NOT_APPLICABLE),
                open(result),
                result.requests(),
                time(result.duration()));
        Details.of(result).forEach(paragraph -> out.println(wrapped(paragraph)));
        everywhere.addAll(Details.everywhere(result));
        out.flush();
    }

    @Override
    public void end() {
        out.println();
        everywhere.forEach(note -> out.println("Not applicable (N/A) to any customer: " + note + "."));
    }

    private void row(Object... cells) {
        out.println(String.format(Locale.ROOT, "%-36s  %s  %6s  %6s  %5s  %5s  %8s  %8s", cells)
                .stripTrailing());
    }

    private static long open(CpvResult result) {
        return result.count(Status.MISSING) + result.count(Status.NOT_OFFERED) + result.count(Status.FAILED);
    }

    private static String time(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private String coloured(RefreshOutcome outcome) {
        String colour = switch (outcome) {
            case UP_TO_DATE, UPDATED -> "green";
            case DRIFTED, PARTIAL -> "yellow";
            case FAILED -> "red";
            default -> "faint";
        };
        return ansi.string("@|" + colour + " " + padded(outcome.name()) + "|@");
    }

    private static String padded(String outcome) {
        return outcome + " ".repeat(OUTCOME_WIDTH - outcome.length());
    }

    /** Breaks a paragraph at blanks and indents all lines but the first. */
    static String wrapped(String paragraph) {
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder("  ");
        String blank = "";
        for (String word : paragraph.split(" ", -1)) {
            if (line.length() + word.length() >= LINE && !blank.isEmpty()) {
                text.append(line).append('\n');
                line = new StringBuilder("      ");
                blank = "";
            }
            line.append(blank).append(word);
            blank = " ";
        }
        return text.append(line).toString();
    }
}
