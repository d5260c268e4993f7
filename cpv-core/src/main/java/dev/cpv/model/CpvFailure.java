package dev.cpv.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed: a stable code, how far it reaches, whether a later attempt can succeed, the responsible party and what
 * it does, and what the service reported (R25). Holds no secret. Immutable.
 */
public final class CpvFailure {
    private static final int MAX_MESSAGE = 1000;
    private static final char REPLACEMENT = '\ufffd';

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
     */
    public static Builder builder(FailureCode code, String message) {
        return new Builder(code, message);
    }

    /**
     * Creates a failure with the code's own scope, retryability and remediation.
     *
     * @param code the code
     * @param message what happened, for people, without secrets; cut after 1,000 characters
     */
    public static CpvFailure of(FailureCode code, String message) {
        return builder(code, message).build();
    }

    /**
     * Returns the same failure under another code, where more is known than the service reported: service code and request id
     * stay, scope, retryability and remediation are those of the new code.
     *
     * @param other the code
     * @param text what happened, for people, without secrets; cut after 1,000 characters
     * @return the failure; {@link #retryAfter()} stays too where the new code is retryable
     */
    public CpvFailure as(FailureCode other, String text) {
        return builder(other, text)
                .retryAfter(other.retryable() ? retryAfter : null)
                .serviceCode(serviceCode)
                .requestId(requestId)
                .build();
    }

    /** Returns a builder that starts as this failure. */
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

    /** Returns what went wrong. */
    public FailureCode code() {
        return code;
    }

    /** Returns how far it reaches. */
    public FailureScope scope() {
        return scope;
    }

    /** Returns whether a later attempt can succeed without anybody acting. */
    public boolean retryable() {
        return retryable;
    }

    /** Returns how long the service asked to wait, or empty if it did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns what happened, for people, without secrets. */
    public String message() {
        return message;
    }

    /** Returns the responsible party and what it does, in English. */
    public Remediation remediation() {
        return remediation;
    }

    /**
     * Returns the responsible party and what it does, in another language.
     *
     * @param translation as for {@link FailureCode#remediation(ResourceBundle)}
     * @return the translated remediation; in English where this failure has another one than its code
     */
    public Remediation remediation(ResourceBundle translation) {
        return remediation.equals(code.remediation()) ? code.remediation(translation) : remediation;
    }

    /**
     * Returns the service's own code, such as {@code AADSTS65001} or {@code Authorization_RequestDenied}, or empty if there was
     * none.
     */
    public Optional<String> serviceCode() {
        return Optional.ofNullable(serviceCode);
    }

    /** Returns the service's id of the request, which its support asks for, or empty if there was none. */
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
            this.message = valid(message);
            this.scope = code.scope();
            this.retryable = code.retryable();
            this.remediation = code.remediation();
        }

        /** Cut between characters, and without half surrogate pairs, which JSON and UTF-8 cannot hold. */
        private static String valid(String message) {
            int end = Math.min(message.length(), MAX_MESSAGE);
            boolean cut = end < message.length();
            if (cut
                    && Character.isHighSurrogate(message.charAt(end - 1))
                    && Character.isLowSurrogate(message.charAt(end))) {
                end--;
            }
            StringBuilder valid = new StringBuilder(end + 1);
            message.substring(0, end)
                    .codePoints()
                    .forEach(c -> valid.appendCodePoint(Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c));
            return valid.append(cut ? "…" : "").toString();
        }

        /** Sets how far it reaches. */
        public Builder scope(FailureScope value) {
            scope = Objects.requireNonNull(value, "scope");
            return this;
        }

        /**
         * Sets whether a later attempt can succeed without anybody acting.
         *
         * @param value whether it can
         */
        public Builder retryable(boolean value) {
            retryable = value;
            return this;
        }

        /**
         * Sets how long the service asked to wait.
         *
         * @param value the time, or null if it did not say
         */
        public Builder retryAfter(@Nullable Duration value) {
            retryAfter = value;
            return this;
        }

        /** Sets the responsible party and what it does, where more is known than the code says. */
        public Builder remediation(Remediation value) {
            remediation = Objects.requireNonNull(value, "remediation");
            return this;
        }

        /**
         * Sets the service's own code.
         *
         * @param value the code, or null if there was none
         */
        public Builder serviceCode(@Nullable String value) {
            serviceCode = value;
            return this;
        }

        /**
         * Sets the service's id of the request.
         *
         * @param value the id, or null if there was none
         */
        public Builder requestId(@Nullable String value) {
            requestId = value;
            return this;
        }

        /** Builds the failure. */
        public CpvFailure build() {
            return new CpvFailure(this);
        }
    }
}
