package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Writes {@code target/rules.md}: which test shows which rule. */
class RuleTableTest {
    /** Beyond them the rules are about resets, tokens, the wire and fleets: other modules show those. */
    private static final int LAST_RULE_OF_THE_ENGINE = 18;

    /** {@code R16_R17_noFault…} shows two rules of cpv, {@code rule3_…} a rule of a port's conformance suite. */
    private static final Pattern RULE = Pattern.compile("\\G(R|rule)(\\d+)_");

    @Test
    void everyRuleOfTheEngineHasATestThatNamesIt() throws Exception {
        SortedMap<Integer, List<String>> rules = new TreeMap<>();
        SortedMap<String, List<String>> ports = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                if (AnnotationSupport.isAnnotated(method, Testable.class)) {
                    collect(method, rules, ports);
                }
            }
        }
        String table = table(rules, ports);
        Files.writeString(classes().resolveSibling("rules.md"), table);

        assertThat(rules.keySet())
                .as(table)
                .containsAll(IntStream.rangeClosed(1, LAST_RULE_OF_THE_ENGINE)
                        .boxed()
                        .toList());
        assertThat(ports).as("conformance suites").hasSizeGreaterThanOrEqualTo(2);
    }

    private static void collect(
            Method method, SortedMap<Integer, List<String>> rules, SortedMap<String, List<String>> ports) {
        String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        Matcher rule = RULE.matcher(method.getName());
        while (rule.find()) {
            if (rule.group(1).equals("R")) {
                rules.computeIfAbsent(Integer.valueOf(rule.group(2)), n -> new ArrayList<>())
                        .add(name);
            } else {
                ports.computeIfAbsent(method.getDeclaringClass().getSimpleName(), n -> new ArrayList<>())
                        .add("rule " + rule.group(2) + ": " + name);
            }
        }
    }

    private static String table(SortedMap<Integer, List<String>> rules, SortedMap<String, List<String>> ports) {
        StringBuilder table = new StringBuilder("# Rules and the tests of cpv-core that show them\n");
        rules.forEach((rule, tests) -> section(table, "R" + rule, tests));
        ports.forEach((suite, tests) -> section(table, suite, tests));
        return table.toString();
    }

    private static void section(StringBuilder table, String title, List<String> tests) {
        table.append("\n## ").append(title).append("\n\n");
        tests.stream().sorted().forEach(test -> table.append("- ").append(test).append('\n'));
    }

    private static List<Class<?>> testClasses() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = classes();
        List<String> names;
        try (Stream<Path> files = Files.walk(root)) {
            names = files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace(file.contains("\\") ? '\\' : '/', '.'))
                    .toList();
        }
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            types.add(Class.forName(name, false, RuleTableTest.class.getClassLoader()));
        }
        return types;
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(RuleTableTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }
}
