package dev.cpv;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Which test shows which rule, over the tests of all modules. {@code docs/rules.md} has a sentence for each rule and the list of
 * its tests; {@code -Dcpv.update=true} renews the lists.
 */
class RuleTableTest {
    private static final int LAST_RULE = 35;

    /** The rules after it are about resets, tokens, the wire and fleets, which other modules show as well. */
    private static final int LAST_RULE_OF_THE_ENGINE = 18;

    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");
    private static final Path PAGE = ROOT.resolve("docs/rules.md").normalize();
    private static final String CORE = "cpv-core/src/test/java";
    private static final List<String> MODULES =
            List.of(CORE, "cpv-graph-adapter/src/test/java", "cpv-examples/src/test/java");

    /** {@code R16_R17_noFault…} shows two rules. */
    private static final Pattern TEST = Pattern.compile("\\bvoid ((?:R\\d+_)+\\w*)\\(");

    private static final Pattern RULE = Pattern.compile("\\GR(\\d+)_");

    /** {@code rule3_…} shows a rule of a port's conformance suite. */
    private static final Pattern PORT_RULE = Pattern.compile("\\bvoid rule\\d+_\\w*\\(");

    /** A heading, the sentences below it, and the list that is generated. */
    private static final Pattern SECTION =
            Pattern.compile("^### R(\\d+)\\n\\n((?:[^#\\n-][^\\n]*\\n)+)\\n?(?:- [^\\n]*\\n)*\\n*", Pattern.MULTILINE);

    /** A file's tests for one rule, as one line of the page. */
    private record Line(String file, SortedSet<String> tests) {
        @Override
        public String toString() {
            String type = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");
            return "- [" + type + "](../" + file + "): "
                    + tests.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")) + "\n";
        }
    }

    @Test
    void everyRuleHasATestThatNamesIt() throws IOException {
        assertThat(tests(MODULES).keySet()).containsExactlyElementsOf(rules(LAST_RULE));
        assertThat(tests(List.of(CORE)).keySet())
                .as("rules with a test in cpv-core")
                .containsAll(rules(LAST_RULE_OF_THE_ENGINE));
    }

    @Test
    void everyPortHasASuiteOfNumberedRules() throws IOException {
        Path suites = ROOT.resolve("cpv-core/src/conformance/java/dev/cpv/conformance");

        // A suite without rules of its own runs others, which are looked at too.
        assertThat(files(suites, "Conformance.java"))
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(suite -> assertThat(Files.readString(suite))
                        .containsPattern("(?s)" + PORT_RULE.pattern()
                                + "|@Nested\\s+(public )?class \\w+ extends \\w+Conformance"));
    }

    @Test
    void thePageHasASentenceForEachRuleAndItsTests() throws IOException {
        SortedMap<Integer, SortedMap<String, SortedSet<String>>> tests = tests(MODULES);
        String page = Files.readString(PAGE).replace("\r\n", "\n");
        String renewed = SECTION.matcher(page)
                        .replaceAll(section -> Matcher.quoteReplacement("### R" + section.group(1) + "\n\n"
                                + section.group(2) + "\n" + lines(tests.get(Integer.valueOf(section.group(1)))) + "\n"))
                        .stripTrailing()
                + "\n";
        if (Boolean.getBoolean("cpv.update")) {
            Files.writeString(PAGE, renewed);
        }

        assertThat(SECTION.matcher(page).results().map(section -> Integer.valueOf(section.group(1))))
                .as("rules with a sentence")
                .containsExactlyElementsOf(tests.keySet());
        assertThat(PAGE)
                .as("lists of tests are generated; run this test with -Dcpv.update=true to renew them")
                .hasContent(renewed);
    }

    private static List<Integer> rules(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    private static String lines(@Nullable SortedMap<String, SortedSet<String>> files) {
        return files == null
                ? ""
                : files.entrySet().stream()
                        .map(file -> new Line(file.getKey(), file.getValue()).toString())
                        .collect(Collectors.joining());
    }

    /** The names of tests by rule and file. */
    private static SortedMap<Integer, SortedMap<String, SortedSet<String>>> tests(List<String> modules)
            throws IOException {
        SortedMap<Integer, SortedMap<String, SortedSet<String>>> tests = new TreeMap<>();
        for (String module : modules) {
            for (Path file : files(ROOT.resolve(module), "Test.java")) {
                String name = ROOT.relativize(file).toString().replace('\\', '/');
                Matcher test = TEST.matcher(Files.readString(file));
                while (test.find()) {
                    Matcher rule = RULE.matcher(test.group(1));
                    while (rule.find()) {
                        tests.computeIfAbsent(Integer.valueOf(rule.group(1)), n -> new TreeMap<>())
                                .computeIfAbsent(name, n -> new TreeSet<>())
                                .add(test.group(1));
                    }
                }
            }
        }
        return tests;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
