package dev.cpv.graph.internal.failure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.graph.internal.http.WireAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error response of Partner Center, see https://learn.microsoft.com/partner-center/developer/error-codes. Its
 * gateway, and services behind it, use other shapes of body, all of which are read. The texts to be shown contain no secret.
 * Immutable.
 *
 * @param status the HTTP status
 * @param kind what the body was
 * @param code Partner Center's code, a number written as text; empty if missing
 * @param message what happened, one line; never empty
 * @param texts all texts of the body, to be searched and never shown
 * @param hasClaimsChallenge whether the service asks for more authentication than the token shows
 * @param requestId the id of the request, or null
 */
record PartnerCenterError(
        int status,
        ErrorBody.Kind kind,
        String code,
        String message,
        List<String> texts,
        boolean hasClaimsChallenge,
        @Nullable String requestId)
        implements ServiceError {

    /** Reads an answer. Never throws. */
    static PartnerCenterError parse(WireAnswer answer) {
        ErrorBody body = ErrorBody.of(answer);
        return new PartnerCenterError(
                answer.status(),
                body.kind(),
                code(body.root()),
                StatusFailures.wording(answer.status(), body.kind(), description(body)),
                body.texts(),
                StatusFailures.hasClaimsChallenge(answer),
                Redactor.identifier(answer.requestId().orElse("")));
    }

    private static String code(JsonNode root) {
        String code = Redactor.identifier(ErrorBody.firstOf(
                ErrorBody.text(root, "code"),
                ErrorBody.text(root.path("error"), "code"),
                ErrorBody.text(root.path("odata.error"), "code")));
        return code == null ? "" : code;
    }

    private static String description(ErrorBody body) {
        JsonNode root = body.root();
        return ErrorBody.firstOf(
                ErrorBody.text(root, "description"),
                ErrorBody.message(root),
                ErrorBody.message(root.path("error")),
                ErrorBody.message(root.path("odata.error")),
                body.kind() == ErrorBody.Kind.OTHER && !body.isHtml() ? body.raw() : "");
    }
}
