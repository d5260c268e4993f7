package dev.cpv;

import dev.cpv.internal.failure.ProgramFault;
import dev.cpv.model.OperationKind;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.RefreshJournal;
import dev.cpv.spi.Sleeper;
import dev.cpv.spi.TenantDirectory;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs an operation around its verb. It reports the start, takes the lease if the operation writes, closes the session,
 * and records the result in the journal. At the end, always, come the log line, the listeners and the JFR event.
 * Thread-safe.
 */
final class OperationBracket {
    private final TenantDirectory directory;
    private final RefreshJournal journal;
    private final String owner;
    private final RefreshListener listeners;
    private final Clock clock;
    private final Sleeper sleeper;
    /** The tenants that operations of this client write to (R34). */
    private final Set<TenantId> busy = ConcurrentHashMap.newKeySet();

    OperationBracket(
            TenantDirectory directory,
            RefreshJournal journal,
            String owner,
            RefreshListener listeners,
            Clock clock,
            Sleeper sleeper) {
        this.directory = directory;
        this.journal = journal;
        this.owner = owner;
        this.listeners = listeners;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    CpvResult run(
            OperationKind kind, TenantId tenant, RequiredPermissionSet required, RefreshOptions options, Verb verb) {
        RefreshContext context = RefreshContext.start(kind, tenant, directory.route(tenant), options, clock.instant());
        Operation operation = operation(context, required);
        OperationTrace trace = new OperationTrace(kind);
        CpvResult result;
        try {
            listeners.started(context);
            result = kind.writes()
                    ? write(operation, verb)
                    : attempt(operation, verb).result();
        } catch (Throwable error) {
            // An Error of the JVM, of a port or of a listener reaches the caller, after the operation's end was
            // reported.
            CpvResult faulted = operation.outcome().faulted(ProgramFault.failure(error));
            trace.endWithError(error, faulted, () -> listeners.finished(context, faulted));
            throw error;
        }
        trace.end(result, () -> listeners.finished(context, result));
        return result;
    }

    private Operation operation(RefreshContext context, RequiredPermissionSet required) {
        OperationTime time = new OperationTime(context, clock, sleeper);
        TenantMemory memory = new TenantMemory(journal, context.tenant(), time);
        TenantLease lease = new TenantLease(journal, busy, context, owner, clock);
        TenantView view = new TenantView(context.options(), required, memory);
        TenantAccess access = new TenantAccess(context, directory, view, lease, time, listeners);
        return new Operation(context, required, time, memory, lease, view, access, listeners);
    }

    /** R34: an operation that writes does so under a lease, and its result is recorded under the same lease. */
    private static CpvResult write(Operation operation, Verb verb) {
        try {
            Attempt attempt = attempt(operation, leased -> {
                StopException.throwIf(leased.lease().take());
                return verb.run(leased);
            });
            if (!attempt.refused()) {
                new AttemptRecorder(operation).record(attempt.result());
            }
            return attempt.result();
        } finally {
            operation.lease().release();
        }
    }

    /** How a verb ended, and whether the caller refused its plan; a refused attempt is not recorded. */
    private record Attempt(CpvResult result, boolean refused) {}

    /** Ends the session after its failure has become a result: an {@link Error} at its end then has no exception to be lost in. */
    private static Attempt attempt(Operation operation, Verb verb) {
        TenantAccess access = operation.access();
        try (access) {
            return result(operation, verb);
        }
    }

    /** The one place where a fault of a port ends the operation; the result reports what is known by then. */
    private static Attempt result(Operation operation, Verb verb) {
        try {
            return new Attempt(verb.run(operation), false);
        } catch (TenantDirectoryException e) {
            return new Attempt(operation.outcome().stopped(e.failure()), false);
        } catch (StopException e) {
            return new Attempt(operation.outcome().stopped(e.failure()), e.isRefusal());
        } catch (RuntimeException e) {
            // A fault in a directory or journal must not end a whole fleet.
            RefreshContext context = operation.context();
            OperationTrace.logFault(context.tenant().toString(), context.correlationId(), e);
            return new Attempt(operation.outcome().stopped(ProgramFault.failure(e)), false);
        }
    }
}
