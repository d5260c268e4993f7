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
 * One step on its way through as many batches as it needs: it says which part to send next, learns the answer, and ends
 * with a result. What was written and not answered is looked up before it is sent again (R17); what the service then says is
 * there already is looked for until it is seen, for lists lag behind writes (API §7).
 */
abstract class StepWrite {
    /** How long is looked for what is not seen. Lists lag behind writes by a minute at times. */
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

    /** The part that brings the tenant nearer to the step's aim; empty if the aim is reached. */
    abstract Optional<BatchPart> next(TenantState state, GraphParts parts);

    /** A part was written: the state is brought up to date with it. */
    abstract void written(BatchPart part, BatchResponse answer, TenantState state);

    /** Says that what the part asks for was so before; usually it has to be seen to go on. */
    void wasThere() {
        exists = true;
        notBefore = Instant.MIN;
        look();
    }

    /** A part was refused for good; the result, unless the refusal means something else for this step. */
    StepResult refused(BatchResponse answer, CpvFailure failure) {
        return StepResult.failed(failure);
    }

    /** A part waits for another step, which has not ended yet. */
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

    /** The state has to be read again before this step can say what is next. */
    final void look() {
        needsLook = true;
    }

    /** The state was read again: this is the moment to go on, unless it does not show what the service says is there. */
    final void looked(TenantState seen, GraphParts parts) {
        needsLook = false;
        exists &= next(seen, parts).filter(part -> part.method().equals("POST")).isPresent();
        if (!exists) {
            looks = 0;
            lookUntil = null;
        }
    }

    /** What is there is not seen, so nothing is known of it, and to send it again would tell nothing new. */
    final boolean isUnseen() {
        return isOpen() && exists;
    }

    final boolean isMaybeWritten() {
        return maybeWritten;
    }

    /** A look told nothing: there is another one after a pause, until the window ends. */
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

    /** How many looks told nothing so far. */
    final int looks() {
        return looks;
    }

    final Optional<CpvFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    final void end(StepResult how) {
        result = how;
    }

    /** Ends the step where nothing is left to send. */
    final void reached() {
        end(maybeWritten ? StepResult.applied() : StepResult.unchanged());
    }

    /** Ends the step because there is no time left for it; what was said last is the reason. */
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

    /** What is gone when its deletion is sent again was deleted by the one whose answer was lost, whatever the lists say. */
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
                look(); // What was to be changed is gone, or not there yet: the state tells which.
            }
        }
    }

    /** A passing refusal that came several times may have a meaning of its own. */
    Optional<StepResult> repeatedly(BatchResponse answer, int times, CpvFailure failure) {
        return Optional.empty();
    }
}
