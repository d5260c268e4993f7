package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README, changelog and documents: lines that can be read, links that lead somewhere, words of {@code docs/terms.md}. */
class DocumentsTest {
    private static final int WIDTH = 120;
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();
    private static final Path TERMS = ROOT.resolve("docs/terms.md");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]*)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern GENERATED_LIST = Pattern.compile("- \\[\\w+Test\\]: .*");
    /** The name of a class, with or without a member. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)[`.]");

    /** A row of the table of words: those in its first column are not used. */
    private static final Pattern AVOIDED = Pattern.compile("(?m)^\\| (`[^|]*) \\| [^|`]* \\|$");

    @Test
    void linesOfProseAreAtMost120Wide() {
        assertThat(pages())
                .hasSizeGreaterThan(20)
                .allSatisfy(page -> assertThat(prose(read(page)).lines())
                        .as(page.toString())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH)));
    }

    @Test
    void linksBetweenPagesLeadToAHeading() {
        for (Path page : pages()) {
            LINK.matcher(CODE_BLOCK.matcher(read(page)).replaceAll(""))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !target.startsWith("https:"))
                    .forEach(target -> assertLeadsSomewhere(page, target));
        }
    }

    @Test
    void wordsAreThoseOfTheTerms() {
        List<String> avoided = AVOIDED.matcher(read(TERMS))
                .results()
                .flatMap(row -> CODE.matcher(row.group(1)).results())
                .map(word -> word.group().replace("`", ""))
                .toList();
        assertThat(avoided).contains("in step", "by hand", "came to", "be it that", "is told", "tells");
        Pattern words = Pattern.compile("(?i)\\b(" + String.join("|", avoided) + ")\\b");

        assertThat(pages())
                .filteredOn(page -> !page.equals(TERMS))
                .allSatisfy(page -> assertThat(words.matcher(words(read(page))).results())
                        .as(page.toString())
                        .extracting(found -> found.group())
                        .isEmpty());
    }

    @Test
    void internalsNameClassesThatExist() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String module : List.of("cpv-core", "cpv-graph-adapter")) {
            for (String sources : List.of("src/main/java", "src/test/java")) {
                try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve(sources))) {
                    files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.endsWith(".java"))
                            .forEach(name -> classes.add(name.replace(".java", "")));
                }
            }
        }

        assertThat(TYPE.matcher(read(ROOT.resolve("docs/internals.md")))
                        .results()
                        .map(type -> type.group(1)))
                .hasSizeGreaterThan(30)
                .filteredOn(type -> !type.equals("IllegalArgumentException"))
                .isSubsetOf(classes);
    }

    private static void assertLeadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        assertThat(target).as("link %s of %s", link, page).exists();
        if (hash >= 0) {
            assertThat(HEADING.matcher(read(target)).results())
                    .as("link %s of %s", link, page)
                    .extracting(heading -> anchor(heading.group(1)))
                    .contains(link.substring(hash + 1));
        }
    }

    /** As GitHub makes it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** Without what may be wide: tables, code, generated lists, and where links lead. */
    private static String prose(String text) {
        return LINK.matcher(CODE_BLOCK.matcher(text).replaceAll(""))
                .replaceAll("]")
                .lines()
                .filter(line ->
                        !line.startsWith("|") && !GENERATED_LIST.matcher(line).matches())
                .collect(Collectors.joining("\n"));
    }

    /** On one line, without code, so that an expression is found wherever a line ends. */
    private static String words(String text) {
        return CODE.matcher(CODE_BLOCK.matcher(text).replaceAll(""))
                .replaceAll("")
                .replaceAll("\\s+", " ");
    }

    /** The texts of failures.md stand in a table of their own. */
    private static List<Path> pages() {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md") && !file.endsWith("failures.md"))
                    .forEach(pages::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
