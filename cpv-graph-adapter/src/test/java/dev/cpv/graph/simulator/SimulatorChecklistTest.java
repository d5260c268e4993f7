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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks the table of situations: each needs a test that uses it and a call that exists.
 * {@code -Dcpv.update=true} rewrites the page.
 */
class SimulatorChecklistTest {
    private static final Path PAGE = Path.of("..", "docs", "simulator-checklist.md");

    private static final Map<String, String> SECTIONS = new TreeMap<>(Map.of(
            "10.1", "The partner, its application and its customers",
            "10.2", "Tokens",
            "10.3", "Partner Center",
            "10.4", "Microsoft Graph",
            "10.5", "Replication lag",
            "10.6", "Whole scenarios"));

    /** A method and its arguments, which may be calls themselves. */
    private static final Pattern CALL = Pattern.compile("\\.(\\w+)\\(((?:[^()]|\\([^()]*\\))*)\\)");

    private static final Pattern SEPARATOR = Pattern.compile(", ");

    /** One situation; several may share an id. */
    private record Line(String id, String situation, String call) {
        static Line of(String row) {
            String[] cells = row.split("\t", -1);
            assertThat(cells).as(row).hasSize(3);
            return new Line(cells[0], cells[1], cells[2]);
        }

        boolean isIn(String section) {
            return id.startsWith(section + "-");
        }
    }

    private final List<Line> lines = lines();
    private final Map<String, SortedSet<String>> tests = tests();

    @Test
    void everySituationHasATest() {
        assertThat(lines)
                .filteredOn(line -> !tests.containsKey(line.id()))
                .as("situations without a test")
                .isEmpty();
    }

    @Test
    void everyTestNamesASituation() {
        assertThat(lines).extracting(Line::id).containsAll(tests.keySet());
    }

    @Test
    void everyCallExists() {
        assertThat(lines)
                .hasSizeGreaterThan(60)
                .allSatisfy(
                        line -> assertThat(methods(line.call())).as(line.call()).isNotEmpty());
    }

    @Test
    void everySwitchIsInTheTable() {
        Set<Method> called =
                lines.stream().flatMap(line -> methods(line.call()).stream()).collect(Collectors.toSet());
        Set<String> names = called.stream().map(SimulatorChecklistTest::name).collect(Collectors.toSet());

        for (Class<?> switches : List.of(TenantBehaviour.class, PartnerBehaviour.class)) {
            assertThat(Arrays.stream(switches.getMethods()).filter(method -> method.getReturnType() == switches))
                    .extracting(SimulatorChecklistTest::name)
                    .isSubsetOf(names);
        }
    }

    @Test
    void thePageIsTheTable() throws IOException {
        String page = page();
        if (Boolean.getBoolean("cpv.update")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE).as("run with -Dcpv.update=true").content().isEqualTo(page);
    }

    private String page() {
        StringBuilder page = new StringBuilder("""
                # The simulator

                <!-- Generated from checklist.tsv by SimulatorChecklistTest. Don't edit. -->

                Which call simulates which situation. `simulator` is a `MicrosoftSimulator`, `tenant` one of its tenants: the result of
                `simulator.addCustomer(…)`, or `simulator.partner()`. Lower case names such as `appId` are values of your test. Every
                call has tests in `cpv-graph-adapter`, and takes effect with the next request.
                """);
        SECTIONS.forEach((section, title) -> {
            page.append("\n## ").append(title).append("\n\n| situation | call |\n| --- | --- |\n");
            lines.stream()
                    .filter(line -> line.isIn(section))
                    .forEach(line -> page.append("| %s | `%s` |\n".formatted(line.situation(), line.call())));
        });
        return page.toString();
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /** The methods of a chain of calls, found by name and number of arguments; empty if one of them does not exist. */
    private static List<Method> methods(String chain) {
        Class<?> type = chain.startsWith("tenant.") ? SimulatedTenant.class : MicrosoftSimulator.class;
        List<Method> methods = new ArrayList<>();
        Matcher call = CALL.matcher(chain);
        while (call.find()) {
            String name = call.group(1);
            String arguments = call.group(2);
            long count =
                    arguments.isEmpty() ? 0 : SEPARATOR.splitAsStream(arguments).count();
            Optional<Method> method = Arrays.stream(type.getMethods())
                    .filter(found -> found.getName().equals(name) && found.getParameterCount() == count)
                    .findFirst();
            if (method.isEmpty()) {
                return List.of();
            }
            methods.add(method.get());
            type = method.get().getReturnType();
        }
        return methods;
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
