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
 * Small texts in a directory, each under a name, readable by their owner alone where the file system knows owners. Several
 * processes of one machine can share it: each access is short and under the operating system's lock on a file beside the text.
 *
 * <p>A file is written whole and put in the place of the old one in one step, so that a process that is killed leaves the old or the
 * new content.
 */
final class LockedFiles {
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final String TEXT = ".json";
    private static final String TEMPORARY = ".tmp";

    /**
     * A file lock belongs to the process, not to who asked for it: another one inside is refused, and closing the file anywhere gives it
     * up. So what guards it has to belong to the process too. It holds nothing but who is inside. Fair, or
     * those who ask for a lease could keep away the one who gives it back. Many, or tenants that have nothing to do with each other
     * would wait for each other's disk.
     */
    private static final List<ReentrantLock> INSIDE =
            Stream.generate(() -> new ReentrantLock(true)).limit(1024).toList();

    private final Path directory;
    private final boolean posix;

    private LockedFiles(Path directory) {
        this.directory = directory;
        this.posix = isPosix(directory);
    }

    /**
     * Opens a directory, and removes what a process that was killed left half-written.
     *
     * @param names the names that may stand in it, for the leftovers
     */
    static LockedFiles open(Path directory, Pattern names) throws IOException {
        create(directory.toAbsolutePath());
        LockedFiles opened = new LockedFiles(directory.toRealPath());
        opened.removeLeftovers(names);
        return opened;
    }

    /** Does work on a name with nobody in between, in this process or another. */
    <T> T locked(String name, LockedWork<T> work) throws IOException {
        ReentrantLock inside = INSIDE.get(Math.floorMod(Objects.hash(directory, name), INSIDE.size()));
        inside.lock();
        try (Lock lock = lock(file(name, ".lock"))) {
            return work.run(lock);
        } finally {
            inside.unlock();
        }
    }

    /**
     * Reads a text; to be called under the lock.
     *
     * @throws CharacterCodingException if it is no text, or too long for one
     */
    Optional<String> read(String name) throws IOException {
        Path file = file(name, TEXT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // A stream, as everywhere here: an interrupt closes a channel in the middle of the work.
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

    /** Keeps a text aside that is of no use; to be called under the lock. Returns where. */
    Path setAside(String name) throws IOException {
        Path aside = file(name, ".corrupt");
        Files.move(file(name, TEXT), aside, StandardCopyOption.REPLACE_EXISTING);
        return aside;
    }

    /** Says whether a text is small enough to be written. */
    static boolean fits(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** Writes a text that {@link #fits}, as safe as the disk can make it; to be called under the lock. */
    void write(String name, String text) throws IOException {
        replace(name, text);
        forceDirectory();
    }

    /** Writes a text that {@link #fits}; after a power cut it, or the one before it, is there whole. To be called under the lock. */
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
     * what was set aside for people to look at.
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

    /** The new name of a file is safe from a power cut only then. */
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
        // Under the lock: what lies there may be another process's work of this moment.
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
                return; // Another process was quicker.
            }
        }
    }

    /** An interrupt ends the wait for a channel; this begins again, and leaves the interrupt for whoever asks. */
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
     * A lock that is held until it is closed. Its file has room for a note: it is written in place, so it costs next to nothing
     * and is lost with the machine, at times also when a process is killed as it writes.
     */
    static final class Lock implements Closeable {
        private static final int MAX_NOTE = 8 * 1024;

        private final RandomAccessFile file;

        private Lock(RandomAccessFile file) {
            this.file = file;
        }

        /** Reads the note; empty if there is none, or one that is too long to be one. */
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
