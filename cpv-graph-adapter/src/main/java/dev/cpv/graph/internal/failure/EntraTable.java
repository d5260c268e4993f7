package dev.cpv.graph.internal.failure;

import static dev.cpv.model.FailureCode.APP_DISABLED_BY_CUSTOMER;
import static dev.cpv.model.FailureCode.APP_NOT_MULTI_TENANT;
import static dev.cpv.model.FailureCode.CLIENT_CERTIFICATE_REJECTED;
import static dev.cpv.model.FailureCode.CLIENT_CREDENTIALS_REJECTED;
import static dev.cpv.model.FailureCode.CLIENT_SECRET_EXPIRED;
import static dev.cpv.model.FailureCode.CLIENT_SECRET_INVALID;
import static dev.cpv.model.FailureCode.CONDITIONAL_ACCESS_BLOCKED;
import static dev.cpv.model.FailureCode.CONSENT_MISSING;
import static dev.cpv.model.FailureCode.CONSENT_NOT_VISIBLE_YET;
import static dev.cpv.model.FailureCode.CONSENT_REFUSED;
import static dev.cpv.model.FailureCode.CROSS_TENANT_ACCESS_BLOCKED;
import static dev.cpv.model.FailureCode.DELEGATED_ADMIN_MISSING;
import static dev.cpv.model.FailureCode.EXTRA_AUTHENTICATION_REQUIRED;
import static dev.cpv.model.FailureCode.GUEST_ACCOUNT_CONFLICT;
import static dev.cpv.model.FailureCode.PARTNER_APP_DISABLED;
import static dev.cpv.model.FailureCode.PARTNER_APP_NOT_CONSENTED;
import static dev.cpv.model.FailureCode.REFRESH_TOKEN_EXPIRED;
import static dev.cpv.model.FailureCode.REFRESH_TOKEN_INVALID;
import static dev.cpv.model.FailureCode.REFRESH_TOKEN_REVOKED;
import static dev.cpv.model.FailureCode.REQUEST_REJECTED;
import static dev.cpv.model.FailureCode.RESOURCE_DISABLED;
import static dev.cpv.model.FailureCode.RESOURCE_NOT_AVAILABLE;
import static dev.cpv.model.FailureCode.SERVICE_ACCOUNT_BLOCKED;
import static dev.cpv.model.FailureCode.SERVICE_ACCOUNT_DISABLED;
import static dev.cpv.model.FailureCode.SERVICE_ACCOUNT_MFA_REQUIRED;
import static dev.cpv.model.FailureCode.SERVICE_NOT_IN_TENANT;
import static dev.cpv.model.FailureCode.SERVICE_UNAVAILABLE;
import static dev.cpv.model.FailureCode.TENANT_GONE;
import static dev.cpv.model.FailureCode.TENANT_NOT_RESOLVED;
import static dev.cpv.model.FailureCode.THROTTLED;
import static dev.cpv.model.FailureCode.USER_ASSIGNMENT_REQUIRED;
import static dev.cpv.model.FailureCode.WRONG_CLOUD;

import dev.cpv.graph.internal.failure.EntraRow.Again;
import dev.cpv.model.Remediation.Party;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the AADSTS codes mean for a partner who redeems one refresh token in many tenants. The meanings are
 * Microsoft's, see https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 *
 * <p>No row means {@code RESOURCE_NOT_AVAILABLE}: without a token nothing was observed in the tenant, and R15 treats that code
 * as "not applicable".
 */
final class EntraTable {
    private static final List<EntraRow> ROWS = List.of(
            // Consent (R4)
            EntraRow.of(CONSENT_MISSING, PARTNER_APP_NOT_CONSENTED, 65001, 90099, 700016, 7000229),
            EntraRow.of(CONSENT_NOT_VISIBLE_YET, 650051).again(Again.AT_ONCE),
            EntraRow.of(CONSENT_REFUSED, PARTNER_APP_NOT_CONSENTED, 90093, 90094)
                    .customerRemedy(
                            Party.PARTNER,
                            "Admin consent is required: reset the tenant, or let a customer admin consent to the"
                                    + " application."),
            EntraRow.of(CONSENT_REFUSED, PARTNER_APP_NOT_CONSENTED, 65004)
                    .customerRemedy(Party.PARTNER, "A user declined consent: let an administrator consent instead."),
            EntraRow.of(REQUEST_REJECTED, 650056, 650057, 65005)
                    .remedy(
                            Party.DEVELOPER,
                            "Add the resource to the API permissions of the application registration, then consent again."),
            EntraRow.of(REQUEST_REJECTED, 65002)
                    .remedy(Party.DEVELOPER, "Use an application registration of your own, not one of Microsoft's."),

            // The service that the token is for
            EntraRow.of(SERVICE_NOT_IN_TENANT, 650052).forwardedAs(RESOURCE_NOT_AVAILABLE),
            EntraRow.of(SERVICE_NOT_IN_TENANT, 500011, 650054),
            EntraRow.of(RESOURCE_DISABLED, 500014),

            // Delegated access to the tenant
            EntraRow.of(DELEGATED_ADMIN_MISSING, SERVICE_ACCOUNT_DISABLED, 50020, 50034, 51004, 16003, 90072)
                    .partnerRemedy(
                            Party.PARTNER,
                            "The refresh token's user is not in the partner tenant: sign in with a service account of that"
                                    + " tenant and store its refresh token."),
            EntraRow.of(GUEST_ACCOUNT_CONFLICT, SERVICE_ACCOUNT_DISABLED, 500571),
            EntraRow.of(USER_ASSIGNMENT_REQUIRED, 50105)
                    .partnerRemedy(
                            Party.PARTNER,
                            "Turn off 'Assignment required' for the application in the partner tenant, or assign the"
                                    + " service account."),

            // Policies
            EntraRow.of(
                    CONDITIONAL_ACCESS_BLOCKED,
                    SERVICE_ACCOUNT_BLOCKED,
                    53003,
                    530032,
                    530035,
                    53000,
                    53001,
                    50177,
                    50178),
            EntraRow.of(CROSS_TENANT_ACCESS_BLOCKED, SERVICE_ACCOUNT_BLOCKED, 500213),
            EntraRow.of(CROSS_TENANT_ACCESS_BLOCKED, SERVICE_ACCOUNT_BLOCKED, 500212)
                    .customerRemedy(
                            Party.PARTNER,
                            "Allow the customer in the partner tenant's outbound cross-tenant access settings."),
            EntraRow.of(SERVICE_ACCOUNT_BLOCKED, 530034, 53011)
                    .remedy(
                            Party.PARTNER,
                            "Remediate the service account's risk in the partner tenant (Entra ID Protection)."),

            // Stronger authentication
            EntraRow.of(EXTRA_AUTHENTICATION_REQUIRED, SERVICE_ACCOUNT_MFA_REQUIRED, 50074, 50076, 50078, 50158),
            EntraRow.of(EXTRA_AUTHENTICATION_REQUIRED, SERVICE_ACCOUNT_MFA_REQUIRED, 50072, 50079, 53004)
                    .remedy(
                            Party.PARTNER,
                            "Register the service account for MFA, sign it in again with MFA, and store the new refresh token."),
            EntraRow.of(EXTRA_AUTHENTICATION_REQUIRED, SERVICE_ACCOUNT_BLOCKED, 50097, 50129),

            // The service account
            EntraRow.of(SERVICE_ACCOUNT_DISABLED, 50055, 50057, 50144),
            EntraRow.of(SERVICE_ACCOUNT_DISABLED, 50053)
                    .again(Again.LATER)
                    .remedy(
                            Party.PARTNER,
                            "The service account is locked: wait 30 minutes, then find the cause in its sign-in log."),

            // The refresh token
            EntraRow.of(REFRESH_TOKEN_REVOKED, 50173, 50132, 50133),
            EntraRow.of(REFRESH_TOKEN_EXPIRED, 70008, 700082, 70043),
            EntraRow.of(REFRESH_TOKEN_EXPIRED, 700084)
                    .remedy(
                            Party.PARTNER,
                            "Sign the service account in again, through a redirect URI of type web: that of a single-page"
                                    + " application yields tokens for only a day."),
            EntraRow.of(REFRESH_TOKEN_INVALID, 70000, 50126),
            EntraRow.of(REFRESH_TOKEN_INVALID, 700003)
                    .remedy(
                            Party.PARTNER,
                            "The token is bound to a device that was deleted: sign the service account in again on another"
                                    + " device, and store the new refresh token."),

            // The application and its credentials
            EntraRow.of(APP_DISABLED_BY_CUSTOMER, PARTNER_APP_DISABLED, 7000112),
            EntraRow.of(APP_NOT_MULTI_TENANT, 50194),
            EntraRow.of(CLIENT_SECRET_INVALID, 7000215),
            EntraRow.of(CLIENT_SECRET_EXPIRED, 7000222),
            EntraRow.of(CLIENT_CREDENTIALS_REJECTED, 7000218, 700025),
            EntraRow.of(CLIENT_CERTIFICATE_REJECTED, 700027, 50012, 50013, 700021),
            EntraRow.of(CLIENT_CERTIFICATE_REJECTED, 500133, 700024)
                    .remedy(Party.DEVELOPER, "Check this machine's clock: the assertion was not valid at this time."),

            // The tenant
            EntraRow.of(TENANT_GONE, TENANT_NOT_RESOLVED, 90002, 5000224)
                    .partnerRemedy(Party.DEVELOPER, "Check the partner tenant's id and the configured cloud."),
            EntraRow.of(TENANT_NOT_RESOLVED, 900023),
            EntraRow.of(WRONG_CLOUD, 90038, 900382, 900432),

            // The request
            EntraRow.of(REQUEST_REJECTED, 90014, 900144, 9002313)
                    .remedy(
                            Party.DEVELOPER,
                            "Check that client id, client credential and refresh token are set and complete: a part of the"
                                    + " request was empty or malformed."),
            EntraRow.of(REQUEST_REJECTED, 1002016).remedy(Party.DEVELOPER, "Enable TLS 1.2 or newer on this machine."),
            EntraRow.of(
                    REQUEST_REJECTED,
                    50059,
                    50128,
                    90019,
                    700005,
                    7000113,
                    7000114,
                    500113,
                    50011,
                    900971,
                    70011,
                    700022,
                    28002),

            // The service itself
            EntraRow.of(SERVICE_UNAVAILABLE, 90033, 90024, 90090, 90006, 50033, 50087, 90012, 50000, 90010)
                    .again(Again.AT_ONCE),
            EntraRow.of(THROTTLED, 90055).again(Again.AT_ONCE),
            EntraRow.of(THROTTLED, 50196)
                    .again(Again.LATER)
                    .remedy(
                            Party.DEVELOPER,
                            "The same token was requested too often: share one directory among all users of the process, and"
                                    + " wait five minutes."),
            EntraRow.of(SERVICE_UNAVAILABLE, 90036, 90092)
                    .again(Again.NEVER)
                    .remedy(Party.MICROSOFT, "Ask Microsoft's support, with the code and the request id."));

    private static final Map<Integer, EntraRow> BY_CODE = byCode();

    private EntraTable() {}

    /** Returns the first of the codes that the table knows. */
    static Optional<Integer> known(Collection<Integer> codes) {
        return codes.stream().filter(BY_CODE::containsKey).findFirst();
    }

    /** Returns the row of the first code that the table knows. */
    static Optional<EntraRow> row(Collection<Integer> codes) {
        return known(codes).map(code -> Objects.requireNonNull(BY_CODE.get(code)));
    }

    private static Map<Integer, EntraRow> byCode() {
        Map<Integer, EntraRow> rows = new HashMap<>();
        for (EntraRow row : ROWS) {
            for (Integer code : row.codes()) {
                if (rows.put(code, row) != null) {
                    throw new IllegalStateException("AADSTS" + code + " is in two rows");
                }
            }
        }
        return Map.copyOf(rows);
    }
}
