package dev.cpv.fleet;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.RunLock;
import dev.cpv.spi.RunRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** R32: a run's lock and record in the store, from its start to its end. A run that only plans has neither. */
final class RunRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(FleetRefresh.class);

    private final FleetStore store;
    private volatile @Nullable RunLock lock;

    RunRegistration(FleetStore store) {
        this.store = store;
    }

    /**
     * Takes the lock and saves the record.
     *
     * @return false if another run holds the lock
     * @throws dev.cpv.spi.RefreshJournalException if the store fails; {@link #end} must be called anyway
     */
    boolean begin(RunRecord record) {
        Optional<RunLock> free = store.tryLock();
        if (free.isEmpty()) {
            return false;
        }
        lock = free.get();
        store.save(record);
        return true;
    }

    /** Saves how the run ended and releases the lock. Without the lock, the record in the store belongs to another run and stays. */
    void end(RunRecord ended) {
        RunLock held = lock;
        if (held == null) {
            return;
        }
        try (held) {
            store.save(ended);
        } catch (RuntimeException e) {
            LOG.error("The store could not save the end of run {}", ended.id(), ProgramFault.loggable(e));
        }
    }
}
