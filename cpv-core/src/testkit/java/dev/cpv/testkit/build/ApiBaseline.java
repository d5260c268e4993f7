package dev.cpv.testkit.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javassist.bytecode.ClassFile;
import javassist.bytecode.MethodInfo;

/**
 * The public API of an artifact as it was last agreed upon, in the module's folder {@code api}: as a text, which is compared
 * here, and as a jar of signatures, with which japicmp compares the artifact in {@code verify}.
 */
public final class ApiBaseline {
    private static final String RENEWAL = "./mvnw -Papi-baseline test";
    private static final int SHOWN = 12;

    private final PublicApi api;
    private final Path folder;

    private ApiBaseline(PublicApi api) {
        this.api = api;
        this.folder = Path.of("api");
    }

    /** Of what the module of that class exports. */
    public static ApiBaseline ofModule(String name, Class<?> any) {
        return new ApiBaseline(PublicApi.ofModule(name, any));
    }

    /** Of what a classifier's jar has: the package of that class and those below. */
    public static ApiBaseline ofClassifier(String name, Class<?> any) {
        return new ApiBaseline(PublicApi.ofClassifier(name, any));
    }

    /** Compares the API with its text; in the profile that renews baselines, writes both files. */
    public void check() throws IOException {
        String now = api.text(ApiBaseline.class.getClassLoader());
        assertThat(now).as("the API of " + api.name()).isNotEmpty();
        if (Boolean.getBoolean("cpv.api.renew")) {
            Files.createDirectories(folder);
            Files.writeString(text(), now);
            Files.write(folder.resolve(api.name() + ".jar"), signatures(api));
        }
        compare(api.name(), agreed(), now);
    }

    private Path text() {
        return folder.resolve(api.name() + ".txt");
    }

    private String agreed() throws IOException {
        try {
            return Files.readString(text()).replace("\r\n", "\n");
        } catch (NoSuchFileException e) {
            throw new AssertionError("There is no " + text() + "; this makes it: " + RENEWAL, e);
        }
    }

    /** Fails, with the first lines that differ, unless the two texts are the same. */
    static void compare(String name, String agreed, String now) {
        if (!agreed.equals(now)) {
            throw new AssertionError("The public API of " + name + " is not what its text says.\n"
                    + String.join(
                            "\n",
                            differences(agreed.lines().toList(), now.lines().toList()))
                    + "\nIf the change is meant, renew text and baseline, and commit them with it: " + RENEWAL);
        }
    }

    private static List<String> differences(List<String> agreed, List<String> now) {
        List<String> differences = new ArrayList<>();
        int same = 0;
        while (same < Math.min(agreed.size(), now.size()) && agreed.get(same).equals(now.get(same))) {
            same++;
        }
        int end = 0;
        while (end < Math.min(agreed.size(), now.size()) - same
                && agreed.get(agreed.size() - 1 - end).equals(now.get(now.size() - 1 - end))) {
            end++;
        }
        differences.add("  line " + (same + 1) + ", in " + typeAround(agreed, same) + ":");
        show("- ", agreed.subList(same, agreed.size() - end), differences);
        show("+ ", now.subList(same, now.size() - end), differences);
        return differences;
    }

    /** Members are indented: the type that they belong to is the last line before them that is not. */
    private static String typeAround(List<String> lines, int place) {
        for (int i = Math.min(place, lines.size() - 1); i >= 0; i--) {
            String line = lines.get(i);
            if (!line.isEmpty() && !line.startsWith(" ")) {
                return line;
            }
        }
        return "the beginning";
    }

    private static void show(String sign, List<String> lines, List<String> to) {
        lines.stream().limit(SHOWN).forEach(line -> to.add("  " + sign + line));
        if (lines.size() > SHOWN) {
            to.add("  " + sign + "… and " + (lines.size() - SHOWN) + " lines more");
        }
    }

    /** The class files without their code, which nobody compares: a binary file in a repository should be small. */
    static byte[] signatures(PublicApi api) throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar, StandardCharsets.UTF_8)) {
            for (String file : api.classFiles()) {
                ZipEntry entry = new ZipEntry(file);
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(withoutCode(Files.readAllBytes(api.classes().resolve(file))));
                zip.closeEntry();
            }
        }
        return jar.toByteArray();
    }

    private static byte[] withoutCode(byte[] bytes) throws IOException {
        ClassFile type = new ClassFile(new DataInputStream(new ByteArrayInputStream(bytes)));
        for (MethodInfo method : type.getMethods()) {
            method.removeCodeAttribute();
        }
        ByteArrayOutputStream stripped = new ByteArrayOutputStream();
        type.write(new DataOutputStream(stripped));
        return stripped.toByteArray();
    }
}
