package dev.cpv.graph.internal.failure;

import static dev.cpv.graph.internal.failure.GraphVerdict.ALREADY_EXISTS;
import static dev.cpv.graph.internal.failure.GraphVerdict.LOOK_UP;
import static dev.cpv.graph.internal.failure.GraphVerdict.NOT_REPLICATED;
import static dev.cpv.graph.internal.failure.GraphVerdict.PERMANENT;
import static dev.cpv.graph.internal.failure.GraphVerdict.RETRY;
import static dev.cpv.model.FailureCode.APP_DISABLED_BY_CUSTOMER;
import static dev.cpv.model.FailureCode.DELEGATED_ADMIN_ROLE_MISSING;
import static dev.cpv.model.FailureCode.EXTRA_AUTHENTICATION_REQUIRED;
import static dev.cpv.model.FailureCode.NOT_REPLICATED_YET;
import static dev.cpv.model.FailureCode.PERMISSION_NOT_OFFERED;
import static dev.cpv.model.FailureCode.PREREQUISITE_FAILED;
import static dev.cpv.model.FailureCode.REQUEST_REJECTED;
import static dev.cpv.model.FailureCode.RESOURCE_NOT_AVAILABLE;
import static dev.cpv.model.FailureCode.THROTTLED;
import static dev.cpv.model.FailureCode.TOKEN_REFUSED;
import static dev.cpv.model.FailureCode.UNKNOWN;
import static dev.cpv.model.FailureCode.WRITE_CONFLICT;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Classifies the refusals of Microsoft Graph, of requests and of parts of a batch (R25). Pure functions that never throw. */
public final class GraphFailures {
    private static final int ANY = 0;

    /**
     * The statuses 400 to 499; the first row that fits counts. Microsoft wants clients to use codes, but the one code
     * {@code Request_BadRequest} covers both objects that exist already and objects that do not exist yet.
     */
    private static final List<Row> ROWS = List.of(
            // Exists already (R8, R12)
            new Row(ANY, text("Permission being assigned already exists"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(ANY, text("EntitlementGrant entry already exists"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(ANY, text("Permission entry already exists"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(ANY, text("added object references already exist"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(400, text("A conflicting object with one or more"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(409, code("Request_MultipleObjectsWithSameKeyValue"), WRITE_CONFLICT, ALREADY_EXISTS),
            new Row(409, code("Request_ConcurrencyViolation"), WRITE_CONFLICT, RETRY),

            // Does not exist yet; the first of them may have been applied anyway (R17)
            new Row(404, code("Directory_ObjectNotFound"), NOT_REPLICATED_YET, LOOK_UP),
            new Row(ANY, text("Not a valid reference update"), NOT_REPLICATED_YET, NOT_REPLICATED),
            new Row(
                    ANY,
                    text("does not exist or one of its queried reference-property objects"),
                    NOT_REPLICATED_YET,
                    NOT_REPLICATED),
            new Row(ANY, text("Specified resourceId was not found"), NOT_REPLICATED_YET, NOT_REPLICATED),
            new Row(404, code("Request_ResourceNotFound"), NOT_REPLICATED_YET, NOT_REPLICATED),

            // Not available in this tenant (R9, R15: a 403 never means that)
            new Row(400, text("Permission being assigned was not found"), PERMISSION_NOT_OFFERED, PERMANENT),
            new Row(400, code("NoBackingApplicationObject"), RESOURCE_NOT_AVAILABLE, PERMANENT),
            new Row(400, text("does not reference a valid application object"), RESOURCE_NOT_AVAILABLE, PERMANENT),

            // The caller
            new Row(ANY, code("Authorization_IdentityNotFound"), TOKEN_REFUSED, PERMANENT),
            new Row(ANY, code("Authorization_IdentityDisabled"), APP_DISABLED_BY_CUSTOMER, PERMANENT),
            new Row(401, GraphError::hasClaimsChallenge, EXTRA_AUTHENTICATION_REQUIRED, PERMANENT),
            new Row(403, GraphError::hasClaimsChallenge, EXTRA_AUTHENTICATION_REQUIRED, PERMANENT),
            new Row(ANY, code("Authorization_RequestDenied"), DELEGATED_ADMIN_ROLE_MISSING, PERMANENT),
            new Row(
                    ANY,
                    text("Unable to initialize the authorization context"),
                    DELEGATED_ADMIN_ROLE_MISSING,
                    PERMANENT),
            new Row(403, text("Insufficient privileges"), DELEGATED_ADMIN_ROLE_MISSING, PERMANENT),
            new Row(
                    403,
                    text("the backing application of the service principal"),
                    DELEGATED_ADMIN_ROLE_MISSING,
                    PERMANENT),

            // The request
            new Row(ANY, code("TooManyRequests"), THROTTLED, RETRY),
            new Row(400, code("Request_UnsupportedQuery"), REQUEST_REJECTED, PERMANENT),
            new Row(424, error -> true, PREREQUISITE_FAILED, PERMANENT));

    private GraphFailures() {}

    /**
     * Classifies an answer that is no success.
     *
     * @param answer an answer of Microsoft Graph, or a part of a batch's answer
     * @return the failure
     */
    public static CpvFailure classify(WireAnswer answer) {
        GraphError error = GraphError.parse(answer);
        Optional<FailureCode> known =
                StatusFailures.ofStatus(error.status()).or(() -> inTable(error).map(Row::failure));
        return StatusFailures.classify(answer, error, known, () -> byStatus(error));
    }

    /**
     * Returns what to do next.
     *
     * @param answer an answer of Microsoft Graph, or a part of a batch's answer
     * @return the verdict
     */
    public static GraphVerdict verdict(WireAnswer answer) {
        if (answer.isSuccess()) {
            return GraphVerdict.DONE;
        }
        return switch (answer.status()) {
            case 429, 503 -> RETRY;
            case 500, 502, 504 -> LOOK_UP;
            default -> inTable(GraphError.parse(answer)).map(Row::verdict).orElse(PERMANENT);
        };
    }

    /**
     * Returns whether Graph no longer knows the caller. For some tokens it answers so if our own principal does not exist,
     * instead of with "not found".
     *
     * @param failure a failure of {@link #classify}
     * @return whether it is {@code Authorization_IdentityNotFound}
     */
    public static boolean isOfUnknownCaller(CpvFailure failure) {
        return failure.serviceCode()
                .filter("Authorization_IdentityNotFound"::equals)
                .isPresent();
    }

    private static Optional<Row> inTable(GraphError error) {
        if (error.status() < 400 || error.status() > 499) {
            return Optional.empty();
        }
        return ROWS.stream().filter(row -> row.fits(error)).findFirst();
    }

    private static FailureCode byStatus(GraphError error) {
        if (error.status() < 400 || error.kind() == ErrorBody.Kind.OTHER) {
            return FailureCode.ANSWER_UNREADABLE;
        }
        return switch (error.status()) {
            case 401 -> TOKEN_REFUSED;
            case 409 -> WRITE_CONFLICT;
            default -> UNKNOWN;
        };
    }

    private static Predicate<GraphError> code(String code) {
        return error -> error.hasCode(code);
    }

    private static Predicate<GraphError> text(String phrase) {
        return error -> error.says(phrase);
    }

    private record Row(int status, Predicate<GraphError> says, FailureCode failure, GraphVerdict verdict) {
        boolean fits(GraphError error) {
            return (status == ANY || status == error.status()) && says.test(error);
        }
    }
}
