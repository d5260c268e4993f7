package dev.cpv.spi;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What is remembered of a run over the fleet. Which tenants it did is in the journal of the tenants: those whose last attempt is
 * later than its start.
 *
 * @param id the run
 * @param started when it began; a run that goes on keeps it
 * @param state how far it came
 * @param ended when it ended, for whatever reason; empty while it runs, or if its process was killed
 */
public record RunRecord(UUID id, Instant started, State state, Optional<Instant> ended) {
    /**
     * Creates the record.
     *
     * @param id the run
     * @param started when it began
     * @param state how far it came
     * @param ended when it ended, for whatever reason
     * @throws NullPointerException if an argument is null
     */
    public RunRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(ended, "ended");
    }

    /**
     * Makes the record of a run that begins.
     *
     * @param id the run
     * @param started when it begins
     * @return the record
     */
    public static RunRecord begun(UUID id, Instant started) {
        return new RunRecord(id, started, State.RUNNING, Optional.empty());
    }

    /**
     * Returns the record of the same run, ended.
     *
     * @param how how it ended
     * @param when when it ended
     * @return a changed record
     */
    public RunRecord ended(State how, Instant when) {
        return new RunRecord(id, started, how, Optional.of(when));
    }

    /** How far a run came. New constants may appear in a minor release; keep a default branch. */
    public enum State {
        /** It runs, or its process was killed. */
        RUNNING,
        /** Every tenant had its turn. */
        DONE,
        /** Somebody cancelled it; it can go on. */
        CANCELLED,
        /** An alarm stopped it (R28, R31, R35). */
        STOPPED
    }
}
