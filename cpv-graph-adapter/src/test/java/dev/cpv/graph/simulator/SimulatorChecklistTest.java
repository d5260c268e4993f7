package dev.cpv.graph.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of what the simulator does: every line has a switch that exists and a test that says so, or the build fails.
 * {@code -Dcpv.update=true} writes the page anew.
 */
class SimulatorChecklistTest {
    private static final Path PAGE = Path.of("..", "docs", "simulator-checklist.md");
    private static final Path GENERATED = Path.of("target", "simulator-checklist.md");
    private static final String PACKAGE = "dev.cpv.graph.simulator.";

    private record Line(String id, String text, List<String> switches) {
        static Line of(String row) {
            String[] cells = row.split("\t", -1);
            assertThat(cells).as(row).hasSize(3);
            return new Line(cells[0], cells[1], List.of(cells[2].split(", ", -1)));
        }
    }

    private final List<Line> lines = lines();
    private final Map<String, SortedSet<String>> tests = tests();

    @Test
    void everyLineHasATest() {
        List<String> gaps = lines.stream()
                .filter(line -> !tests.containsKey(line.id()))
                .map(line -> line.id() + " " + line.text())
                .toList();

        assertThat(gaps).as("lines without a test").isEmpty();
    }

    @Test
    void everyTestNamesALine() {
        assertThat(lines).extracting(Line::id).containsAll(tests.keySet());
    }

    @Test
    void everyLineHasSwitchesThatExist() {
        assertThat(lines)
                .hasSizeGreaterThan(60)
                .allSatisfy(line -> assertThat(line.switches())
                        .isNotEmpty()
                        .allSatisfy(name -> assertThat(exists(name)).as(name).isTrue()));
    }

    @Test
    void thePageIsTheTable() throws IOException {
        String page = page();
        Files.createDirectories(GENERATED.getParent());
        Files.writeString(GENERATED, page);
        if (Boolean.getBoolean("cpv.update")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).as("run with -Dcpv.update=true").content().isEqualTo(page);
    }

    private String page() {
        StringBuilder page = new StringBuilder();
        page.append("# What the simulator does\n\n");
        page.append(
                "Every line of the simulator's checklist, the switches that govern it, and the tests that use it.\n");
        page.append(
                "The build writes this page and fails if a line has no switch or no test. Numbers in brackets that are\n");
        page.append("no codes point into the notes on Microsoft's services that the list was made from.\n\n");
        page.append("| line | a perfect double | switches | tests |\n| --- | --- | --- | --- |\n");
        for (Line line : lines) {
            page.append("| ").append(line.id());
            page.append(" | ").append(line.text().replace("|", "\\|"));
            page.append(" | ").append(code(line.switches()));
            page.append(" | ").append(code(tests.getOrDefault(line.id(), Collections.emptySortedSet())));
            page.append(" |\n");
        }
        return page.toString();
    }

    private static String code(Iterable<String> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("`" + name + "`"));
        return String.join("<br>", quoted);
    }

    private static boolean exists(String name) {
        int dot = name.lastIndexOf('.');
        String owner = name.substring(0, dot).replace('.', '$');
        String method = name.substring(dot + 1);
        try {
            return Arrays.stream(Class.forName(PACKAGE + owner).getMethods())
                    .anyMatch(found -> found.getName().equals(method));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static List<Line> lines() {
        try (InputStream stream = SimulatorChecklistTest.class.getResourceAsStream("checklist.tsv")) {
            assertThat(stream).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(row -> !row.startsWith("#"))
                    .map(Line::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tests of the whole module by the line that they name. */
    private static Map<String, SortedSet<String>> tests() {
        Map<String, SortedSet<String>> byLine = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                Checklist checklist = method.getAnnotation(Checklist.class);
                if (checklist != null) {
                    for (String id : checklist.value()) {
                        byLine.computeIfAbsent(id, key -> new TreeSet<>())
                                .add(type.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        return byLine;
    }

    private static List<Class<?>> testClasses() {
        try {
            Path root = Path.of(SimulatorChecklistTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            List<Class<?>> classes = new ArrayList<>();
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(SimulatorChecklistTest::testClass).toList()) {
                    String name = root.relativize(file).toString().replace(java.io.File.separatorChar, '.');
                    classes.add(Class.forName(
                            name.substring(0, name.length() - ".class".length()),
                            false,
                            SimulatorChecklistTest.class.getClassLoader()));
                }
            }
            return classes;
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean testClass(Path file) {
        return file.getFileName().toString().endsWith("Test.class");
    }
}
