#!/usr/bin/env bash
# japicmp 0.27.0: calls three changes compatible (source and binary) that break callers: an interface that becomes sealed,
# two components of a record that change places, a constant of an enum that is added (a switch without default).
# A removed method is found, so the comparison itself works.
set -euo pipefail
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workspace com.github.siom79.japicmp:japicmp:0.27.0 org.slf4j:slf4j-nop:2.0.20

cat > Main.java <<'JAVA'
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.JApiClass;
import javax.tools.ToolProvider;

public class Main {
    public static void main(String[] args) throws Exception {
        compare("method removed", "public interface A { void a(); void b(); }", "public interface A { void a(); }");
        compare("becomes sealed", "public interface A {}", "public sealed interface A permits B {} final class B implements A {}");
        compare("components swapped", "public record A(String from, String to) {}", "public record A(String to, String from) {}");
        compare("enum constant added", "public enum A { ONE }", "public enum A { ONE, TWO }");
        System.exit(0);
    }

    private static void compare(String what, String before, String after) throws Exception {
        JarArchiveComparator comparator = new JarArchiveComparator(new JarArchiveComparatorOptions());
        List<JApiClass> classes = comparator.compare(
                new JApiCmpArchive(jar("old", before), "1"), new JApiCmpArchive(jar("new", after), "2"));
        boolean compatible = classes.stream().allMatch(c -> c.isBinaryCompatible() && c.isSourceCompatible());
        System.out.println(what + ": " + (compatible ? "compatible" : "incompatible"));
    }

    private static File jar(String name, String source) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("."), name);
        Path file = Files.writeString(folder.resolve("A.java"), source);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", "-d", folder.toString(), file.toString()) != 0) {
            throw new IllegalStateException(source);
        }
        File jar = folder.resolve(name + ".jar").toFile();
        if (java.util.spi.ToolProvider.findFirst("jar").orElseThrow()
                .run(System.err, System.err, "cf", jar.getPath(), "-C", folder.toString(), "A.class") != 0) {
            throw new IllegalStateException(jar.getPath());
        }
        return jar;
    }
}
JAVA

expect <<'SEEN'
method removed: incompatible
becomes sealed: compatible
components swapped: compatible
enum constant added: compatible
SEEN
