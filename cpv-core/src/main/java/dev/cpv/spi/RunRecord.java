package dev.cpv.spi;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The record of a run over the fleet. Which tenants the run did is in the journal: those whose last attempt is not before its start.
 *
 * @param id the run
 * @param started when it began; a resumed run keeps it
 * @param state how it ended, or that it runs
 * @param ended when it ended, for any reason; empty while it runs, or if its process was killed
 */
public record RunRecord(UUID id, Instant started, State state, Optional<Instant> ended) {
    /**
     * Creates the record.
     *
     * @throws NullPointerException if an argument is null
     */
    public RunRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(ended, "ended");
    }

    /**
     * Returns the record of a run that begins.
     *
     * @param id the run
     * @param started when it begins
     */
    public static RunRecord begun(UUID id, Instant started) {
        return new RunRecord(id, started, State.RUNNING, Optional.empty());
    }

    /**
     * Returns the record of the same run, ended.
     *
     * @param how how it ended
     * @param when when it ended
     */
    public RunRecord ended(State how, Instant when) {
        return new RunRecord(id, started, how, Optional.of(when));
    }

    /** The state of a run. New constants may appear in a minor release; keep a default branch. */
    public enum State {
        /** It runs, or its process was killed. */
        RUNNING,
        /** Every tenant had its turn. */
        DONE,
        /** It was cancelled; it can be resumed. */
        CANCELLED,
        /** An alarm stopped it (R28, R31, R35); it can be resumed. */
        STOPPED
    }
}
