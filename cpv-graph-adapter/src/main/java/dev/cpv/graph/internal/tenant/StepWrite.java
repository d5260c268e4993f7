package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.batch.BatchPart;
import dev.cpv.graph.internal.batch.PartAnswer;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.graph.internal.resilience.Retries;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.PlanStep;
import dev.cpv.spi.StepResult;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One step on its way through as many batches as it needs: it says which part to send next, learns the answer, and ends
 * with a result. What was written and not answered is looked up before it is sent again (R17).
 */
abstract class StepWrite {
    private final PlanStep step;
    private @Nullable StepResult result;
    private @Nullable CpvFailure lastFailure;
    private Instant notBefore = Instant.MIN;
    private boolean needsLook;
    private boolean maybeWritten;
    private int attempts;

    StepWrite(PlanStep step) {
        this.step = step;
    }

    /** The part that brings the tenant nearer to the step's aim; empty if the aim is reached. */
    abstract Optional<BatchPart> next(TenantState state, GraphParts parts);

    /** A part was written: the state is brought up to date with it. */
    abstract void written(BatchPart part, PartAnswer answer, TenantState state);

    /** Says that what the part asks for was so before; usually the state has to be read again to go on. */
    void wasThere() {
        look();
    }

    /** A part was refused for good; the result, unless the refusal means something else for this step. */
    StepResult refused(PartAnswer answer, CpvFailure failure) {
        return StepResult.failed(failure);
    }

    /** A part waits for another step, which has not ended yet. */
    boolean isReady(TenantState state) {
        return true;
    }

    final PlanStep step() {
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

    /** The look told nothing; it counts as an attempt. */
    final void lookAgain(Instant when, CpvFailure why) {
        attempts++;
        if (attempts >= Retries.MAX_ATTEMPTS) {
            giveUp(why);
        } else {
            notBefore = when;
        }
    }

    final void looked() {
        needsLook = false;
    }

    final void end(StepResult how) {
        result = how;
    }

    /** Ends the step where nothing is left to send. */
    final void reached() {
        end(maybeWritten ? StepResult.applied() : StepResult.alreadySo());
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
            BatchPart part, PartAnswer answer, TenantState state, Instant retryAt, Supplier<CpvFailure> why) {
        attempts++;
        switch (answer.verdict()) {
            case DONE -> {
                attempts = 0;
                maybeWritten = true;
                written(part, answer, state);
            }
            case ALREADY_EXISTS -> {
                CpvFailure failure = why.get();
                lastFailure = failure;
                if (attempts >= Retries.MAX_ATTEMPTS) {
                    end(StepResult.failed(failure));
                } else {
                    notBefore = attempts > 1 ? retryAt : Instant.MIN;
                    wasThere();
                }
            }
            case NOT_REPLICATED, RETRY, LOOK_UP -> again(part, answer, retryAt, why.get());
            case PERMANENT -> end(refused(answer, why.get()));
        }
    }

    private void again(BatchPart part, PartAnswer answer, Instant retryAt, CpvFailure failure) {
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
                look();
            } else if (answer.verdict() == GraphVerdict.NOT_REPLICATED
                    && !part.method().equals("POST")) {
                look(); // What was to be changed is gone, or not there yet: the state tells which.
            }
        }
    }

    /** A passing refusal that came several times may have a meaning of its own. */
    Optional<StepResult> repeatedly(PartAnswer answer, int times, CpvFailure failure) {
        return Optional.empty();
    }
}
