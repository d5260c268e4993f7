package dev.cpv.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How to do an operation. Start from {@link #defaults()} and change what differs; each change returns a new object.
 *
 * @param extraGrants whether extra permissions are kept or revoked (R10)
 * @param verification what the result takes as proof of a write (R17)
 * @param timeout how long one operation on one tenant may take, waiting included; more than zero
 * @param consentWait how long to wait for a consent to become visible (R6); zero for a single look, as in a fleet
 * @param priority which operation goes first where requests are limited (R29)
 * @param approval decides before a plan is carried out
 * @param cancellation lets the caller stop early (R18); empty if it cannot
 * @param actor who asked for the operation, for the journal and the listeners, without secrets; empty if not stated
 * @param reason why the operation was asked for, for the journal and the listeners, without secrets; empty if not stated
 */
public record RefreshOptions(
        ExtraGrants extraGrants,
        WriteVerification verification,
        Duration timeout,
        Duration consentWait,
        Priority priority,
        PlanApproval approval,
        Optional<Cancellation> cancellation,
        Optional<String> actor,
        Optional<String> reason) {
    private static final RefreshOptions DEFAULTS = new RefreshOptions(
            ExtraGrants.KEEP,
            WriteVerification.BELIEVE,
            Duration.ofMinutes(10),
            Duration.ofMinutes(3),
            Priority.MANUAL,
            plan -> Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code timeout} is zero or less, or {@code consentWait} is less than zero
     */
    public RefreshOptions {
        Objects.requireNonNull(extraGrants, "extraGrants");
        Objects.requireNonNull(verification, "verification");
        Objects.requireNonNull(priority, "priority");
        Objects.requireNonNull(approval, "approval");
        Objects.requireNonNull(cancellation, "cancellation");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(reason, "reason");
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be more than zero: " + timeout);
        }
        if (consentWait.isNegative()) {
            throw new IllegalArgumentException("consentWait must not be negative: " + consentWait);
        }
    }

    /**
     * Returns the defaults: extras are kept, what was written is believed, ten minutes for a tenant, three of them for a
     * consent to become visible, manual priority, every plan approved, no cancellation, no actor, no reason.
     */
    public static RefreshOptions defaults() {
        return DEFAULTS;
    }

    /** Returns these options with {@code value} for extra permissions; the default keeps them. */
    public RefreshOptions withExtraGrants(ExtraGrants value) {
        return new RefreshOptions(
                value, verification, timeout, consentWait, priority, approval, cancellation, actor, reason);
    }

    /** Returns these options with another proof of writes; the default believes the directory's answers. */
    public RefreshOptions withVerification(WriteVerification value) {
        return new RefreshOptions(
                extraGrants, value, timeout, consentWait, priority, approval, cancellation, actor, reason);
    }

    /**
     * Returns these options with another timeout; the default is ten minutes.
     *
     * @throws IllegalArgumentException if it is zero or less
     */
    public RefreshOptions withTimeout(Duration value) {
        return new RefreshOptions(
                extraGrants, verification, value, consentWait, priority, approval, cancellation, actor, reason);
    }

    /**
     * Returns these options with another wait for a consent; the default is three minutes.
     *
     * @throws IllegalArgumentException if it is less than zero
     */
    public RefreshOptions withConsentWait(Duration value) {
        return new RefreshOptions(
                extraGrants, verification, timeout, value, priority, approval, cancellation, actor, reason);
    }

    /** Returns these options with another priority; the default is {@link Priority#MANUAL}. */
    public RefreshOptions withPriority(Priority value) {
        return new RefreshOptions(
                extraGrants, verification, timeout, consentWait, value, approval, cancellation, actor, reason);
    }

    /** Returns these options with another approval in place of the one before; the default approves every plan. */
    public RefreshOptions withApproval(PlanApproval value) {
        return new RefreshOptions(
                extraGrants, verification, timeout, consentWait, priority, value, cancellation, actor, reason);
    }

    /** Returns these options with a means to stop early. */
    public RefreshOptions withCancellation(Cancellation value) {
        return new RefreshOptions(
                extraGrants, verification, timeout, consentWait, priority, approval, Optional.of(value), actor, reason);
    }

    /** Returns these options with the name of who asked for the operation, without secrets. */
    public RefreshOptions withActor(String value) {
        return new RefreshOptions(
                extraGrants,
                verification,
                timeout,
                consentWait,
                priority,
                approval,
                cancellation,
                Optional.of(value),
                reason);
    }

    /** Returns these options with the reason for the operation, without secrets. */
    public RefreshOptions withReason(String value) {
        return new RefreshOptions(
                extraGrants,
                verification,
                timeout,
                consentWait,
                priority,
                approval,
                cancellation,
                actor,
                Optional.of(value));
    }

    /** Returns whether the caller cancelled. */
    public boolean isCancelled() {
        return cancellation.filter(Cancellation::isCancelled).isPresent();
    }
}
