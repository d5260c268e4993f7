package dev.cpv.spi;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.model.TenantId;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
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
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a directory: one small JSON file a tenant, readable by its owner alone where the file system knows owners.
 * Several processes of one machine can share the directory, as a daemon and a command that a person types; each access is
 * short and under the operating system's lock on a file beside the entry.
 *
 * <p>A file is written whole, forced to the disk, and then put in the place of the old one in one step, so that a process
 * that is killed leaves the old or the new content. A file that cannot be read all the same is kept aside under the ending
 * {@code .corrupt}, an error is logged, and the tenant begins anew: what it costs is a look more. A file that a newer version of cpv
 * wrote is refused with a {@link RefreshJournalException} and left alone.
 *
 * <p>Thread-safe. Blocks for the disk, keeps no file open and has no thread. Any number of journals in one process may share a
 * directory, but not through two class loaders that each loaded cpv. Put the directory on a local disk: few network file systems keep
 * the promises made here.
 */
public final class FileRefreshJournal extends JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshJournal.class);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final Pattern LEFTOVER = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.tmp");

    /**
     * A file lock belongs to the process, not to who asked for it: another one inside is refused, and closing the file anywhere gives it
     * up. So what guards it has to belong to the process too. It holds nothing but who is inside. Fair, or
     * those who ask for a lease could keep away the one who gives it back.
     */
    private static final List<ReentrantLock> INSIDE =
            Stream.generate(() -> new ReentrantLock(true)).limit(64).toList();

    private final Path directory;
    private final boolean posix;

    private FileRefreshJournal(Path directory) {
        this.directory = directory;
        this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * Opens the journal in a directory, and removes what a process that was killed left half-written.
     *
     * @param directory the directory; created with its parents if it is not there, itself for its owner alone
     * @return the journal
     * @throws RefreshJournalException if the directory cannot be made, read or written
     */
    public static FileRefreshJournal open(Path directory) {
        Objects.requireNonNull(directory, "directory");
        try {
            create(directory.toAbsolutePath());
            FileRefreshJournal journal = new FileRefreshJournal(directory.toRealPath());
            journal.removeLeftovers();
            return journal;
        } catch (IOException e) {
            throw new RefreshJournalException("The journal's directory " + directory + " cannot be used: " + e, e);
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    /** Returns the place, for logs. */
    @Override
    public String toString() {
        return "FileRefreshJournal[" + directory + "]";
    }

    @Override
    JournalEntry read(TenantId tenant) {
        return locked(tenant, () -> load(tenant));
    }

    @Override
    Optional<JournalEntry> change(TenantId tenant, Function<JournalEntry, Optional<JournalEntry>> change) {
        return locked(tenant, () -> {
            Optional<JournalEntry> changed = change.apply(load(tenant));
            if (changed.isPresent()) {
                store(changed.get());
            }
            return changed;
        });
    }

    // Files

    private JournalEntry load(TenantId tenant) throws IOException {
        Path file = file(tenant, ".json");
        if (!Files.exists(file)) {
            return JournalEntry.empty(tenant);
        }
        try {
            return JournalFile.read(tenant, text(file));
        } catch (JsonFaultException | CharacterCodingException e) {
            Path aside = file(tenant, ".corrupt");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.error("The journal's file of tenant {} is unreadable; it is kept as {}", tenant, aside, e);
            return JournalEntry.empty(tenant);
        }
    }

    private static String text(Path file) throws IOException {
        // A stream, as everywhere here: an interrupt closes a channel in the middle of the work.
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CharacterCodingException();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private void store(JournalEntry entry) throws IOException {
        byte[] bytes = JournalFile.write(entry).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new RefreshJournalException(
                    "What is to be remembered of tenant " + entry.tenant() + " is larger than " + MAX_BYTES
                            + " bytes: shorten actor and reason; a reset that would lose so much is not begun",
                    null);
        }
        Path temporary = file(entry.tenant(), ".tmp");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, ownerOnly("rw-------"));
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(bytes);
                out.getFD().sync();
            }
            Files.move(temporary, file(entry.tenant(), ".json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        forceDirectory();
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
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            Files.createDirectory(directory, ownerOnly(posix, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private void removeLeftovers() throws IOException {
        List<TenantId> tenants = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.tmp")) {
            for (Path file : files) {
                Matcher name = LEFTOVER.matcher(file.getFileName().toString());
                if (name.matches()) {
                    tenants.add(TenantId.of(name.group(1)));
                }
            }
        }
        // Under the lock: what lies there may be another process's work of this moment.
        tenants.forEach(tenant -> locked(tenant, () -> Files.deleteIfExists(file(tenant, ".tmp"))));
    }

    private Path file(TenantId tenant, String ending) {
        return directory.resolve(tenant + ending);
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

    // Locks

    private <T> T locked(TenantId tenant, IoWork<T> work) {
        ReentrantLock inside = INSIDE.get(Math.floorMod(Objects.hash(directory, tenant), INSIDE.size()));
        inside.lock();
        try {
            FileChannel channel = lock(file(tenant, ".lock"));
            try {
                return work.run();
            } finally {
                channel.close();
            }
        } catch (IOException e) {
            throw new RefreshJournalException("The journal in " + directory + " cannot be read or written: " + e, e);
        } finally {
            inside.unlock();
        }
    }

    /** Opens and locks; closing gives the lock up. */
    private FileChannel lock(Path file) throws IOException {
        return uninterrupted(() -> {
            FileChannel channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly("rw-------"));
            try {
                channel.lock();
                return channel;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        });
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

    @FunctionalInterface
    private interface IoWork<T> {
        T run() throws IOException;
    }
}
