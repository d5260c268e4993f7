package dev.cpv.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The process that has the right to run on this machine. The operating system reports whether the process is still alive, so a killed
 * process does not block later runs. Its start time distinguishes it from a later process with the same id.
 *
 * @param claim distinguishes this claim from others of the same process
 * @param process the id of the process
 * @param processStarted when it was started, if the system reports that
 */
record ProcessOwner(UUID claim, long process, Optional<Instant> processStarted) {
    /** The system counts from its own start, so two processes may compute slightly different times. */
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
