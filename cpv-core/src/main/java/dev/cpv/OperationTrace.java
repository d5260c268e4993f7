package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.internal.jfr.RefreshEvent;
import dev.cpv.model.OperationKind;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the end of one operation: a log line, the listeners, and the JFR event with the duration. */
final class OperationTrace {
    private static final Logger LOG = LoggerFactory.getLogger(CpvClient.class);

    private final OperationKind kind;
    private final RefreshEvent event = new RefreshEvent();

    /** Begins the event; its duration counts from here. */
    OperationTrace(OperationKind kind) {
        this.kind = kind;
        event.begin();
    }

    void end(CpvResult result, Runnable listeners) {
        log(result);
        try {
            listeners.run();
        } finally {
            commit(result);
        }
    }

    /** Ends while an error propagates to the caller; nothing may replace that error. */
    void endWithError(Throwable error, CpvResult result, Runnable listeners) {
        logFault(result.tenant(), result.correlationId(), error);
        try {
            end(result, listeners);
        } catch (Throwable another) {
            if (another != error) {
                error.addSuppressed(another);
            }
        }
    }

    /** R23: without the messages of foreign exceptions. */
    static void logFault(String tenant, UUID correlationId, Throwable fault) {
        LOG.error(
                "Tenant {} failed with an unexpected error [{}]", tenant, correlationId, ProgramFault.loggable(fault));
    }

    private void log(CpvResult result) {
        switch (result.outcome()) {
            case UP_TO_DATE, SKIPPED -> LOG.debug("{}: {}", kind.wireName(), result);
            case UPDATED, DRIFTED, CANCELLED, NOT_ATTEMPTED, OFFBOARDED -> LOG.info("{}: {}", kind.wireName(), result);
            default -> LOG.warn("{}: {} [{}]", kind.wireName(), result, result.correlationId());
        }
    }

    private void commit(CpvResult result) {
        event.end();
        if (event.shouldCommit()) {
            event.tenant = result.tenant();
            event.operation = kind.wireName();
            event.outcome = result.outcome().name();
            event.failureCode = result.failure().map(f -> f.code().name()).orElse(null);
            event.requests = result.requests();
            event.correlationId = result.correlationId().toString();
            event.commit();
        }
    }
}
