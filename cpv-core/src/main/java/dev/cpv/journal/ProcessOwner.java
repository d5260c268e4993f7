package dev.cpv.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Who has the right to run on this machine. The operating system tells whether the process is there yet, so that one that was killed
 * is in nobody's way. Its start tells it from a later process with the same number.
 *
 * @param claim tells this claim from others of the same process
 * @param process the number of the process
 * @param processStarted when it was started, if the system tells
 */
record ProcessOwner(UUID claim, long process, Optional<Instant> processStarted) {
    /** The system counts from its own start, which two processes may reckon a little differently. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    static ProcessOwner ofThisProcess() {
        ProcessHandle process = ProcessHandle.current();
        return new ProcessOwner(UUID.randomUUID(), process.pid(), process.info().startInstant());
    }

    boolean isAlive() {
        return ProcessHandle.of(process)
                .filter(ProcessHandle::isAlive)
                .filter(found -> isSame(found.info().startInstant()))
                .isPresent();
    }

    private boolean isSame(Optional<Instant> started) {
        return started.isEmpty()
                || processStarted.isEmpty()
                || Duration.between(started.get(), processStarted.get()).abs().compareTo(TOLERANCE) <= 0;
    }
}
