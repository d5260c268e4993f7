package dev.cpv.graph.simulator;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * One AADSTS error from Microsoft's table.
 *
 * @param code the number after AADSTS
 * @param error the OAuth error
 * @param status the HTTP status
 * @param message the text, without the trace id, correlation id and timestamp that follow it
 */
record EntraError(int code, String error, int status, String message) {
    private static final Set<Integer> NEEDS_ACTION = Set.of(50072, 50074, 50076, 50078, 50079, 53004);
    private static final Set<Integer> DEAD_TOKEN = Set.of(50173, 70008, 70043, 700082, 700084);
    private static final Set<Integer> WITH_CLAIMS = Set.of(50076, 50079, 50158, 53000, 53001, 53003, 530032);
    private static final Map<Integer, EntraError> TABLE = new HashMap<>();

    static {
        grant(16003, "The user has not been explicitly added to the tenant.");
        grant(50020, "User account from identity provider does not exist in tenant and cannot access the application.");
        grant(50034, "The user account does not exist in the directory.");
        grant(50053, "The account is locked, or sign-in came from a malicious IP address.");
        grant(50055, "The password is expired.");
        grant(50057, "The user account is disabled.");
        grant(50072, "The user must enroll in multi-factor authentication.");
        grant(50074, "Strong authentication is required.");
        grant(
                50076,
                "Due to a configuration change made by your administrator, or because you moved to a new location,"
                        + " you must use multi-factor authentication to access the resource.");
        grant(50078, "Presented multi-factor authentication has expired due to policies.");
        grant(50079, "The user is required to use multi-factor authentication.");
        grant(50097, "Device authentication is required.");
        grant(50105, "The signed in user is not assigned to a role for the application.");
        grant(50126, "Error validating credentials due to invalid username or password.");
        grant(50132, "The session is not valid because the password was changed or has expired.");
        grant(50133, "Session is invalid due to expiration or recent password change.");
        grant(50144, "The user's Active Directory password has expired.");
        grant(50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed.");
        grant(50177, "The external challenge is not supported for pass-through users.");
        grant(50178, "Session control is not supported for pass-through users.");
        grant(50196, "The server terminated an operation because it encountered a client request loop.");
        grant(51004, "The user account does not exist in the directory.");
        grant(53000, "Device is not in required device state: compliant.");
        grant(53001, "Device is not in required device state: domain_joined.");
        grant(
                53003,
                "Access has been blocked by Conditional Access policies."
                        + " The access policy does not allow token issuance.");
        grant(53004, "User needs to complete multi-factor authentication registration before accessing this content.");
        grant(53011, "User blocked due to risk on home tenant.");
        grant(
                500014,
                "The service principal for the resource is disabled. This indicate that a subscription within the"
                        + " tenant has lapsed, or that the administrator for this tenant has disabled the application.");
        grant(500133, "Assertion is not within its valid time range.");
        grant(500212, "The user's administrator has set an outbound access policy that blocks access.");
        grant(500213, "The resource tenant's cross-tenant access policy does not allow this user to access.");
        grant(500571, "The guest user account is disabled.");
        grant(530032, "Blocked by security policy.");
        grant(530034, "A delegated administrator was blocked from accessing the tenant due to account risk.");
        grant(530035, "Access has been blocked by security defaults.");
        grant(
                65001,
                "The user or administrator has not consented to use the application."
                        + " Send an interactive authorization request for this user and resource.");
        grant(70000, "The provided value for the input parameter 'refresh_token' is not valid.");
        grant(70008, "The refresh token has expired due to inactivity.");
        grant(
                70043,
                "The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access.");
        grant(700003, "Device object was not found in the tenant directory.");
        grant(700082, "The refresh token has expired due to inactivity.");
        grant(
                700084,
                "The refresh token was issued to a single page app, and therefore has a fixed, limited lifetime.");
        grant(90072, "User account from an external identity provider does not exist in the tenant.");
        grant(90094, "An administrator must consent.");
        grant(
                90099,
                "The application has not been authorized in the tenant. Applications must be authorized to access"
                        + " the external tenant before partner delegated administrators can use them. Provide pre-consent or"
                        + " execute the appropriate Partner Center API to authorize the application.");
        put(650051, "invalid_client", 400, "The service principal name is already present for the tenant.");
        put(
                650052,
                "invalid_client",
                400,
                "The app needs access to a service that your organization has not" + " subscribed to or enabled.");
        put(
                650054,
                "invalid_client",
                400,
                "The application asked for permissions to access a resource that has been"
                        + " removed or is no longer available.");
        put(50158, "interaction_required", 400, "External security challenge was not satisfied.");
        put(7000112, "unauthorized_client", 400, "The application is disabled.");
        put(700016, "unauthorized_client", 400, "Application was not found in the directory.");
        put(50194, "invalid_request", 400, "The application is not configured as a multi-tenant application.");
        put(7000229, "invalid_client", 401, "The client application is missing service principal in the tenant.");
        put(
                7000215,
                "invalid_client",
                401,
                "Invalid client secret provided. Ensure the secret being sent in the request"
                        + " is the client secret value, not the client secret ID.");
        put(7000222, "invalid_client", 401, "The provided client secret keys are expired.");
        put(
                7000218,
                "invalid_client",
                401,
                "The request body must contain the following parameter: 'client_assertion'" + " or 'client_secret'.");
        put(
                700027,
                "invalid_client",
                401,
                "The certificate with identifier used to sign the client assertion is not"
                        + " registered on application.");
        put(700024, "invalid_client", 401, "Client assertion is not within its valid time range.");
        put(700021, "invalid_client", 401, "Client assertion audience claim does not match the realm issuer.");
        put(50012, "invalid_client", 401, "Authentication failed: the client assertion is not well formed.");
        put(500011, "invalid_resource", 400, "The resource principal was not found in the tenant.");
        put(70011, "invalid_scope", 400, "The provided value for the input parameter 'scope' is not valid.");
        put(70003, "unsupported_grant_type", 400, "The app used an unsupported grant type.");
        put(
                90002,
                "invalid_request",
                400,
                "Tenant not found. Check to make sure you have the correct tenant ID and are"
                        + " signing into the correct cloud. This may happen if there are no active subscriptions for the tenant.");
        put(5000224, "invalid_request", 400, "We are sorry, this resource is not available.");
        put(
                900023,
                "invalid_request",
                400,
                "Specified tenant identifier is neither a valid DNS name, nor a valid" + " external domain.");
        put(
                50059,
                "invalid_request",
                400,
                "No tenant-identifying information found in either the request or implied by"
                        + " any provided credentials.");
        put(900144, "invalid_request", 400, "The request body must contain a required parameter.");
        put(9002313, "invalid_request", 400, "Invalid request. Request is malformed or invalid.");
        put(90033, "temporarily_unavailable", 503, "A transient error has occurred. Please try again.");
        put(90024, "temporarily_unavailable", 503, "RequestBudgetExceededError - a transient error has occurred.");
        put(90055, "temporarily_unavailable", 429, "There were too many requests sent. The tenant is throttled.");
    }

    private static void grant(int code, String message) {
        put(code, "invalid_grant", 400, message);
    }

    private static void put(int code, String error, int status, String message) {
        TABLE.put(code, new EntraError(code, error, status, message));
    }

    static EntraError of(int code) {
        return TABLE.getOrDefault(code, new EntraError(code, "invalid_grant", 400, "The request was refused."));
    }

    EntraError saying(String text) {
        return new EntraError(code, error, status, text);
    }

    /** The suberror that MSAL libraries read, a hint on what the client should do; empty if there is none. */
    String suberror() {
        if (code == 65001) {
            return "consent_required";
        }
        if (NEEDS_ACTION.contains(code)) {
            return "basic_action";
        }
        if (DEAD_TOKEN.contains(code)) {
            return "bad_token";
        }
        return code == 53003 ? "message_only" : "";
    }

    /** A claims challenge, empty if there is none. */
    String claims() {
        return WITH_CLAIMS.contains(code)
                ? "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":"
                        + "[\"c0ffee00-0000-0000-0000-000000000001\"]}}}"
                : "";
    }
}
