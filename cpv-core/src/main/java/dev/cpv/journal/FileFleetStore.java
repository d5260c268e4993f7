package dev.cpv.journal;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.TenantId;
import dev.cpv.spi.AcceptedTenantList;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RefreshJournalException;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.TenantRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A fleet store in a directory: exclusions and inclusions ({@code rules.json}), the last list of tenants that was accepted
 * ({@code roster.json}), the last run ({@code run.json}), and, while there is one, which process runs ({@code running.json}). It may be
 * the directory of a {@link FileRefreshJournal}, and the files are written with the same care: whole, forced to the disk, in one step,
 * under a lock that other processes respect.
 *
 * <p>Whether a process that was running is there yet, the operating system tells: one that was killed is in nobody's way. Processes in
 * containers do not see each other, so two of them that share the directory can run at once, which does no harm (R34).
 *
 * <p>A file that cannot be read, or that a newer cpv wrote, is refused with a {@link RefreshJournalException} and left alone: an
 * exclusion that is forgotten does harm, so a person has to look.
 *
 * <p>Thread-safe. Blocks for the disk, keeps no file open and has no thread. Put the directory on a local disk.
 */
public final class FileFleetStore implements FleetStore {
    private static final String RULES = "rules";
    private static final String ACCEPTED = "roster";
    private static final String RUN = "run";
    private static final String RUNNING = "running";

    private final LockedFiles files;

    private FileFleetStore(LockedFiles files) {
        this.files = files;
    }

    /**
     * Opens the store in a directory.
     *
     * @param directory the directory; created with its parents if it is not there, itself for its owner alone
     * @return the store
     * @throws RefreshJournalException if the directory cannot be made, read or written
     */
    public static FileFleetStore open(Path directory) {
        Objects.requireNonNull(directory, "directory");
        try {
            return new FileFleetStore(LockedFiles.open(directory, Pattern.compile("rules|roster|run|running")));
        } catch (IOException e) {
            throw new RefreshJournalException("The fleet's directory " + directory + " cannot be used: " + e, e);
        }
    }

    @Override
    public Optional<AcceptedTenantList> acceptedList() {
        return read(ACCEPTED, FleetFile::acceptedList);
    }

    @Override
    public void save(AcceptedTenantList list) {
        write(ACCEPTED, FleetFile.write(list));
    }

    @Override
    public Optional<RunRecord> lastRun() {
        return read(RUN, FleetFile::run);
    }

    @Override
    public void save(RunRecord run) {
        write(RUN, FleetFile.write(run));
    }

    @Override
    public Optional<RunLock> tryLock() {
        ProcessOwner own = ProcessOwner.ofThisProcess();
        boolean free = locked(RUNNING, lock -> {
            boolean held = load(RUNNING, FleetFile::owner)
                    .filter(ProcessOwner::isAlive)
                    .isPresent();
            if (!held) {
                store(RUNNING, FleetFile.write(own));
            }
            return !held;
        });
        return free ? Optional.of(() -> release(own)) : Optional.empty();
    }

    private void release(ProcessOwner own) {
        locked(RUNNING, lock -> {
            if (load(RUNNING, FleetFile::owner).filter(own::equals).isPresent()) {
                files.delete(RUNNING);
            }
            return true;
        });
    }

    @Override
    public List<TenantRule> rules() {
        return List.copyOf(storedRules().values());
    }

    @Override
    public Optional<TenantRule> findRule(TenantId tenant) {
        return Optional.ofNullable(storedRules().get(tenant));
    }

    @Override
    public void save(TenantRule rule) {
        changeRules(rules -> !rule.equals(rules.put(rule.tenant(), rule)));
    }

    @Override
    public void removeRule(TenantId tenant) {
        changeRules(rules -> rules.remove(tenant) != null);
    }

    /** Returns the place, for logs. */
    @Override
    public String toString() {
        return "FileFleetStore[" + files + "]";
    }

    private Map<TenantId, TenantRule> storedRules() {
        return read(RULES, FleetFile::rules).orElseGet(TreeMap::new);
    }

    private void changeRules(Function<Map<TenantId, TenantRule>, Boolean> change) {
        locked(RULES, lock -> {
            Map<TenantId, TenantRule> rules = load(RULES, FleetFile::rules).orElseGet(TreeMap::new);
            if (change.apply(rules)) {
                store(RULES, FleetFile.write(rules.values()));
            }
            return true;
        });
    }

    private <T> Optional<T> read(String name, Function<JsonValue, T> reader) {
        return locked(name, lock -> load(name, reader));
    }

    private void write(String name, String text) {
        locked(name, lock -> {
            store(name, text);
            return true;
        });
    }

    private <T> Optional<T> load(String name, Function<JsonValue, T> reader) throws IOException {
        try {
            return files.read(name).map(text -> FleetFile.read(text, reader));
        } catch (JsonFaultException e) {
            throw new RefreshJournalException(
                    "The file " + name + ".json in " + files + " is of no use, at " + e.path() + ": " + e.getMessage()
                            + ". Mend it, or move it away if what it says need not be remembered",
                    e);
        }
    }

    private void store(String name, String text) throws IOException {
        if (!LockedFiles.fits(text)) {
            throw new RefreshJournalException(
                    "What is to be remembered in " + name + ".json is larger than " + LockedFiles.MAX_BYTES + " bytes",
                    null);
        }
        files.write(name, text);
    }

    private <T> T locked(String name, LockedFiles.LockedWork<T> work) {
        try {
            return files.locked(name, work);
        } catch (IOException e) {
            throw new RefreshJournalException("The fleet's state in " + files + " cannot be read or written: " + e, e);
        }
    }
}
