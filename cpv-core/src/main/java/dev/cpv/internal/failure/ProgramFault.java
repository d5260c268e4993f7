package dev.cpv.internal.failure;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshJournalException;

/**
 * An unexpected error in a directory, a journal, a listener or cpv itself. The message of a foreign exception may hold
 * a token, so only its class and stack trace are logged, and only its class is reported (R23).
 */
public final class ProgramFault {
    private static final int MAX_CAUSES = 5;

    private ProgramFault() {}

    /** Returns the failure that reports the fault, by its class alone. */
    public static CpvFailure failure(Throwable fault) {
        return CpvFailure.of(
                FailureCode.UNKNOWN,
                "Unexpected error, see the log: " + fault.getClass().getName());
    }

    /**
     * Returns the fault and its causes as they can be logged: class and stack trace. Only a {@link RefreshJournalException} keeps its
     * message, which promises to hold no secret; its causes do not.
     */
    public static Throwable loggable(Throwable fault) {
        return loggable(fault, MAX_CAUSES);
    }

    private static Throwable loggable(Throwable fault, int causes) {
        Throwable cause = fault.getCause();
        Throwable shown =
                new Throwable(title(fault), cause == null || causes == 0 ? null : loggable(cause, causes - 1));
        shown.setStackTrace(fault.getStackTrace());
        return shown;
    }

    private static String title(Throwable fault) {
        return fault instanceof RefreshJournalException
                ? fault.toString()
                : fault.getClass().getName();
    }
}
