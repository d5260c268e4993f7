package dev.cpv.spi;

/** The lock of a fleet, which one run holds at a time (R32). Implementations are thread-safe. */
@FunctionalInterface
public interface RunLock extends AutoCloseable {
    /**
     * Releases the lock. May block for I/O. A second call does nothing.
     *
     * @throws RefreshJournalException if the store cannot be written
     */
    @Override
    void close();
}
