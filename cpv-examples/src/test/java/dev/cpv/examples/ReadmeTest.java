package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README and the documents show is compiled, used or present in the build. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```([a-z]*)\\n(.*?)^```$");
    private static final Pattern REGION = Pattern.compile("(?ms)^ *// tag::([a-z]+)\\n(.*?)^ *// end::\\1$");
    private static final Pattern VERSION = Pattern.compile("<version>([^<$]+)</version>");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^):]*)?\\)");

    @Test
    void everyPieceOfJavaIsCompiled() {
        Set<String> compiled = new TreeSet<>();
        for (Path source : files(ROOT.resolve("cpv-examples/src"), ".java")) {
            REGION.matcher(read(source))
                    .results()
                    .forEach(region ->
                            compiled.add(region.group(2).stripTrailing().stripIndent() + "\n"));
        }

        List<String> shown = blocks(pages(), "java");

        assertThat(shown).isNotEmpty();
        assertThat(compiled).containsAll(shown);
        assertThat(shown).as("regions that no page shows").containsAll(compiled);
    }

    @Test
    void theReadmeShowsTwoCommands() {
        assertThat(blocks(List.of(ROOT.resolve("README.md")), "sh"))
                .containsExactly(
                        "./mvnw -q -DskipTests package && java -jar cpv-examples/target/cpv-examples.jar demo\n",
                        "./mvnw verify\n");
    }

    @Test
    void versionsAreThoseOfTheBuild() {
        String pom = read(ROOT.resolve("pom.xml"));
        for (String block : blocks(pages(), "xml")) {
            for (String version : groups(VERSION, block)) {
                assertThat(pom).contains(">" + version + "<");
            }
        }
    }

    @Test
    void linksLeadSomewhere() {
        for (Path page : pages()) {
            for (String target : groups(LINK, read(page))) {
                assertThat(page.resolveSibling(target)).as("link of " + page).exists();
            }
        }
    }

    @Test
    void everySettingIsExplained() {
        String setup = read(ROOT.resolve("docs/setup.md"));
        for (Setting setting : Setting.values()) {
            assertThat(setup).contains("`" + setting.variable() + "`");
        }
    }

    private static List<Path> pages() {
        List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        pages.add(ROOT.resolve("README.md"));
        return pages;
    }

    private static List<String> blocks(List<Path> pages, String language) {
        return pages.stream()
                .flatMap(page -> BLOCK.matcher(read(page)).results())
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static List<String> groups(Pattern pattern, String text) {
        List<String> groups = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            groups.add(matcher.group(1));
        }
        return groups;
    }

    private static List<Path> files(Path directory, String ending) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
