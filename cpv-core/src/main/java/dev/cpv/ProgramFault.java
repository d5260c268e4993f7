package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;

/**
 * An unexpected error in a directory, a journal, a listener or cpv itself. The message of a foreign exception may hold
 * a token, so only its class and stack trace are logged, and only its class is reported (R23).
 */
final class ProgramFault {
    private static final int MAX_CAUSES = 5;

    private ProgramFault() {}

    static CpvFailure failure(Throwable fault) {
        return CpvFailure.of(
                FailureCode.UNKNOWN,
                "Unexpected error, see the log: " + fault.getClass().getName());
    }

    /** The fault and its causes as they can be logged. */
    static Throwable withoutMessage(Throwable fault) {
        return withoutMessage(fault, MAX_CAUSES);
    }

    private static Throwable withoutMessage(Throwable fault, int causes) {
        Throwable cause = fault.getCause();
        Throwable shown = new Throwable(
                fault.getClass().getName(), cause == null || causes == 0 ? null : withoutMessage(cause, causes - 1));
        shown.setStackTrace(fault.getStackTrace());
        return shown;
    }
}
