package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Looks up what steps may have written, where an answer was lost or the service reports an object that no list has shown so far
 * (R17). Thread-safe; the steps are used by the calling thread alone.
 */
final class WriteLookup {
    private final GraphParts parts;
    private final TenantReader reader;
    private final Retries retries;
    private final Clock clock;

    WriteLookup(GraphParts parts, TenantReader reader, Retries retries, Clock clock) {
        this.parts = parts;
        this.reader = reader;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Reads the tenant, and lets each step that waits for it go on, look again later, or end.
     *
     * @param known the state before
     * @param deletedId the service principal that this operation deleted, if it did
     * @param open the steps that have not been reported yet
     * @return the state to go on with; the known one if the application's service principal is not visible
     * @throws TenantDirectoryException if the tenant cannot be read
     */
    TenantState look(
            RefreshContext context,
            Credential credential,
            TenantState known,
            @Nullable String deletedId,
            List<StepWrite> open) {
        Set<AppId> resources = new TreeSet<>(known.resources().keySet());
        open.forEach(write -> resources.add(write.step().resource()));
        TenantState seen = reader.read(context, credential, resources, deletedId);
        List<StepWrite> looking = open.stream().filter(StepWrite::needsLook).toList();
        if (seen.principalId().isEmpty()) {
            looking.forEach(write -> lookAgain(
                    context,
                    write,
                    "The application's service principal is not visible, so a lost write cannot be looked up"));
            return known;
        }
        known.resources()
                .forEach(seen.resources()::putIfAbsent); // Lists lag: a resource just added may not be in them.
        for (StepWrite write : looking) {
            if (write instanceof GrantWrite grant) {
                grant.lookedUp(seen);
            }
            write.looked(seen, parts);
        }
        explainUnseen(
                context,
                credential,
                looking.stream().filter(StepWrite::isUnseen).toList());
        return seen;
    }

    /** An object that the service reports and no list shows is in the recycle bin, or not listed yet. */
    private void explainUnseen(RefreshContext context, Credential credential, List<StepWrite> unseen) {
        Set<AppId> deleted = deleted(context, credential, unseen);
        for (StepWrite write : unseen) {
            if (deleted.contains(write.step().resource())) {
                write.lastFailure().map(AddResourceWrite::deleted).ifPresent(why -> write.end(StepResult.failed(why)));
            } else {
                lookAgain(context, write, "The service reports that it exists, but no list shows it yet");
            }
        }
    }

    /** The resources with a service principal in the recycle bin, read only for steps that it can block. */
    private Set<AppId> deleted(RefreshContext context, Credential credential, List<StepWrite> unseen) {
        Set<AppId> asked = new TreeSet<>();
        unseen.stream()
                .filter(write -> write instanceof AddResourceWrite && write.looks() == 0 && !write.isMaybeWritten())
                .forEach(write -> asked.add(write.step().resource()));
        try {
            return asked.isEmpty() ? Set.of() : reader.deleted(context, credential, asked);
        } catch (TenantDirectoryException e) {
            return Set.of(); // Without the right to read the recycle bin the other steps still go on.
        }
    }

    /** If a look shows nothing, it is unknown whether the write took effect, so nothing is sent again (R17). */
    private void lookAgain(RefreshContext context, StepWrite write, String message) {
        CpvFailure why = write.lastFailure()
                .map(failure -> failure.as(FailureCode.NOT_REPLICATED_YET, message))
                .orElseGet(() -> CpvFailure.of(FailureCode.NOT_REPLICATED_YET, message));
        write.lookAgain(clock.instant(), retries.pauseAfter(context, null, write.looks() + 1), why);
    }
}
