package dev.cpv.graph.internal.failure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.http.WireAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error response of Microsoft Graph, see https://learn.microsoft.com/graph/errors; the older shapes of the
 * directory's errors are read as well. The texts to be shown contain no secret. Immutable.
 *
 * @param status the HTTP status
 * @param kind what the body was
 * @param code the main code; empty if there is none
 * @param message what happened, one line; never empty
 * @param codes all codes, those of details and inner errors included
 * @param texts all texts of the body, to be searched and never shown
 * @param hasClaimsChallenge whether the service asks for more authentication than the token shows
 * @param requestId the id of the request, or null
 */
record GraphError(
        int status,
        ErrorBody.Kind kind,
        String code,
        String message,
        List<String> codes,
        List<String> texts,
        boolean hasClaimsChallenge,
        @Nullable String requestId)
        implements ServiceError {

    /** Reads an answer. Never throws. */
    static GraphError parse(WireAnswer answer) {
        ErrorBody body = ErrorBody.of(answer);
        JsonNode error = error(body.root());
        List<String> codes = body.members("code");
        return new GraphError(
                answer.status(),
                body.kind(),
                mainCode(error, codes),
                StatusFailures.wording(answer.status(), body.kind(), message(body, error)),
                codes,
                body.texts(),
                StatusFailures.hasClaimsChallenge(answer),
                requestId(answer, body));
    }

    boolean hasCode(String wanted) {
        return code.equalsIgnoreCase(wanted) || codes.stream().anyMatch(wanted::equalsIgnoreCase);
    }

    private static JsonNode error(JsonNode root) {
        JsonNode legacy = root.path("odata.error");
        return legacy.isObject() ? legacy : root.path("error");
    }

    /** The main code can be empty while an inner one is not; a gateway's error is a code alone. */
    private static String mainCode(JsonNode error, List<String> codes) {
        String code = Redactor.identifier(ErrorBody.firstOf(
                ErrorBody.text(error, "code"), codes.isEmpty() ? "" : codes.get(0), ErrorBody.scalar(error)));
        return code == null ? "" : code;
    }

    private static String message(ErrorBody body, JsonNode error) {
        List<String> anywhere = body.members("message");
        return ErrorBody.firstOf(
                ErrorBody.message(error),
                anywhere.isEmpty() ? "" : anywhere.get(0),
                ErrorBody.text(body.root(), "error_description"),
                body.kind() == ErrorBody.Kind.OTHER && !body.isHtml() ? body.raw() : "");
    }

    private static @Nullable String requestId(WireAnswer answer, ErrorBody body) {
        List<String> inBody = body.members("request-id", "requestid");
        return Redactor.identifier(answer.requestId().orElse(inBody.isEmpty() ? "" : inBody.get(0)));
    }
}
