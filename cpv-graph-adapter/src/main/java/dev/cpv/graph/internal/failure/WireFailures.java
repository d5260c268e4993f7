package dev.cpv.graph.internal.failure;

import dev.cpv.graph.internal.http.WireException;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshContext;
import java.util.Objects;

/** Classifies requests that got no answer (R25). */
public final class WireFailures {
    private WireFailures() {}

    /**
     * Classifies a fault.
     *
     * @param fault why no answer came
     * @param context the operation, which distinguishes a cancellation from a reached deadline
     * @return the failure
     */
    public static CpvFailure classify(WireException fault, RefreshContext context) {
        FailureCode code = switch (fault.reason()) {
            case NOT_REACHED, ANSWER_LOST -> FailureCode.NETWORK_FAILURE;
            case TOO_LARGE -> FailureCode.ANSWER_UNREADABLE;
            case REFUSED_HOST -> FailureCode.FOREIGN_HOST_REFUSED;
            case CANCELLED -> context.isCancelled() ? FailureCode.CANCELLED : FailureCode.DEADLINE_EXCEEDED;
        };
        return CpvFailure.of(code, Objects.requireNonNullElse(fault.getMessage(), "No answer came"));
    }
}
