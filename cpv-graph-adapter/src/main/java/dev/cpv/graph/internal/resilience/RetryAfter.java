package dev.cpv.graph.internal.resilience;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long a service asks to wait: whole or decimal seconds, an HTTP date, or a sentence (R26). */
public final class RetryAfter {
    /** The longest wait: a larger number is an error of the sender. */
    private static final Duration MOST = Duration.ofHours(24);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final Pattern SENTENCE = Pattern.compile("[Tt]ry again in (\\d{1,6}) seconds");

    private RetryAfter() {}

    /**
     * Reads a {@code Retry-After} header.
     *
     * @param header its value
     * @param now the current time, for dates
     * @return the time to wait, not negative, at most a day; empty if the value makes no sense
     */
    public static Optional<Duration> parse(String header, Instant now) {
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(bounded(Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1000))));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, date)));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the sentence that Partner Center's gateway puts into the body.
     *
     * @param body the body of an answer
     * @return the time to wait, or empty if the body contains none
     */
    public static Optional<Duration> inSentence(String body) {
        Matcher matcher = SENTENCE.matcher(body);
        return matcher.find()
                ? Optional.of(bounded(Duration.ofSeconds(Long.parseLong(matcher.group(1)))))
                : Optional.empty();
    }

    private static Duration bounded(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration.compareTo(MOST) > 0 ? MOST : duration;
    }
}
