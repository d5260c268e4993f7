package dev.cpv.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which test shows which rule, over the tests of all modules: printed in short, and written to {@code target/rules.md} in
 * full. A rule without a test fails the build.
 */
class RuleTableTest {
    private static final int LAST_RULE = 35;

    private static final List<Path> SOURCES = List.of(
            Path.of("..", "cpv-core", "src", "test", "java"),
            Path.of("src", "test", "java"),
            Path.of("..", "cpv-examples", "src", "test", "java"));

    /** {@code R16_R17_noFault…} shows two rules. */
    private static final Pattern TEST = Pattern.compile("\\bvoid ((?:R\\d+_)+\\w*)\\(");

    private static final Pattern RULE = Pattern.compile("\\GR(\\d+)_");

    @Test
    void everyRuleHasATestThatNamesIt() throws IOException {
        SortedMap<Integer, SortedSet<String>> tests = tests();
        System.out.println(summary(tests));
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            Files.writeString(target.resolve("rules.md"), table(tests));
        }

        assertThat(tests.keySet())
                .as("rules with a test")
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, LAST_RULE).boxed().toList());
    }

    private static SortedMap<Integer, SortedSet<String>> tests() throws IOException {
        SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
        for (Path sources : SOURCES) {
            assertThat(sources).isDirectory();
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(file -> file.toString().endsWith("Test.java"))
                        .toList()) {
                    collect(file, tests);
                }
            }
        }
        return tests;
    }

    private static void collect(Path file, SortedMap<Integer, SortedSet<String>> tests) throws IOException {
        String type = String.valueOf(file.getFileName()).replace(".java", "");
        Matcher test = TEST.matcher(Files.readString(file));
        while (test.find()) {
            Matcher rule = RULE.matcher(test.group(1));
            while (rule.find()) {
                tests.computeIfAbsent(Integer.valueOf(rule.group(1)), n -> new TreeSet<>())
                        .add(type + "." + test.group(1));
            }
        }
    }

    private static String summary(SortedMap<Integer, SortedSet<String>> tests) {
        StringBuilder summary =
                new StringBuilder("Rules and the tests that show them, all modules (target/rules.md):\n");
        tests.forEach((rule, names) ->
                summary.append("  R%-3d %3d tests, such as %s%n".formatted(rule, names.size(), names.first())));
        return summary.toString();
    }

    private static String table(SortedMap<Integer, SortedSet<String>> tests) {
        StringBuilder table = new StringBuilder("# Rules and the tests that show them\n");
        tests.forEach((rule, names) -> {
            table.append("\n## R").append(rule).append("\n\n");
            names.forEach(name -> table.append("- ").append(name).append('\n'));
        });
        return table.toString();
    }
}
