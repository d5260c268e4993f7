package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchClient;
import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.batch.ParallelBatches;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.failure.WireFailures;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.PlanStep;
import dev.cpv.model.ResetStep;
import dev.cpv.model.Step;
import dev.cpv.model.StepKind;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.StepSink;
import dev.cpv.spi.TenantDirectoryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the steps of one tenant in as few batches as their dependencies allow: every step that is ready goes into the next batch,
 * up to twenty parts; a step that waits for a resource, a merge or a {@code Retry-After} goes into a later one. With a batch
 * executor, batches that are ready at the same time are sent at the same time.
 */
final class TenantWriter {
    /** Enough for the first consent of a large application. More would put too much load on one tenant. */
    private static final int MOST_BATCHES_AT_ONCE = 5;

    private final GraphParts parts;
    private final BatchClient batches;
    private final ParallelBatches helpers;
    private final DefinitionCatalogue definitions;
    private final WriteLookup lookup;
    private final Retries retries;
    private final Clock clock;

    TenantWriter(
            GraphParts parts,
            BatchClient batches,
            ParallelBatches helpers,
            TenantReader reader,
            DefinitionCatalogue definitions,
            Retries retries,
            Clock clock) {
        this.parts = parts;
        this.batches = batches;
        this.helpers = helpers;
        this.definitions = definitions;
        this.lookup = new WriteLookup(parts, reader, retries, clock);
        this.retries = retries;
        this.clock = clock;
    }

    /** Writes the steps, reports the result of each to the sink, and returns the state after the writes. */
    TenantState write(
            RefreshContext context,
            Credential credential,
            TenantState known,
            @Nullable String deletedId,
            List<? extends Step> steps,
            StepSink sink) {
        return new Run(context, credential, known, deletedId, steps, sink).run();
    }

    private StepWrite write(Step step) {
        return switch (step.kind()) {
            case ADD_RESOURCE -> new AddResourceWrite((PlanStep.AddResource) step, definitions);
            case ASSIGN_APP_ROLE -> new AppRoleWrite((PlanStep.AssignAppRole) step);
            case REVOKE_APP_ROLE -> new AppRoleWrite((PlanStep.RevokeAppRole) step);
            case SET_SCOPES -> new GrantWrite((PlanStep.SetScopes) step);
            case MERGE_GRANTS -> new GrantWrite((PlanStep.MergeGrants) step);
            case RESTORE_ASSIGNMENT -> AssignmentWrite.of((ResetStep.RestoreAssignment) step);
            case CONSENT, REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL ->
                throw new IllegalArgumentException("This step is not written by batch: " + step.describe());
        };
    }

    /** A step whose next part can be sent. */
    private record Ready(StepWrite write, BatchPart part) {}

    /** A batch, and its answers in the order of its parts, or the reason why it was not sent. */
    private record Sent(
            List<Ready> batch,
            List<BatchResponse> answers,
            @Nullable TenantDirectoryException fault) {}

    /** One call of {@link #write}. */
    private final class Run {
        private final RefreshContext context;
        private final Credential credential;
        private final StepSink sink;
        private final @Nullable String deletedId;
        private final List<StepWrite> open = new ArrayList<>();
        private TenantState state;
        private boolean written;
        private @Nullable StepWrite bootstrapGrant;

        Run(
                RefreshContext context,
                Credential credential,
                TenantState known,
                @Nullable String deletedId,
                List<? extends Step> steps,
                StepSink sink) {
            this.context = context;
            this.credential = credential;
            this.state = known;
            this.deletedId = deletedId;
            this.sink = sink;
            steps.forEach(step -> open.add(TenantWriter.this.write(step)));
            bootstrapGrant = bootstrapGrant();
        }

        /** The grant to write first: if the token lacks bootstrap scopes, only a new token can write the other steps. */
        private @Nullable StepWrite bootstrapGrant() {
            if (MissingScopes.isEnough(credential.token().scopes())) {
                return null;
            }
            return open.stream()
                    .filter(write -> write instanceof GrantWrite
                            && write.step().resource().equals(AppId.MICROSOFT_GRAPH))
                    .findFirst()
                    .orElse(null);
        }

        TenantState run() {
            settle();
            while (!open.isEmpty()) {
                try {
                    advance();
                } catch (TenantDirectoryException e) {
                    if (!written) {
                        throw e;
                    }
                    open.forEach(write -> write.giveUp(e.failure())); // After the first write nothing is thrown.
                }
                settle();
            }
            return state;
        }

        private void advance() {
            if (context.isCancelled() || !retries.fits(context, Optional.of(Duration.ZERO))) {
                CpvFailure why = context.isCancelled()
                        ? CpvFailure.of(FailureCode.CANCELLED, "The caller cancelled")
                        : CpvFailure.of(FailureCode.DEADLINE_EXCEEDED, "No time was left for this step");
                open.forEach(write -> write.end(StepResult.failed(why)));
                return;
            }
            Instant now = clock.instant();
            int most = BatchClient.MAX_PARTS * (helpers.isAvailable() ? MOST_BATCHES_AT_ONCE : 1);
            List<Ready> ready = new ArrayList<>();
            for (StepWrite write : open) {
                if (ready.size() < most && isReady(write, now)) {
                    write.next(state, parts).ifPresentOrElse(part -> ready.add(new Ready(write, part)), write::reached);
                }
            }
            if (!ready.isEmpty()) {
                send(ready);
            } else if (open.stream().allMatch(StepWrite::isOpen)) {
                waitOrLook(now);
            }
        }

        private boolean isReady(StepWrite write, Instant now) {
            return (bootstrapGrant == null || bootstrapGrant == write)
                    && !write.needsLook()
                    && !write.notBefore().isAfter(now)
                    && write.isReady(state);
        }

        private void send(List<Ready> ready) {
            Set<String> scopes = credential.token().scopes();
            List<Supplier<Sent>> sending = new ArrayList<>();
            for (int from = 0; from < ready.size(); from += BatchClient.MAX_PARTS) {
                List<Ready> batch = ready.subList(from, Math.min(from + BatchClient.MAX_PARTS, ready.size()));
                sending.add(() -> sendBatch(batch));
            }
            TenantDirectoryException fault = null;
            for (Sent sent : helpers.all(sending)) {
                answered(sent, scopes);
                fault = sent.fault == null ? fault : sent.fault;
            }
            if (fault != null) {
                throw fault; // Only now, so that no answer to another batch is lost.
            }
        }

        private Sent sendBatch(List<Ready> batch) {
            try {
                List<BatchPart> sent = batch.stream().map(Ready::part).toList();
                return new Sent(batch, batches.send(context, credential, sent), null);
            } catch (TenantDirectoryException e) {
                return new Sent(batch, List.of(), e);
            }
        }

        private void answered(Sent sent, Set<String> scopes) {
            for (int place = 0; place < sent.answers.size(); place++) {
                written = true;
                Ready ready = sent.batch.get(place);
                BatchResponse answer = sent.answers.get(place);
                ready.write.answered(
                        ready.part,
                        answer,
                        state,
                        retryAt(ready.write, answer),
                        // Rights are missing in the token if it lacks a scope, otherwise in the account.
                        () -> MissingScopes.explain(answer.failure(), scopes));
                endIfReached(ready.write, answer);
            }
        }

        /** Ends the step at once, so that a step that is done is not reported as cancelled if the caller cancels now. */
        private void endIfReached(StepWrite write, BatchResponse answer) {
            if (answer.verdict() == GraphVerdict.DONE
                    && write.isOpen()
                    && write.next(state, parts).isEmpty()) {
                write.reached();
            }
        }

        private Instant retryAt(StepWrite write, BatchResponse answer) {
            return clock.instant().plus(retries.pauseAfter(context, answer.answer(), write.attempts() + 1));
        }

        /** Nothing can be sent now: waits for the steps that have to wait, then looks up what may have been written. */
        private void waitOrLook(Instant now) {
            if (giveUpLate(now)) {
                return;
            }
            Optional<Instant> until = open.stream()
                    .map(StepWrite::notBefore)
                    .filter(notBefore -> notBefore.isAfter(now))
                    .max(Instant::compareTo);
            if (until.isPresent()) {
                pause(Duration.between(now, until.get()));
            }
            if (open.stream().anyMatch(write -> write.isOpen() && write.needsLook())) {
                state = lookup.look(context, credential, state, deletedId, open);
            } else if (until.isEmpty()) {
                CpvFailure stuck = CpvFailure.of(
                        FailureCode.NOT_REPLICATED_YET, "The resource has no service principal in this tenant");
                open.forEach(write -> write.giveUp(stuck));
            }
        }

        /** A step that would have to wait past the deadline ends alone; the others go on (R26). */
        private boolean giveUpLate(Instant now) {
            List<StepWrite> late = open.stream()
                    .filter(write -> !retries.fits(context, Optional.of(Duration.between(now, write.notBefore()))))
                    .toList();
            CpvFailure why = CpvFailure.of(FailureCode.DEADLINE_EXCEEDED, "No time was left to wait for this step");
            late.forEach(write -> write.giveUp(why));
            return !late.isEmpty();
        }

        private void pause(Duration pause) {
            try {
                retries.pause(context, pause);
            } catch (WireException e) {
                CpvFailure failure = WireFailures.classify(e, context);
                open.forEach(write -> write.giveUp(failure));
            }
        }

        /** Reports the steps that have ended; a step whose resource could not be added ends with that failure. */
        private void settle() {
            boolean more = true;
            while (more) {
                List<StepWrite> ended =
                        open.stream().filter(write -> !write.isOpen()).toList();
                ended.forEach(write -> write.result().ifPresent(result -> sink.accept(write.step(), result)));
                open.removeAll(ended);
                if (bootstrapGrant != null && !bootstrapGrant.isOpen()) {
                    bootstrapGrant = null;
                    credential.drop();
                }
                ended.forEach(write -> failDependants(write));
                more = !ended.isEmpty();
            }
        }

        private void failDependants(StepWrite ended) {
            Optional<CpvFailure> failure = ended.result().flatMap(StepResult::failure);
            if (ended.step().kind() == StepKind.ADD_RESOURCE && failure.isPresent()) {
                Consumer<StepWrite> fail = write -> write.end(StepResult.failed(failure.get()));
                open.stream()
                        .filter(write ->
                                write.step().resource().equals(ended.step().resource()))
                        .forEach(fail);
            }
        }
    }
}
