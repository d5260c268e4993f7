package dev.cpv;

import dev.cpv.testkit.build.PublicComments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JavadocTest {
    private static final Path MAIN = Path.of(System.getProperty("basedir", "."), "src", "main", "java");

    @Test
    void everyPublicTypeAndMemberOfAnExportedPackageHasAComment() throws IOException {
        PublicComments.in(exported()).check(501);
    }

    private static List<Path> exported() throws IOException {
        return Pattern.compile("exports ([\\w.]+);")
                .matcher(Files.readString(MAIN.resolve("module-info.java")))
                .results()
                .map(match -> MAIN.resolve(match.group(1).replace('.', '/')))
                .toList();
    }
}
