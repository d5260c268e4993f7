package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.BatchResponse;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.Step;
import dev.cpv.spi.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One step, sent in as many batches as it needs: it returns the next part to send, takes the answer, and ends with a
 * result. A write without an answer is looked up before it is sent again (R17). If the service reports that an object exists
 * already, the step looks until a list shows it, because lists lag behind writes.
 */
abstract class StepWrite {
    /** How long to look for an object that no list shows. Lists sometimes lag behind writes by a minute. */
    static final Duration LOOK_WINDOW = Duration.ofSeconds(90);

    private static final int NOT_FOUND = 404;

    private final Step step;
    private @Nullable StepResult result;
    private @Nullable CpvFailure lastFailure;
    private Instant notBefore = Instant.MIN;
    private boolean needsLook;
    private boolean maybeWritten;
    private boolean exists;
    private @Nullable BatchPart lost;
    private @Nullable Instant lookUntil;
    private int attempts;
    private int looks;

    StepWrite(Step step) {
        this.step = step;
    }

    /** The next part to send; empty if the tenant is as the step wants it. */
    abstract Optional<BatchPart> next(TenantState state, GraphParts parts);

    /** Updates the state after a part was written. */
    abstract void written(BatchPart part, BatchResponse answer, TenantState state);

    /** Called if the object of the part exists already; by default the step goes on after a look shows it. */
    void wasThere() {
        exists = true;
        notBefore = Instant.MIN;
        look();
    }

    /** Returns the result after a permanent refusal of a part; overridden if it means something else for the step. */
    StepResult refused(BatchResponse answer, CpvFailure failure) {
        return StepResult.failed(failure);
    }

    /** Returns false while the step waits for another step, which has not ended yet. */
    boolean isReady(TenantState state) {
        return true;
    }

    final Step step() {
        return step;
    }

    final Optional<StepResult> result() {
        return Optional.ofNullable(result);
    }

    final boolean isOpen() {
        return result == null;
    }

    final Instant notBefore() {
        return notBefore;
    }

    final boolean needsLook() {
        return needsLook;
    }

    /** Requests another look: the next part depends on it. */
    final void look() {
        needsLook = true;
    }

    /** Goes on after a look, unless the look does not show an object that the service reports as existing. */
    final void looked(TenantState seen, GraphParts parts) {
        needsLook = false;
        exists &= next(seen, parts).filter(part -> part.method().equals("POST")).isPresent();
        if (!exists) {
            looks = 0;
            lookUntil = null;
        }
    }

    /** Whether the object exists but is not shown: its content is unknown, and sending again would have the same answer. */
    final boolean isUnseen() {
        return isOpen() && exists;
    }

    final boolean isMaybeWritten() {
        return maybeWritten;
    }

    /** Plans another look after a pause, because the last one showed nothing; ends the step after the window. */
    final void lookAgain(Instant now, Duration pause, CpvFailure why) {
        looks++;
        Instant until = lookUntil == null ? now.plus(LOOK_WINDOW) : lookUntil;
        lookUntil = until;
        lastFailure = why;
        if (now.isBefore(until)) {
            Instant when = now.plus(pause);
            notBefore = when.isBefore(until) ? when : until;
            look();
        } else {
            end(StepResult.failed(why));
        }
    }

    /** How many looks in a row showed nothing. */
    final int looks() {
        return looks;
    }

    final Optional<CpvFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    final void end(StepResult how) {
        result = how;
    }

    /** Ends the step because nothing is left to send. */
    final void reached() {
        end(maybeWritten ? StepResult.applied() : StepResult.unchanged());
    }

    /** Ends the step because no time is left; reports the last failure of the step, or else the given one. */
    final void giveUp(CpvFailure otherwise) {
        end(StepResult.failed(lastFailure == null ? otherwise : lastFailure));
    }

    final int attempts() {
        return attempts;
    }

    /** Takes the answer for a part. */
    final void answered(
            BatchPart part, BatchResponse answer, TenantState state, Instant retryAt, Supplier<CpvFailure> why) {
        attempts++;
        if (isDeletedByUs(part, answer)) {
            done(part, answer, state);
            return;
        }
        switch (answer.verdict()) {
            case DONE -> done(part, answer, state);
            case ALREADY_EXISTS -> {
                CpvFailure failure = why.get();
                lastFailure = failure;
                if (attempts >= Retries.MAX_ATTEMPTS) {
                    end(StepResult.failed(failure));
                } else {
                    wasThere();
                }
            }
            case NOT_REPLICATED, RETRY, LOOK_UP -> again(part, answer, retryAt, why.get());
            case PERMANENT -> end(refused(answer, why.get()));
        }
    }

    private void done(BatchPart part, BatchResponse answer, TenantState state) {
        attempts = 0;
        maybeWritten = true;
        written(part, answer, state);
    }

    /**
     * If the answer to a deletion was lost and the next one is answered with 404, the first one deleted the object, even if lists
     * still show it.
     */
    private boolean isDeletedByUs(BatchPart part, BatchResponse answer) {
        return part.method().equals("DELETE")
                && part.equals(lost)
                && answer.status() == NOT_FOUND
                && answer.verdict() != GraphVerdict.LOOK_UP;
    }

    private void again(BatchPart part, BatchResponse answer, Instant retryAt, CpvFailure failure) {
        lastFailure = failure;
        Optional<StepResult> verdict = repeatedly(answer, attempts, failure);
        if (verdict.isPresent()) {
            end(verdict.get());
        } else if (attempts >= Retries.MAX_ATTEMPTS) {
            end(StepResult.failed(failure));
        } else {
            notBefore = retryAt;
            if (answer.verdict() == GraphVerdict.LOOK_UP) {
                maybeWritten = true;
                lost = part;
                look();
            } else if (answer.verdict() == GraphVerdict.NOT_REPLICATED
                    && !part.method().equals("POST")) {
                look(); // The object to change is deleted, or not visible yet: a look shows which.
            }
        }
    }

    /** Returns a result if several temporary refusals in a row have a meaning for this step. */
    Optional<StepResult> repeatedly(BatchResponse answer, int times, CpvFailure failure) {
        return Optional.empty();
    }
}
