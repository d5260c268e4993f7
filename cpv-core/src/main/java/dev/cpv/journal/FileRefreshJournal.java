package dev.cpv.journal;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.journal.LockedFiles.Lock;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.RefreshJournalException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a directory: one small JSON file per tenant, readable by its owner alone where the file system supports owners.
 * Several processes of one machine can share the directory, for example a daemon and a command line tool. Each access is short and
 * under the operating system's lock on a file beside the entry.
 *
 * <p>A file is written completely, forced to the disk, and replaces the old one atomically, so a killed process leaves the old or the
 * new content. The phase of a reset is on the disk before the reset's next step (R20). A lease is kept in the lock file and is not
 * forced to the disk, since it has no value after the machine restarts. An unreadable file is renamed to the ending {@code .corrupt}, an
 * error is logged, and the tenant starts without a record, which costs one more observation. A file that a newer version of cpv wrote is
 * refused with a {@link RefreshJournalException} and not changed.
 *
 * <p>Thread-safe. Blocks for the disk, keeps no file open and has no thread. Any number of journals in one process may share a
 * directory, but not through two class loaders that each loaded cpv. Put the directory on a local disk: few network file systems give
 * these guarantees.
 */
public final class FileRefreshJournal extends JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshJournal.class);
    private static final Pattern TENANT = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final LockedFiles files;

    private FileRefreshJournal(LockedFiles files) {
        this.files = files;
    }

    /**
     * Opens the journal in a directory, and removes half-written files of killed processes.
     *
     * @param directory the directory; created with its parents if it does not exist, and then accessible to its owner alone
     * @throws RefreshJournalException if the directory cannot be created, read or written
     */
    public static FileRefreshJournal open(Path directory) {
        Objects.requireNonNull(directory, "directory");
        try {
            return new FileRefreshJournal(LockedFiles.open(directory, TENANT));
        } catch (IOException e) {
            throw new RefreshJournalException("The journal's directory " + directory + " cannot be used: " + e, e);
        }
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    /** Returns the directory, for logs. */
    @Override
    public String toString() {
        return "FileRefreshJournal[" + files + "]";
    }

    @Override
    JournalEntry read(TenantId tenant) {
        return locked(tenant, lock -> load(tenant, lock));
    }

    @Override
    Optional<JournalEntry> change(TenantId tenant, Function<JournalEntry, Optional<JournalEntry>> change) {
        return locked(tenant, lock -> {
            JournalEntry entry = load(tenant, lock);
            Optional<JournalEntry> changed = change.apply(entry);
            if (changed.isPresent()) {
                store(entry, changed.get(), lock);
            }
            return changed;
        });
    }

    @Override
    boolean remove(TenantId tenant, Predicate<JournalEntry> allowed) {
        return locked(tenant, lock -> {
            boolean removed = allowed.test(load(tenant, lock));
            if (removed) {
                files.delete(tenant.toString());
                lock.note("");
            }
            return removed;
        });
    }

    private JournalEntry load(TenantId tenant, Lock lock) throws IOException {
        JournalEntry remembered = remembered(tenant);
        String note = lock.note();
        try {
            return note.isEmpty() ? remembered : JournalFile.readLease(note, remembered);
        } catch (JsonFaultException e) {
            LOG.warn("The lease of tenant {} is unreadable and is ignored", tenant, e);
            return remembered;
        }
    }

    private JournalEntry remembered(TenantId tenant) throws IOException {
        try {
            return files.read(tenant.toString())
                    .map(text -> JournalFile.read(tenant, text))
                    .orElseGet(() -> JournalEntry.empty(tenant));
        } catch (JsonFaultException | CharacterCodingException e) {
            Path aside = files.setAside(tenant.toString());
            LOG.error("The journal's file of tenant {} is unreadable; it is kept as {}", tenant, aside, e);
            return JournalEntry.empty(tenant);
        }
    }

    /** What a reset restores has to be on the disk before it is removed (R20); a record may be lost in a crash, but not garbled. */
    private void store(JournalEntry before, JournalEntry after, Lock lock) throws IOException {
        String name = after.tenant().toString();
        if (!Objects.equals(before.reset(), after.reset())) {
            files.write(name, text(after));
        } else if (!Objects.equals(before.record(), after.record())) {
            files.replace(name, text(after));
        }
        if (before.fencing() != after.fencing() || !Objects.equals(before.lease(), after.lease())) {
            lock.note(JournalFile.writeLease(after));
        }
    }

    private static String text(JournalEntry entry) {
        String text = JournalFile.write(entry);
        if (!LockedFiles.fits(text)) {
            throw new RefreshJournalException(
                    "The journal entry of tenant " + entry.tenant() + " would be larger than "
                            + LockedFiles.MAX_BYTES
                            + " bytes: shorten actor and reason; a reset with so large a snapshot is not started",
                    null);
        }
        return text;
    }

    private <T> T locked(TenantId tenant, LockedFiles.LockedWork<T> work) {
        try {
            return files.locked(tenant.toString(), work);
        } catch (IOException e) {
            throw new RefreshJournalException("The journal in " + files + " cannot be read or written: " + e, e);
        }
    }
}
