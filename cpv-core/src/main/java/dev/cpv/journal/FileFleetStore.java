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
 * A fleet store in a directory: exclusions and inclusions ({@code rules.json}), the accepted tenant list ({@code roster.json}), the last
 * run ({@code run.json}), and during a run the process that runs it ({@code running.json}). It may be the directory of a
 * {@link FileRefreshJournal}, and the files are written in the same way: completely, forced to the disk, atomically, under a lock that
 * other processes respect.
 *
 * <p>The operating system reports whether the running process is still alive, so a killed process does not block later runs. Processes
 * in containers do not see each other, so two of them that share the directory can run at once, which does no harm (R34).
 *
 * <p>A file that cannot be read, or that a newer cpv wrote, is refused with a {@link RefreshJournalException} and not changed: a lost
 * exclusion would do harm, so a person has to decide.
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
     * @param directory the directory; created with its parents if it does not exist, and then accessible to its owner alone
     * @throws RefreshJournalException if the directory cannot be created, read or written
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

    /** Returns the directory, for logs. */
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
                    "The file " + name + ".json in " + files + " cannot be used, at " + e.path() + ": " + e.getMessage()
                            + ". Repair it, or move it away if its content is not needed",
                    e);
        }
    }

    private void store(String name, String text) throws IOException {
        if (!LockedFiles.fits(text)) {
            throw new RefreshJournalException(
                    "The content of " + name + ".json would be larger than " + LockedFiles.MAX_BYTES + " bytes", null);
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
