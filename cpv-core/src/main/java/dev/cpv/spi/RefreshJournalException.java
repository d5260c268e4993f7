package dev.cpv.spi;

import dev.cpv.model.CpvException;
import org.jspecify.annotations.Nullable;

/** Tells that a journal could not be read or written. */
public final class RefreshJournalException extends CpvException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong and how to mend it, without secrets: people get to read it
     * @param cause the cause, or null
     */
    public RefreshJournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
