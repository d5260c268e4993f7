package dev.cpv.examples;

import dev.cpv.graph.RefreshTokenStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the newest refresh token in a file that only its owner can read, with a SHA-256 of the token that was configured.
 * A newly configured token takes precedence over the stored one, and a replacement over the token that it replaced.
 * Replacing is atomic and uses a lock that other processes respect. Thread-safe.
 */
final class FileRefreshTokenStore implements RefreshTokenStore {
    private static final String FILE = "refresh-token";

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();

    private FileRefreshTokenStore(Path file) {
        this.file = file;
    }

    /**
     * Opens the store.
     *
     * @param directory the directory of the file; created if it does not exist
     * @param given the token that is configured now, if any
     * @throws ConfigurationException if there is no token, or the directory cannot be used
     */
    static FileRefreshTokenStore open(Path directory, Optional<String> given) {
        FileRefreshTokenStore store = new FileRefreshTokenStore(directory.resolve(FILE));
        try {
            Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
            store.begin(given);
        } catch (IOException e) {
            throw new ConfigurationException(Setting.STATE_DIR.isWrong(
                    Files.exists(directory) && !Files.isDirectory(directory)
                            ? "names a file"
                            : "names a directory that cannot be created or used ("
                                    + e.getClass().getSimpleName() + ": " + e.getMessage() + ")"));
        }
        return store;
    }

    private void begin(Optional<String> given) throws IOException {
        Optional<Stored> stored = read();
        if (given.isEmpty() && stored.isEmpty()) {
            throw new ConfigurationException(Setting.REFRESH_TOKEN.isMissing());
        }
        if (given.isPresent() && !stored.map(Stored::givenHash).equals(given.map(FileRefreshTokenStore::sha256))) {
            write(new Stored(sha256(given.get()), given.get()));
        }
    }

    @Override
    public String current() {
        try {
            return stored().token();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    @Override
    public boolean replace(String expected, String replacement) {
        lock.lock();
        try (FileChannel channel = lockFile()) {
            FileLock held = channel.lock();
            try {
                Stored stored = stored();
                if (!stored.token().equals(expected)) {
                    return false;
                }
                write(new Stored(stored.givenHash(), replacement));
                return true;
            } finally {
                held.release();
            }
        } catch (OverlappingFileLockException e) {
            // Another store of this process is replacing the token; giving up here loses nothing.
            return false;
        } catch (IOException e) {
            throw failed("written", e);
        } finally {
            lock.unlock();
        }
    }

    private FileChannel lockFile() throws IOException {
        Path path = file.resolveSibling(FILE + ".lock");
        return FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly(path, "rw-------"));
    }

    private Stored stored() throws IOException {
        return read().orElseThrow(() -> new NoSuchFileException(file.toString()));
    }

    private Optional<Stored> read() throws IOException {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.size() == 2 && !lines.get(1).isBlank()
                    ? Optional.of(new Stored(lines.get(0), lines.get(1)))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(Stored stored) throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), FILE, ".tmp", ownerOnly(file, "rw-------"));
        try {
            Files.writeString(
                    temporary,
                    stored.givenHash() + "\n" + stored.token() + "\n",
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private UncheckedIOException failed(String what, IOException e) {
        return new UncheckedIOException("The refresh token file " + file + " cannot be " + what, e);
    }

    private static String sha256(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Names the file, never the token. */
    @Override
    public String toString() {
        return "FileRefreshTokenStore[" + file + "]";
    }

    /** The content of the file. */
    private record Stored(String givenHash, String token) {
        @Override
        public String toString() {
            return "Stored";
        }
    }
}
