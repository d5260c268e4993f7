package dev.cpv.spi;

import dev.cpv.model.CpvException;
import org.jspecify.annotations.Nullable;

/** Thrown when a journal or a fleet store cannot be read or written. */
public final class RefreshJournalException extends CpvException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong and how to fix it, for people, without secrets
     * @param cause the cause, or null
     */
    public RefreshJournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
