package dev.cpv.journal;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Small texts in a directory, each under a name, readable by their owner alone where the file system supports owners. Several
 * processes of one machine can share it: each access is short and under the operating system's lock on a file beside the text.
 *
 * <p>A file is written completely and replaces the old one atomically, so a killed process leaves the old or the new content.
 */
final class LockedFiles {
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final String TEXT = ".json";
    private static final String TEMPORARY = ".tmp";

    /**
     * A file lock belongs to the process, not to the caller: the JVM refuses a second one on the same file, and closing the file anywhere
     * releases the lock. So the locks that guard the file locks belong to the process too; they hold no other state. They are fair,
     * or callers that ask for a lease could keep its holder from releasing it. They are many, or unrelated tenants would wait for each
     * other's disk access.
     */
    private static final List<ReentrantLock> IN_PROCESS =
            Stream.generate(() -> new ReentrantLock(true)).limit(1024).toList();

    private final Path directory;
    private final boolean posix;

    private LockedFiles(Path directory) {
        this.directory = directory;
        this.posix = isPosix(directory);
    }

    /**
     * Opens a directory, and removes half-written files of killed processes.
     *
     * @param names the names whose leftovers are removed
     */
    static LockedFiles open(Path directory, Pattern names) throws IOException {
        create(directory.toAbsolutePath());
        LockedFiles opened = new LockedFiles(directory.toRealPath());
        opened.removeLeftovers(names);
        return opened;
    }

    /** Works on a name under its lock, so that neither this nor another process interferes. */
    <T> T locked(String name, LockedWork<T> work) throws IOException {
        ReentrantLock inProcess = IN_PROCESS.get(Math.floorMod(Objects.hash(directory, name), IN_PROCESS.size()));
        inProcess.lock();
        try (Lock lock = lock(file(name, ".lock"))) {
            return work.run(lock);
        } finally {
            inProcess.unlock();
        }
    }

    /**
     * Reads a text; to be called under the lock.
     *
     * @throws CharacterCodingException if it is not UTF-8, or too long
     */
    Optional<String> read(String name) throws IOException {
        Path file = file(name, TEXT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // A stream, as everywhere here: an interrupt would close a channel in the middle of the work.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CharacterCodingException();
            }
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        }
    }

    /** Sets an unreadable text aside, and returns its new file; to be called under the lock. */
    Path setAside(String name) throws IOException {
        Path aside = file(name, ".corrupt");
        Files.move(file(name, TEXT), aside, StandardCopyOption.REPLACE_EXISTING);
        return aside;
    }

    /** Returns whether a text is small enough to be written. */
    static boolean fits(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** Writes a text that {@link #fits}, and forces file and name to the disk; to be called under the lock. */
    void write(String name, String text) throws IOException {
        replace(name, text);
        forceDirectory();
    }

    /** Writes a text that {@link #fits}; after a power cut, it or the one before it is complete. To be called under the lock. */
    void replace(String name, String text) throws IOException {
        Path temporary = file(name, TEMPORARY);
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, ownerOnly("rw-------"));
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            Files.move(temporary, file(name, TEXT), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /**
     * Deletes a text if there is one; to be called under the lock. The lock's own file stays, since others may wait for it, and so does
     * what was set aside for people to examine.
     */
    void delete(String name) throws IOException {
        Files.deleteIfExists(file(name, TEMPORARY));
        if (Files.deleteIfExists(file(name, TEXT))) {
            forceDirectory();
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** Without this, a power cut may lose the new name of a file. */
    private void forceDirectory() throws IOException {
        if (posix) {
            uninterrupted(() -> {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return true;
                }
            });
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, ownerOnly(isPosix(directory), "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private void removeLeftovers(Pattern names) throws IOException {
        List<String> left = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + TEMPORARY)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Matcher known = names.matcher(name.substring(0, name.length() - TEMPORARY.length()));
                if (known.matches()) {
                    left.add(known.group());
                }
            }
        }
        // Under the lock: another process may be writing the file at this moment.
        for (String name : left) {
            locked(name, lock -> Files.deleteIfExists(file(name, TEMPORARY)));
        }
    }

    private Path file(String name, String ending) {
        return directory.resolve(name + ending);
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return ownerOnly(posix, permissions);
    }

    private static FileAttribute<?>[] ownerOnly(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private Lock lock(Path path) throws IOException {
        createIfMissing(path);
        return uninterrupted(() -> {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                file.getChannel().lock();
                return new Lock(file);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        });
    }

    private void createIfMissing(Path file) throws IOException {
        if (!Files.exists(file)) {
            try {
                Files.createFile(file, ownerOnly("rw-------"));
            } catch (FileAlreadyExistsException e) {
                return; // Another process created it.
            }
        }
    }

    /** An interrupt ends the wait for a channel; this tries again, and restores the interrupt at the end. */
    private static <T> T uninterrupted(IoWork<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException | FileLockInterruptionException e) {
                    interrupted = true;
                    Thread.interrupted(); // Cleared, or the next try would end the same way.
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A lock that is held until it is closed. Its file can hold a note. A note is written in place and not forced to the disk, so it is
     * cheap, and may be lost when the machine crashes or the process is killed while it writes.
     */
    static final class Lock implements Closeable {
        private static final int MAX_NOTE = 8 * 1024;

        private final RandomAccessFile file;

        private Lock(RandomAccessFile file) {
            this.file = file;
        }

        /** Reads the note; empty if there is none or the content is too long to be a note. */
        String note() throws IOException {
            long length = file.length();
            if (length > MAX_NOTE) {
                return "";
            }
            byte[] bytes = new byte[(int) length];
            file.seek(0);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Writes the note. */
        void note(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            file.seek(0);
            file.write(bytes);
            file.setLength(bytes.length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Work under a lock. */
    @FunctionalInterface
    interface LockedWork<T> {
        T run(Lock lock) throws IOException;
    }

    @FunctionalInterface
    private interface IoWork<T> {
        T run() throws IOException;
    }
}
