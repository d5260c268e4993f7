package dev.cpv.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an operation is to be done. Start from {@link #defaults()} and change what differs; every change gives a new object.
 * Immutable.
 */
public final class RefreshOptions {
    private static final RefreshOptions DEFAULTS = new RefreshOptions(new Values());

    private final Values values;

    private RefreshOptions(Values values) {
        this.values = values;
    }

    /**
     * Returns the defaults: extras are kept, what was written is believed, ten minutes for a tenant, three of them for a
     * consent to become visible, manual priority, no gate, no cancellation, no actor, no reason.
     *
     * @return the defaults
     */
    public static RefreshOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets what happens to extra permissions (R10).
     *
     * @param extraGrants keep them (the default) or revoke them
     * @return changed options
     */
    public RefreshOptions withExtraGrants(ExtraGrants extraGrants) {
        Objects.requireNonNull(extraGrants, "extraGrants");
        return change(v -> v.extraGrants = extraGrants);
    }

    /**
     * Sets what the result takes as proof that something was written (R17).
     *
     * @param verification believe the directory's answers (the default) or read everything back
     * @return changed options
     */
    public RefreshOptions withVerification(WriteVerification verification) {
        Objects.requireNonNull(verification, "verification");
        return change(v -> v.verification = verification);
    }

    /**
     * Sets how long one operation on one tenant may take, waiting included.
     *
     * @param timeout more than zero; the default is ten minutes
     * @return changed options
     * @throws IllegalArgumentException if it is zero or less
     */
    public RefreshOptions withTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be more than zero: " + timeout);
        }
        return change(v -> v.timeout = timeout);
    }

    /**
     * Sets how long to look for a consent to become visible (R6).
     *
     * @param consentWait zero for one look alone, as a fleet has it; the default is three minutes
     * @return changed options
     * @throws IllegalArgumentException if it is less than zero
     */
    public RefreshOptions withConsentWait(Duration consentWait) {
        if (consentWait.isNegative()) {
            throw new IllegalArgumentException("consentWait must not be negative: " + consentWait);
        }
        return change(v -> v.consentWait = consentWait);
    }

    /**
     * Hands in the means to stop early (R18).
     *
     * @param cancellation what the caller will cancel
     * @return changed options
     */
    public RefreshOptions withCancellation(Cancellation cancellation) {
        Objects.requireNonNull(cancellation, "cancellation");
        return change(v -> v.cancellation = cancellation);
    }

    /**
     * Sets who is served first where requests are limited (R29).
     *
     * @param priority the priority; the default is {@link Priority#MANUAL}
     * @return changed options
     */
    public RefreshOptions withPriority(Priority priority) {
        Objects.requireNonNull(priority, "priority");
        return change(v -> v.priority = priority);
    }

    /**
     * Names who asked for the operation, for the journal and the listeners.
     *
     * @param actor a name, without secrets
     * @return changed options
     */
    public RefreshOptions withActor(String actor) {
        Objects.requireNonNull(actor, "actor");
        return change(v -> v.actor = actor);
    }

    /**
     * Says why the operation was asked for, for the journal and the listeners.
     *
     * @param reason a reason, without secrets
     * @return changed options
     */
    public RefreshOptions withReason(String reason) {
        Objects.requireNonNull(reason, "reason");
        return change(v -> v.reason = reason);
    }

    /**
     * Sets who is asked before a plan is carried out, in place of who was set before.
     *
     * @param gate is asked; the default lets everything pass
     * @return changed options
     */
    public RefreshOptions withGate(PlanApproval gate) {
        Objects.requireNonNull(gate, "gate");
        return change(v -> v.gate = gate);
    }

    private RefreshOptions change(java.util.function.Consumer<Values> change) {
        Values copy = new Values(values);
        change.accept(copy);
        return new RefreshOptions(copy);
    }

    /**
     * Returns what happens to extra permissions.
     *
     * @return keep or revoke
     */
    public ExtraGrants extraGrants() {
        return values.extraGrants;
    }

    /**
     * Returns what the result takes as proof that something was written.
     *
     * @return believe or read back
     */
    public WriteVerification verification() {
        return values.verification;
    }

    /**
     * Returns how long one operation on one tenant may take.
     *
     * @return the time, more than zero
     */
    public Duration timeout() {
        return values.timeout;
    }

    /**
     * Returns how long to look for a consent to become visible.
     *
     * @return the time, not negative
     */
    public Duration consentWait() {
        return values.consentWait;
    }

    /**
     * Says whether the caller cancelled.
     *
     * @return whether it did
     */
    public boolean isCancelled() {
        return values.cancellation != null && values.cancellation.isCancelled();
    }

    /**
     * Returns who is served first.
     *
     * @return the priority
     */
    public Priority priority() {
        return values.priority;
    }

    /**
     * Returns who is asked before a plan is carried out.
     *
     * @return the gate
     */
    public PlanApproval gate() {
        return values.gate;
    }

    /**
     * Returns who asked for the operation.
     *
     * @return the name, or empty
     */
    public Optional<String> actor() {
        return Optional.ofNullable(values.actor);
    }

    /**
     * Returns why the operation was asked for.
     *
     * @return the reason, or empty
     */
    public Optional<String> reason() {
        return Optional.ofNullable(values.reason);
    }

    @Override
    public String toString() {
        return "extraGrants=" + values.extraGrants + ", verification=" + values.verification + ", timeout="
                + values.timeout + ", consentWait=" + values.consentWait + ", priority=" + values.priority;
    }

    private static final class Values {
        private ExtraGrants extraGrants = ExtraGrants.KEEP;
        private WriteVerification verification = WriteVerification.BELIEVE;
        private Duration timeout = Duration.ofMinutes(10);
        private Duration consentWait = Duration.ofMinutes(3);
        private Priority priority = Priority.MANUAL;
        private PlanApproval gate = plan -> Optional.empty();
        private @Nullable Cancellation cancellation;
        private @Nullable String actor;
        private @Nullable String reason;

        Values() {}

        Values(Values other) {
            extraGrants = other.extraGrants;
            verification = other.verification;
            timeout = other.timeout;
            consentWait = other.consentWait;
            priority = other.priority;
            gate = other.gate;
            cancellation = other.cancellation;
            actor = other.actor;
            reason = other.reason;
        }
    }
}
