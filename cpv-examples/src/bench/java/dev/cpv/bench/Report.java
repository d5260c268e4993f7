package dev.cpv.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects figures, prints each one, and writes all as JSON, as a Markdown table and as plots. Not thread-safe. */
final class Report {
    /** A measured figure with its optional goal. */
    private record Figure(
            String section,
            String name,
            double value,
            String unit,
            @Nullable Goal goal) {}

    /** An upper or lower bound for a figure. */
    record Goal(boolean atLeast, double bound) {
        static Goal atLeast(double bound) {
            return new Goal(true, bound);
        }

        static Goal atMost(double bound) {
            return new Goal(false, bound);
        }

        boolean met(double value) {
            return atLeast ? value >= bound : value <= bound;
        }

        @Override
        public String toString() {
            return (atLeast ? "≥ " : "≤ ") + number(bound);
        }
    }

    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, String> plots = new LinkedHashMap<>();
    private final Map<String, String> machine = machine();
    private String section = "";

    Report() {
        machine.forEach((name, value) -> print(name + ": " + value));
    }

    private static void print(String line) {
        System.out.println(line);
    }

    private static Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put("processor", processor());
        machine.put("system", System.getProperty("os.name") + " " + version(System.getProperty("os.version")));
        machine.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put("load average before", number(load()));
        return machine;
    }

    /** Without the suffix of the kernel's builder. */
    private static String version(String whole) {
        return whole.replaceFirst("-.*", "");
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse("unknown");
        } catch (IOException e) {
            return System.getProperty("os.arch", "unknown");
        }
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    void section(String title) {
        section = title;
        print("\n" + title + " (load average " + number(load()) + ")");
    }

    void add(String name, double value, String unit) {
        add(name, value, unit, null);
    }

    void add(String name, double value, String unit, @Nullable Goal goal) {
        figures.add(new Figure(section, name, value, unit, goal));
        String verdict = goal == null ? "" : "   goal " + goal + (goal.met(value) ? ", met" : ", MISSED");
        print(String.format(Locale.ROOT, "  %-66s %10s %s%s", name, number(value), unit, verdict));
    }

    void plot(String file, Plot plot) {
        plots.put(file, plot.svg());
    }

    /** Three significant digits. */
    static String number(double value) {
        double size = Math.abs(value);
        String format =
                value == Math.rint(value) || size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }

    void write(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("figures.json"), json());
            Files.writeString(directory.resolve("figures.md"), markdown());
            for (Map.Entry<String, String> plot : plots.entrySet()) {
                Files.writeString(directory.resolve(plot.getKey()), plot.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String json() throws IOException {
        ObjectNode root = Fixture.JSON.createObjectNode();
        ObjectNode where = root.putObject("machine");
        machine.forEach(where::put);
        ArrayNode all = root.putArray("figures");
        for (Figure figure : figures) {
            ObjectNode node = all.addObject()
                    .put("section", figure.section)
                    .put("name", figure.name)
                    .put("value", figure.value)
                    .put("unit", figure.unit);
            if (figure.goal != null) {
                node.put("goal", figure.goal.toString()).put("met", figure.goal.met(figure.value));
            }
        }
        return Fixture.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("# Figures of the last run\n\nWritten by the benchmarks; "
                + "[how they are measured](../performance.md).\n\n");
        machine.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        String last = "";
        for (Figure figure : figures) {
            if (!figure.section.equals(last)) {
                last = figure.section;
                text.append("\n## ")
                        .append(last)
                        .append("\n\n| figure | value | goal | met |\n| --- | ---: | --- | --- |\n");
            }
            text.append("| ")
                    .append(figure.name)
                    .append(" | ")
                    .append(number(figure.value))
                    .append(figure.unit.isEmpty() ? "" : " " + figure.unit)
                    .append(" | ")
                    .append(figure.goal == null ? "" : figure.goal)
                    .append(" | ")
                    .append(figure.goal == null ? "" : figure.goal.met(figure.value) ? "yes" : "**no**")
                    .append(" |\n");
        }
        return text.toString();
    }
}
