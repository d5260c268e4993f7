package dev.cpv.testkit.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public API of one artifact: the classes of the packages that it exports.
 *
 * @param name the artifact, and the name of its files in {@code api/}
 * @param classes the folder with its class files
 * @param packages which packages are exported
 */
record PublicApi(String name, Path classes, Predicate<String> packages) {
    /** What the module exports to everybody; without a descriptor, what is not internal. */
    static PublicApi ofModule(String name, Class<?> any) {
        Path classes = folder(any);
        Path descriptor = classes.resolve("module-info.class");
        if (!Files.exists(descriptor)) {
            return new PublicApi(name, classes, PublicApi::isNotInternal);
        }
        try (InputStream in = Files.newInputStream(descriptor)) {
            Set<String> exported = ModuleDescriptor.read(in).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
            return new PublicApi(name, classes, exported::contains);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies in the package of that class and below it: a classifier's part of the test classes. */
    static PublicApi ofClassifier(String name, Class<?> any) {
        String root = any.getPackageName();
        return new PublicApi(
                name,
                folder(any),
                packageName -> (packageName + ".").startsWith(root + ".") && isNotInternal(packageName));
    }

    private static boolean isNotInternal(String packageName) {
        return !("." + packageName + ".").contains(".internal.");
    }

    private static Path folder(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The class files of the exported packages, in a fixed order, as paths relative to {@link #classes()}. */
    List<String> classFiles() throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class") && !file.equals("module-info.class"))
                    .filter(file -> packages.test(packageOf(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String packageOf(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/'))).replace('/', '.');
    }

    /** The API as text: one line for each type and, indented, one for each of its members. */
    String text(ClassLoader loader) throws IOException {
        List<Class<?>> types = new ArrayList<>();
        for (String file : classFiles()) {
            String type = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            if (!type.endsWith(".package-info")) {
                types.add(load(type, loader));
            }
        }
        return types.stream()
                .filter(ApiText::isAccessible)
                .sorted(Comparator.comparing(Class::getName))
                .map(ApiText::of)
                .collect(Collectors.joining("\n"));
    }

    private static Class<?> load(String type, ClassLoader loader) {
        try {
            return Class.forName(type, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
