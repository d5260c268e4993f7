package dev.cpv.graph.internal.failure;

import static dev.cpv.model.FailureCode.CONSENT_REFUSED;
import static dev.cpv.model.FailureCode.CUSTOMER_NOT_FOUND;
import static dev.cpv.model.FailureCode.DELEGATED_ADMIN_ROLE_MISSING;
import static dev.cpv.model.FailureCode.PARTNER_ACCOUNT_INACTIVE;
import static dev.cpv.model.FailureCode.PARTNER_CENTER_ACCESS_DENIED;
import static dev.cpv.model.FailureCode.REQUEST_REJECTED;
import static dev.cpv.model.FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED;
import static dev.cpv.model.FailureCode.TENANT_GONE;
import static dev.cpv.model.FailureCode.TOKEN_REFUSED;
import static dev.cpv.model.FailureCode.UNKNOWN;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Classifies the refusals of Partner Center (R25). Pure functions that never throw. */
public final class PartnerCenterFailures {
    private static final String ALREADY_THERE = "Permission entry already exists";

    /** The first row that fits counts. */
    private static final List<Row> ROWS = List.of(
            new Row(PartnerCenterFailures::isMfaRequired, SERVICE_ACCOUNT_MFA_REQUIRED),
            // The token is the partner's own, so the partner's sign-in is insufficient.
            new Row(PartnerCenterError::hasClaimsChallenge, SERVICE_ACCOUNT_MFA_REQUIRED),
            new Row(code("800039"), PARTNER_ACCOUNT_INACTIVE),
            new Row(code("60003"), TENANT_GONE),
            // A refusal by the customer's directory, passed on by Partner Center.
            new Row(text("Insufficient privileges"), DELEGATED_ADMIN_ROLE_MISSING),
            new Row(code("2032", "900150"), PARTNER_CENTER_ACCESS_DENIED),
            new Row(code("1000", "900118", "20002"), CUSTOMER_NOT_FOUND),
            new Row(text("can't be accessed by application credentials"), REQUEST_REJECTED));

    private PartnerCenterFailures() {}

    /**
     * Returns whether the refusal of a consent means that a tenant-wide grant for the resource exists already. The answer
     * does not contain the scopes of that grant (R6).
     *
     * @param answer an answer of Partner Center
     * @return whether it is 400 or 409 with that message
     */
    public static boolean isAlreadyThere(WireAnswer answer) {
        return (answer.status() == 400 || answer.status() == 409)
                && PartnerCenterError.parse(answer).says(ALREADY_THERE);
    }

    /**
     * Returns whether another token can help after one was refused. It cannot if the refresh token was issued without MFA: that
     * has the same status, and no token from this refresh token is accepted.
     *
     * @param answer an answer of Partner Center with status 401
     * @return whether it does not mention MFA
     */
    public static boolean isTokenRenewable(WireAnswer answer) {
        return !isMfaRequired(PartnerCenterError.parse(answer));
    }

    /**
     * Returns whether Partner Center reports that the token shows no MFA, which it does on request even when it accepts the
     * token. A header or the body reports it; the absence of both means nothing.
     *
     * @param answer an answer of Partner Center, of success or not
     * @return whether it does
     */
    public static boolean isMfaMissed(WireAnswer answer) {
        return answer.header("isMfaCompliant").filter("false"::equalsIgnoreCase).isPresent()
                || ErrorBody.of(answer).members("ismfacompliant").stream().anyMatch("false"::equalsIgnoreCase);
    }

    private static boolean isMfaRequired(PartnerCenterError error) {
        return error.code().equals("900421") || error.says("MFA required");
    }

    /**
     * Returns whether the removal of a consent found none, for example because an administrator consented manually.
     *
     * @param answer an answer of Partner Center
     * @return whether it is 404, and not because of the customer
     */
    public static boolean isNotThere(WireAnswer answer) {
        PartnerCenterError error = PartnerCenterError.parse(answer);
        return answer.status() == 404
                && (error.code().equals("1000") || inTable(error).isEmpty());
    }

    /**
     * Classifies an answer that is no success.
     *
     * @param answer an answer of Partner Center
     * @return the failure
     */
    public static CpvFailure classify(WireAnswer answer) {
        PartnerCenterError error = PartnerCenterError.parse(answer);
        Optional<FailureCode> known = inTable(error).or(() -> StatusFailures.ofStatus(error.status()));
        return StatusFailures.classify(answer, error, known, () -> byStatus(error));
    }

    /**
     * Returns whether to send the request again, with the same request id, after a pause of seconds (R26; a 500 may be
     * repeated, https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis).
     *
     * @param answer an answer of Partner Center
     * @return whether to; false if nothing changes until somebody acts
     */
    public static boolean isRetryable(WireAnswer answer) {
        boolean passing = answer.status() == 500 || StatusFailures.isPassing(answer.status());
        return passing && inTable(PartnerCenterError.parse(answer)).isEmpty();
    }

    private static Optional<FailureCode> inTable(PartnerCenterError error) {
        return ROWS.stream().filter(row -> row.says().test(error)).findFirst().map(Row::failure);
    }

    private static FailureCode byStatus(PartnerCenterError error) {
        if (error.status() < 400 || error.kind() == ErrorBody.Kind.OTHER) {
            return FailureCode.ANSWER_UNREADABLE;
        }
        return switch (error.status()) {
            case 400 -> CONSENT_REFUSED;
            case 401 -> TOKEN_REFUSED;
            case 403 -> PARTNER_CENTER_ACCESS_DENIED;
            case 404 -> CUSTOMER_NOT_FOUND;
            default -> UNKNOWN;
        };
    }

    private static Predicate<PartnerCenterError> code(String... codes) {
        List<String> wanted = List.of(codes);
        return error -> wanted.contains(error.code());
    }

    private static Predicate<PartnerCenterError> text(String phrase) {
        return error -> error.says(phrase);
    }

    private record Row(Predicate<PartnerCenterError> says, FailureCode failure) {}
}
