package dev.cpv.graph.internal.failure;

import dev.cpv.graph.internal.failure.EntraRow.Again;
import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Classifies the refusals of the token endpoint (R25). Pure functions that never throw. */
public final class EntraFailures {
    /** A new secret or certificate reaches all of the token endpoint's servers within a minute or so. */
    private static final Set<String> PASSING_AFTER_ROTATION = Set.of("AADSTS7000215", "AADSTS700027");

    private EntraFailures() {}

    /**
     * Classifies an error.
     *
     * @param error the response of the token endpoint
     * @param inPartnerTenant whether it came from the partner tenant, and not from a customer tenant
     * @return the failure; with scope PARTNER from a customer tenant it is only a suspicion, see
     *     {@link #isPartnerWideSuspect}
     */
    public static CpvFailure classify(EntraError error, boolean inPartnerTenant) {
        return EntraTable.row(error.codes())
                .map(row -> known(error, row, inPartnerTenant))
                .orElseGet(() -> unknown(error, inPartnerTenant));
    }

    /**
     * Returns whether a failure that was observed at a customer's endpoint has to be confirmed by a redemption in the partner
     * tenant before it stops a run (R28). This holds for every failure of scope PARTNER: one customer tenant
     * never decides for all.
     *
     * @param failure a failure of {@link #classify} at a customer's endpoint
     * @return whether it needs confirmation
     */
    public static boolean isPartnerWideSuspect(CpvFailure failure) {
        return failure.scope() == FailureScope.PARTNER;
    }

    /**
     * Returns whether the redemption that confirms a failure is made a second time, 15 seconds later, since the failure may
     * pass just after a secret or certificate was rotated (R28).
     *
     * @param failure a failure of {@link #classify}
     * @return whether it is 7000215 or 700027
     */
    public static boolean needsSecondLook(CpvFailure failure) {
        return failure.serviceCode().filter(PASSING_AFTER_ROTATION::contains).isPresent();
    }

    /**
     * Returns whether to send the request again after a pause of seconds (R26).
     *
     * @param error the response of the token endpoint
     * @return whether to; false if nothing changes until somebody acts
     */
    public static boolean isRetryable(EntraError error) {
        return EntraTable.row(error.codes())
                .map(row -> row.again() == Again.AT_ONCE)
                .orElseGet(() -> StatusFailures.isPassing(error.status()) || isTemporary(error));
    }

    /**
     * Returns whether to send the request again after a pause of seconds (R26).
     *
     * @param answer an answer of the token endpoint
     * @return whether to; false after success
     */
    public static boolean isRetryable(WireAnswer answer) {
        return !answer.isSuccess() && isRetryable(EntraError.parse(answer));
    }

    /**
     * Classifies an AADSTS code that another service passes on. Codes that concern only the partner are
     * ignored: only the token endpoint itself is trusted for them.
     */
    static Optional<Forwarded> forwarded(List<String> texts) {
        List<Integer> codes = texts.stream()
                .flatMap(text -> EntraError.codesIn(text).stream())
                .toList();
        return EntraTable.row(codes)
                .filter(row -> row.forwarded().scope() != FailureScope.PARTNER)
                .map(row -> new Forwarded(row.forwarded(), row.isRetryable(row.forwarded()), serviceCode(codes)));
    }

    private static CpvFailure known(EntraError error, EntraRow row, boolean inPartnerTenant) {
        FailureCode code = row.code(inPartnerTenant);
        boolean retryable = row.isRetryable(code);
        return describe(code, error.message(), error)
                .scope(scope(code, inPartnerTenant && !retryable))
                .retryable(retryable)
                .remediation(row.remediation(inPartnerTenant))
                .build();
    }

    /** Without a token nothing can be done in the tenant; a permanent refusal of the partner tenant affects all tenants. */
    private static FailureScope scope(FailureCode code, boolean holdsForAll) {
        return holdsForAll || code.scope() == FailureScope.PARTNER ? FailureScope.PARTNER : FailureScope.TENANT;
    }

    private static CpvFailure unknown(EntraError error, boolean inPartnerTenant) {
        Optional<FailureCode> byStatus = isTemporary(error)
                ? Optional.of(FailureCode.SERVICE_UNAVAILABLE)
                : StatusFailures.ofStatus(error.status());
        if (byStatus.isPresent()) {
            return describe(byStatus.get(), error.message(), error).build();
        }
        if (!error.isReadable() || error.status() < 400) {
            return describe(FailureCode.ANSWER_UNREADABLE, error.message(), error)
                    .build();
        }
        return describe(needsSomebody(error, inPartnerTenant), everythingSaid(error), error)
                .build();
    }

    /** With any code: what the OAuth error or a claims challenge requires needs a person to sign in. */
    private static FailureCode needsSomebody(EntraError error, boolean inPartnerTenant) {
        if (!error.error().equals("interaction_required") && !error.hasClaims()) {
            return FailureCode.UNKNOWN;
        }
        return inPartnerTenant ? FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED : FailureCode.EXTRA_AUTHENTICATION_REQUIRED;
    }

    private static String everythingSaid(EntraError error) {
        return "HTTP " + error.status() + " " + error.error()
                + (error.suberror().isEmpty() ? "" : " (" + error.suberror() + ")")
                + (error.hasClaims() ? " with a claims challenge" : "") + ": " + error.message();
    }

    private static boolean isTemporary(EntraError error) {
        return error.error().equals("temporarily_unavailable");
    }

    private static CpvFailure.Builder describe(FailureCode code, String message, EntraError error) {
        String traceId = error.traceId();
        return CpvFailure.builder(code, message)
                .retryAfter(StatusFailures.retryAfter(error.retryAfter(), error.date())
                        .orElse(null))
                .serviceCode(error.codes().isEmpty() ? oauthError(error) : serviceCode(error.codes()))
                .requestId(traceId == null ? error.correlationId() : traceId);
    }

    private static @Nullable String oauthError(EntraError error) {
        return error.error().isEmpty() ? null : error.error();
    }

    private static String serviceCode(List<Integer> codes) {
        return "AADSTS" + EntraTable.known(codes).orElse(codes.get(0));
    }

    /**
     * An AADSTS code that another service passed on.
     *
     * @param code what it means
     * @param retryable whether trying again later can help
     * @param serviceCode the AADSTS code
     */
    record Forwarded(FailureCode code, boolean retryable, String serviceCode) {}
}
