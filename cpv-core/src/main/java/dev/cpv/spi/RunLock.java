package dev.cpv.spi;

/** The right to run over a fleet, which one run has at a time (R32). Implementations are thread-safe. */
@FunctionalInterface
public interface RunLock extends AutoCloseable {
    /**
     * Gives the right back. May block for I/O. A second call does nothing.
     *
     * @throws RefreshJournalException if the journal cannot be written
     */
    @Override
    void close();
}
