package dev.cpv.testkit.build;

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
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The Javadoc comments of everything public in some packages, read from source. Doclint cannot check this alone, since it also requires
 * a tag for each value.
 */
public final class PublicComments {
    private final Set<String> missing = new TreeSet<>();
    private int checked;

    private PublicComments() {}

    /** Reads the sources in these folders, without the folders below them. */
    public static PublicComments in(List<Path> folders) throws IOException {
        List<Path> sources = folders.stream().flatMap(PublicComments::sources).toList();
        PublicComments comments = new PublicComments();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            Scanner scanner = comments.new Scanner(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, String.valueOf(unit.getPackageName()));
            }
        }
        return comments;
    }

    private static Stream<Path> sources(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fails if a public type, method or field has no comment.
     *
     * @param fewest how many of them there are at least, so that a wrong folder does not pass
     */
    public void check(int fewest) {
        assertThat(missing).as("public types and members without a comment").isEmpty();
        assertThat(checked).as("public types and members").isGreaterThanOrEqualTo(fewest);
    }

    /** Carries the name of the enclosing type down to its members. */
    private final class Scanner extends TreePathScanner<@Nullable Void, String> {
        private final DocTrees docs;

        Scanner(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, String outer) {
            String name = outer + "." + type.getSimpleName();
            return check(type.getModifiers(), name) ? super.visitClass(type, name) : null;
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

        /** Returns whether the declaration can be seen from other packages. */
        private boolean check(ModifiersTree modifiers, String name) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean isOfInterface = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
            boolean isOpen = flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || (isOfInterface && !flags.contains(Modifier.PRIVATE));
            boolean isInherited = modifiers.getAnnotations().toString().contains("@Override");
            if (isOpen && !isInherited) {
                checked++;
                if (docs.getDocComment(getCurrentPath()) == null) {
                    missing.add(name);
                }
            }
            return isOpen;
        }
    }
}
