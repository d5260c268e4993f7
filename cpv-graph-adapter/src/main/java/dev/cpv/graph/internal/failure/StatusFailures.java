package dev.cpv.graph.internal.failure;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.resilience.RetryAfter;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Common to the answers of all three services: the meaning of the status alone, and how long to wait. */
final class StatusFailures {
    private static final Pattern NUMBER = Pattern.compile("\\s*[\\d.]+\\s*");

    private StatusFailures() {}

    /** The meaning of the status with any body; empty if the body decides. */
    static Optional<FailureCode> ofStatus(int status) {
        if (status == 429) {
            return Optional.of(FailureCode.THROTTLED);
        }
        if (status == 408 || status >= 500) {
            return Optional.of(FailureCode.SERVICE_UNAVAILABLE);
        }
        return status >= 300 && status < 400 ? Optional.of(FailureCode.FOREIGN_HOST_REFUSED) : Optional.empty();
    }

    /**
     * Creates the failure of a refusal by Graph or Partner Center. If the service itself reports nothing known, an AADSTS code
     * that it passes on decides; if there is none, the status decides.
     *
     * @param known the meaning of the service's own code, words or status, or empty
     * @param byStatus the meaning of the status if nothing else decides
     */
    static CpvFailure classify(
            WireAnswer answer, ServiceError error, Optional<FailureCode> known, Supplier<FailureCode> byStatus) {
        Optional<EntraFailures.Forwarded> forwarded =
                known.isPresent() ? Optional.empty() : EntraFailures.forwarded(error.texts());
        FailureCode code =
                known.or(() -> forwarded.map(EntraFailures.Forwarded::code)).orElseGet(byStatus);
        String message =
                code == FailureCode.UNKNOWN ? "HTTP " + error.status() + ": " + error.message() : error.message();
        String ownCode = error.code().isEmpty() ? null : error.code();
        return CpvFailure.builder(code, message)
                .retryable(forwarded.map(EntraFailures.Forwarded::retryable).orElse(code.retryable()))
                .retryAfter(retryAfter(answer))
                .serviceCode(forwarded.map(EntraFailures.Forwarded::serviceCode).orElse(ownCode))
                .requestId(error.requestId())
                .build();
    }

    /** Returns whether a status allows a retry of a read or of a request that the service did not process (R26). */
    static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** Returns whether a service asks for more authentication than the token shows. */
    static boolean hasClaimsChallenge(WireAnswer answer) {
        return (answer.status() == 401 || answer.status() == 403)
                && answer.header("WWW-Authenticate")
                        .filter(challenge -> Redactor.contains(challenge, "insufficient_claims"))
                        .isPresent();
    }

    /** Returns the service's message without secrets, or a description of the answer if it has none. */
    static String wording(int status, ErrorBody.Kind kind, String said) {
        String words = Redactor.clean(said);
        if (!words.isEmpty()) {
            return words;
        }
        if (status >= 300 && status < 400) {
            return "HTTP " + status + ": a redirect is not followed";
        }
        return "HTTP " + status
                + switch (kind) {
                    case JSON -> " without a message";
                    case EMPTY -> " without a body";
                    case OTHER -> " with a body that is not JSON";
                };
    }

    static @Nullable Duration retryAfter(WireAnswer answer) {
        return retryAfter(
                        answer.header("Retry-After").orElse(null),
                        answer.header("Date").orElse(null))
                .or(() -> answer.status() == 429 ? RetryAfter.inSentence(answer.body()) : Optional.empty())
                .orElse(null);
    }

    /**
     * Reads how long to wait without a clock: a date counts from the answer's own date.
     *
     * @param retryAfter the header {@code Retry-After}
     * @param date the header {@code Date}
     * @return the time, or empty if the headers do not contain one
     */
    static Optional<Duration> retryAfter(@Nullable String retryAfter, @Nullable String date) {
        if (retryAfter == null) {
            return Optional.empty();
        }
        if (NUMBER.matcher(retryAfter).matches()) {
            return RetryAfter.parse(retryAfter, Instant.EPOCH);
        }
        return date == null
                ? Optional.empty()
                : instant(date).flatMap(answered -> RetryAfter.parse(retryAfter, answered));
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
