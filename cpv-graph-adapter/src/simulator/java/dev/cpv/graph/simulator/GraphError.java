package dev.cpv.graph.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error of Microsoft Graph. Immutable.
 *
 * @param status the HTTP status
 * @param code the code in the body
 * @param message the message in the body
 * @param details further errors, often none
 * @param headers headers of the answer
 */
record GraphError(int status, String code, String message, List<Detail> details, Map<String, String> headers) {
    static final String BAD_REQUEST = "Request_BadRequest";
    static final String UNSUPPORTED_QUERY = "Request_UnsupportedQuery";
    static final String NOT_FOUND = "Request_ResourceNotFound";
    static final String SAME_KEY = "Request_MultipleObjectsWithSameKeyValue";
    static final String INVALID_TOKEN = "InvalidAuthenticationToken";

    /** One of the further errors. */
    record Detail(String code, String message, String target) {}

    GraphError {
        details = List.copyOf(details);
        headers = Map.copyOf(headers);
    }

    static GraphError of(int status, String code, String message) {
        return new GraphError(status, code, message, List.of(), Map.of());
    }

    static GraphError badRequest(String message) {
        return of(400, BAD_REQUEST, message);
    }

    /** Graph's error for a request that its front end cannot parse and does not pass on to a workload. */
    static GraphError malformed(String message) {
        return of(400, "BadRequest", message);
    }

    static GraphError unsupportedQuery(String message) {
        return of(400, UNSUPPORTED_QUERY, message);
    }

    static GraphError noSegment(String segment) {
        return malformed("Resource not found for the segment '" + segment + "'.");
    }

    static GraphError notFound(String id) {
        return missing(404, id);
    }

    /** The same text comes with 400 if a new object refers to one that does not exist. */
    static GraphError missing(int status, String id) {
        return of(
                status,
                status == 404 ? NOT_FOUND : BAD_REQUEST,
                "Resource '" + id
                        + "' does not exist or one of its queried reference-property objects are not present.");
    }

    static GraphError forbidden() {
        return of(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }

    static GraphError notAllowed() {
        return of(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
    }

    static GraphError conflictingObject() {
        return badRequest("A conflicting object with one or more of the specified property values is present in the"
                + " directory.");
    }

    static GraphError unauthorised(String message) {
        return of(401, INVALID_TOKEN, message)
                .withHeader(
                        "WWW-Authenticate",
                        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com"
                                + "/common/oauth2/authorize\", client_id=\"" + ResourceCatalog.GRAPH + "\"");
    }

    GraphError withDetail(String detailCode, String target) {
        return new GraphError(status, code, message, List.of(new Detail(detailCode, message, target)), headers);
    }

    GraphError withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new GraphError(status, code, message, details, more);
    }

    GraphRefusal refusal() {
        return new GraphRefusal(this);
    }
}
