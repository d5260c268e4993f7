package dev.cpv.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why something is not as it should be: a stable code, how far it reaches, whether trying again can help, who has to do
 * what, and what the service said (R25). Holds no secret. Immutable.
 */
public final class CpvFailure {
    private static final int MAX_MESSAGE = 1000;

    private final FailureCode code;
    private final FailureScope scope;
    private final boolean retryable;
    private final @Nullable Duration retryAfter;
    private final String message;
    private final Remediation remediation;
    private final @Nullable String serviceCode;
    private final @Nullable String requestId;

    private CpvFailure(Builder builder) {
        code = builder.code;
        scope = builder.scope;
        retryable = builder.retryable;
        retryAfter = builder.retryAfter;
        message = builder.message;
        remediation = builder.remediation;
        serviceCode = builder.serviceCode;
        requestId = builder.requestId;
    }

    /**
     * Starts a failure with the code's own scope, retryability and remediation.
     *
     * @param code the code
     * @param message what happened, for people, without secrets; cut after 1,000 characters
     * @return a builder
     */
    public static Builder builder(FailureCode code, String message) {
        return new Builder(code, message);
    }

    /**
     * Makes a failure with the code's own scope, retryability and remediation.
     *
     * @param code the code
     * @param message what happened, for people, without secrets; cut after 1,000 characters
     * @return the failure
     */
    public static CpvFailure of(FailureCode code, String message) {
        return builder(code, message).build();
    }

    /**
     * Returns a builder that starts as this failure.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder(code, message);
        builder.scope = scope;
        builder.retryable = retryable;
        builder.retryAfter = retryAfter;
        builder.remediation = remediation;
        builder.serviceCode = serviceCode;
        builder.requestId = requestId;
        return builder;
    }

    /**
     * Returns what went wrong.
     *
     * @return the stable code
     */
    public FailureCode code() {
        return code;
    }

    /**
     * Returns how far it reaches.
     *
     * @return the scope
     */
    public FailureScope scope() {
        return scope;
    }

    /**
     * Says whether trying again later can help though nobody acts.
     *
     * @return whether it can
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Returns how long the service asked to wait.
     *
     * @return the time, or empty if it did not say
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /**
     * Returns what happened, for people.
     *
     * @return the message, without secrets
     */
    public String message() {
        return message;
    }

    /**
     * Returns who has to do what.
     *
     * @return the remediation
     */
    public Remediation remediation() {
        return remediation;
    }

    /**
     * Returns the service's own code, such as {@code AADSTS65001} or {@code Authorization_RequestDenied}.
     *
     * @return the code, or empty if there was none
     */
    public Optional<String> serviceCode() {
        return Optional.ofNullable(serviceCode);
    }

    /**
     * Returns the service's id of the request, which its support asks for.
     *
     * @return the id, or empty if there was none
     */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpvFailure that
                && code == that.code
                && scope == that.scope
                && retryable == that.retryable
                && Objects.equals(retryAfter, that.retryAfter)
                && message.equals(that.message)
                && remediation.equals(that.remediation)
                && Objects.equals(serviceCode, that.serviceCode)
                && Objects.equals(requestId, that.requestId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(code, scope, message, serviceCode, requestId);
    }

    @Override
    public String toString() {
        return code + (serviceCode == null ? "" : " (" + serviceCode + ")") + ": " + message;
    }

    /** Builds a failure. Not thread-safe. */
    public static final class Builder {
        private final FailureCode code;
        private final String message;
        private FailureScope scope;
        private boolean retryable;
        private @Nullable Duration retryAfter;
        private Remediation remediation;
        private @Nullable String serviceCode;
        private @Nullable String requestId;

        private Builder(FailureCode code, String message) {
            this.code = Objects.requireNonNull(code, "code");
            this.message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
            this.scope = code.scope();
            this.retryable = code.retryable();
            this.remediation = code.remediation();
        }

        /**
         * Sets how far it reaches.
         *
         * @param value the scope
         * @return this builder
         */
        public Builder scope(FailureScope value) {
            scope = Objects.requireNonNull(value, "scope");
            return this;
        }

        /**
         * Sets whether trying again can help.
         *
         * @param value whether it can
         * @return this builder
         */
        public Builder retryable(boolean value) {
            retryable = value;
            return this;
        }

        /**
         * Sets how long the service asked to wait.
         *
         * @param value the time, or null if it did not say
         * @return this builder
         */
        public Builder retryAfter(@Nullable Duration value) {
            retryAfter = value;
            return this;
        }

        /**
         * Sets who has to do what, where more is known than the code says.
         *
         * @param value the remediation
         * @return this builder
         */
        public Builder remediation(Remediation value) {
            remediation = Objects.requireNonNull(value, "remediation");
            return this;
        }

        /**
         * Sets the service's own code.
         *
         * @param value the code, or null if there was none
         * @return this builder
         */
        public Builder serviceCode(@Nullable String value) {
            serviceCode = value;
            return this;
        }

        /**
         * Sets the service's id of the request.
         *
         * @param value the id, or null if there was none
         * @return this builder
         */
        public Builder requestId(@Nullable String value) {
            requestId = value;
            return this;
        }

        /**
         * Builds the failure.
         *
         * @return the failure
         */
        public CpvFailure build() {
            return new CpvFailure(this);
        }
    }
}
