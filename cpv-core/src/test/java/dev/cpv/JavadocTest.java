package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every exported type, method and constant has a comment: doclint is not asked, since it wants a tag for each value too. */
class JavadocTest {
    private static final Path MAIN = Path.of(System.getProperty("basedir", "."), "src", "main", "java");

    @Test
    void everyPublicTypeAndMemberOfAnExportedPackageHasAComment() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        TreeSet<String> bare = new TreeSet<>();
        int[] seen = {0};
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(exported()));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<@Nullable Void, String>() {
                    @Override
                    public @Nullable Void visitClass(ClassTree type, String outer) {
                        return check(type.getModifiers(), outer + "." + type.getSimpleName())
                                ? super.visitClass(type, outer + "." + type.getSimpleName())
                                : null;
                    }

                    @Override
                    public @Nullable Void visitMethod(MethodTree method, String type) {
                        check(method.getModifiers(), type + "#" + method.getName());
                        return null;
                    }

                    @Override
                    public @Nullable Void visitVariable(VariableTree field, String type) {
                        check(field.getModifiers(), type + "#" + field.getName());
                        return null;
                    }

                    private boolean check(ModifiersTree modifiers, String name) {
                        Set<Modifier> flags = modifiers.getFlags();
                        boolean isOfInterface =
                                getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
                        boolean isOpen = flags.contains(Modifier.PUBLIC)
                                || flags.contains(Modifier.PROTECTED)
                                || (isOfInterface && !flags.contains(Modifier.PRIVATE));
                        boolean isInherited =
                                modifiers.getAnnotations().toString().contains("@Override");
                        if (isOpen && !isInherited) {
                            seen[0]++;
                            if (docs.getDocComment(getCurrentPath()) == null) {
                                bare.add(name);
                            }
                        }
                        return isOpen;
                    }
                }.scan(unit, String.valueOf(unit.getPackageName()));
            }
        }
        assertThat(bare).isEmpty();
        assertThat(seen[0]).isGreaterThan(500);
    }

    private static List<Path> exported() throws IOException {
        return Pattern.compile("exports ([\\w.]+);")
                .matcher(Files.readString(MAIN.resolve("module-info.java")))
                .results()
                .map(match -> MAIN.resolve(match.group(1).replace('.', '/')))
                .flatMap(JavadocTest::sources)
                .toList();
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
