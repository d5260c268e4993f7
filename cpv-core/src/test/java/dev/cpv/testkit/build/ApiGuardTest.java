package dev.cpv.testkit.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.config.Options;
import japicmp.model.JApiClass;
import japicmp.output.incompatible.IncompatibleErrorOutput;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two guards of the API let pass and what they stop, on a small artifact that is compiled here. */
class ApiGuardTest {
    private static final String BEFORE = """
            package a;
            import org.jspecify.annotations.Nullable;
            public interface Door {
                String NAME = "door";
                void open();
                @Nullable String label();
                record Size(int width, int height) {}
                enum Side { LEFT, RIGHT }
                @interface Painted { String value() default "red"; }
                @Deprecated(since = "0.2") default void push() { open(); }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void sameApiPassesBoth() throws Exception {
        assertThatCode(() -> japicmp(BEFORE)).doesNotThrowAnyException();
        assertThatCode(() -> compareTexts(BEFORE)).doesNotThrowAnyException();
    }

    @Test
    void otherBodiesAndPrivateMembersPassBoth() throws Exception {
        String other = BEFORE.replace("{ open(); }", "{ again(); } private void again() { open(); }");

        assertThatCode(() -> japicmp(other)).doesNotThrowAnyException();
        assertThatCode(() -> compareTexts(other)).doesNotThrowAnyException();
    }

    @Test
    void publicMethodThatGoesIsStoppedByJapicmp() {
        assertThatThrownBy(() -> japicmp(BEFORE.replace("void open();", "").replace("{ open(); }", "{}")))
                .hasMessageContaining("a.Door.open()")
                .hasMessageContaining("METHOD_REMOVED");
    }

    @Test
    void abstractMethodThatComesIsStoppedByJapicmp() {
        assertThatThrownBy(() -> japicmp(BEFORE.replace("void open();", "void open(); void close();")))
                .hasMessageContaining("METHOD_ADDED_TO_INTERFACE");
    }

    @Test
    void missingBaselineIsStoppedByTheText() {
        assertThatThrownBy(() -> ApiBaseline.ofModule("nothing-of-that-name", ApiGuardTest.class)
                        .check())
                .hasMessageContaining("There is no")
                .hasMessageContaining("./mvnw -Papi-baseline test");
    }

    @Test
    void recordComponentsThatAreSwappedAreStoppedByTheText() throws Exception {
        String swapped = BEFORE.replace("int width, int height", "int height, int width");

        assertThatCode(() -> japicmp(swapped)).as("japicmp sees nothing").doesNotThrowAnyException();
        assertThatThrownBy(() -> compareTexts(swapped))
                .hasMessageContaining("- public static record a.Door$Size(int width, int height)")
                .hasMessageContaining("+ public static record a.Door$Size(int height, int width)")
                .hasMessageContaining("./mvnw -Papi-baseline test");
    }

    @Test
    void typeThatBecomesSealedIsStoppedByTheText() throws Exception {
        String sealed = BEFORE.replace("interface Door {", "sealed interface Door permits Gate {")
                + "non-sealed interface Gate extends Door {}";

        assertThatCode(() -> japicmp(sealed)).as("japicmp sees nothing").doesNotThrowAnyException();
        assertThatThrownBy(() -> compareTexts(sealed))
                .hasMessageContaining("- public interface a.Door\n")
                .hasMessageContaining("+ public sealed interface a.Door permits a.Gate\n");
    }

    @Test
    void whatElseJapicmpDoesNotSeeIsStoppedByTheText() {
        Map<String, String> changes = Map.of(
                "LEFT, RIGHT", "RIGHT, LEFT",
                "\"door\"", "\"gate\"",
                "\"red\"", "\"blue\"",
                "@Nullable String label()", "String label()",
                "@Deprecated(since = \"0.2\") ", "");

        assertThat(changes)
                .allSatisfy((before, after) -> assertThatThrownBy(() -> compareTexts(BEFORE.replace(before, after)))
                        .as(after)
                        .hasMessageContaining("The public API of a is not what its text says"));
    }

    private void compareTexts(String after) throws Exception {
        ApiBaseline.compare("a", text(compiled("before", BEFORE)), text(compiled("after", after)));
    }

    private static String text(Path classes) throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            return api(classes).text(loader);
        }
    }

    private static PublicApi api(Path classes) {
        return new PublicApi("a", classes, packageName -> true);
    }

    /** As the plugin does with the settings of the parent POM. */
    private void japicmp(String after) throws Exception {
        Options options = Options.newDefault();
        options.setErrorOnBinaryIncompatibility(true);
        options.setErrorOnSourceIncompatibility(true);
        options.setIgnoreMissingClasses(true);
        options.setOutputOnlyModifications(true);
        JApiCmpArchive before = archive("before", BEFORE);
        JApiCmpArchive now = archive("after", after);
        options.setOldArchives(List.of(before));
        options.setNewArchives(List.of(now));
        JarArchiveComparator comparator = new JarArchiveComparator(JarArchiveComparatorOptions.of(options));
        List<JApiClass> changes = comparator.compare(before, now);
        new IncompatibleErrorOutput(options, changes, comparator).generate();
    }

    private JApiCmpArchive archive(String name, String source) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        Files.write(jar, ApiBaseline.signatures(api(compiled(name, source))));
        return new JApiCmpArchive(jar.toFile(), "1.0.0");
    }

    private Path compiled(String name, String source) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(name));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean isFine = compiler.getTask(
                        null,
                        null,
                        null,
                        List.of(
                                "-d",
                                classes.toString(),
                                "--release",
                                "17",
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(new Source(source)))
                .call();
        assertThat(isFine).as(source).isTrue();
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///a/Door.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
