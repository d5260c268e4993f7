package dev.cpv.graph.internal.failure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.http.WireAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An error response of the token endpoint, see
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes. Holds no secret. Immutable.
 *
 * @param status the HTTP status
 * @param isReadable whether the body was a JSON object
 * @param error the OAuth error, such as {@code invalid_grant}; empty if missing
 * @param codes the numbers of the AADSTS codes, the main one first; empty if there are none
 * @param suberror the finer error, or empty
 * @param hasClaims whether the answer carries a claims challenge
 * @param message the sentence for people, one line, without the ids that follow it; never empty
 * @param correlationId the id of the operation, or null
 * @param traceId the id of the request, which Microsoft's support asks for, or null
 * @param retryAfter the header {@code Retry-After} as it came, or null
 * @param date the header {@code Date} as it came, which a date in {@code Retry-After} counts from, or null
 */
public record EntraError(
        int status,
        boolean isReadable,
        String error,
        List<Integer> codes,
        String suberror,
        boolean hasClaims,
        String message,
        @Nullable String correlationId,
        @Nullable String traceId,
        @Nullable String retryAfter,
        @Nullable String date) {
    private static final int MAX_CODES = 10;

    private static final Pattern AADSTS = Pattern.compile("AADSTS(\\d{4,9})(?!\\d)");
    /** Older answers put a line break before the ids, newer ones a blank. */
    private static final Pattern TRAILER = Pattern.compile("\\s(Trace ID|Correlation ID|Timestamp): ");

    /** Creates the error. */
    public EntraError {
        codes = List.copyOf(codes);
    }

    /**
     * Reads an answer. Never throws.
     *
     * @param answer an answer of the token endpoint or of its metadata
     * @return the error
     */
    public static EntraError parse(WireAnswer answer) {
        ErrorBody body = ErrorBody.of(answer);
        JsonNode root = body.root();
        String error = identifier(root, "error");
        String description = ErrorBody.text(root, "error_description");
        return new EntraError(
                answer.status(),
                body.kind() == ErrorBody.Kind.JSON,
                error,
                codes(root.path("error_codes"), description),
                identifier(root, "suberror"),
                root.hasNonNull("claims"),
                StatusFailures.wording(answer.status(), body.kind(), ErrorBody.firstOf(sentence(description), error)),
                Redactor.identifier(ErrorBody.text(root, "correlation_id")),
                traceId(root, answer),
                answer.header("Retry-After").orElse(null),
                answer.header("Date").orElse(null));
    }

    /** Returns the numbers of the AADSTS codes in a text. */
    static List<Integer> codesIn(String text) {
        List<Integer> codes = new ArrayList<>();
        Matcher matcher = AADSTS.matcher(text);
        while (matcher.find() && codes.size() < MAX_CODES) {
            codes.add(Integer.valueOf(matcher.group(1)));
        }
        return codes.stream().distinct().toList();
    }

    private static List<Integer> codes(JsonNode errorCodes, String description) {
        List<Integer> codes = new ArrayList<>();
        for (JsonNode code : errorCodes.isArray() ? errorCodes : List.of(errorCodes)) {
            int number = code.asInt();
            if (number > 0 && codes.size() < MAX_CODES) {
                codes.add(number);
            }
        }
        return codes.isEmpty() ? codesIn(description) : codes;
    }

    private static String sentence(String description) {
        Matcher trailer = TRAILER.matcher(description);
        return trailer.find() ? description.substring(0, trailer.start()) : description;
    }

    private static @Nullable String traceId(JsonNode root, WireAnswer answer) {
        String inBody = ErrorBody.text(root, "trace_id");
        return Redactor.identifier(inBody.isEmpty() ? answer.requestId().orElse("") : inBody);
    }

    private static String identifier(JsonNode root, String name) {
        String text = Redactor.identifier(ErrorBody.text(root, name));
        return text == null ? "" : text;
    }
}
