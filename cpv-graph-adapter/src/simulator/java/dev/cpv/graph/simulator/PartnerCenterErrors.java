package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The refusals of Partner Center. */
final class PartnerCenterErrors {
    private static final int MAX_DESCRIPTION = 1024;

    private PartnerCenterErrors() {}

    static Refusal of(int status, String code, String description) {
        return new Refusal(answer(status, code, description));
    }

    private static WireAnswer answer(int status, String code, String description) {
        ObjectNode body = Json.object();
        body.put("code", code);
        body.put("description", description.substring(0, Math.min(description.length(), MAX_DESCRIPTION)));
        body.set("data", Json.array());
        body.put("source", "PartnerFD");
        return WireAnswer.json(status, body);
    }

    static Refusal unauthorised(String code, String description) {
        return new Refusal(
                answer(401, code, description).withHeader("WWW-Authenticate", "Bearer realm=\"Partner Center\""));
    }

    static Refusal challenged(String claims) {
        return new Refusal(
                answer(401, "400", "Access denied").withHeader("WWW-Authenticate", Claims.challenge(claims)));
    }

    static Refusal invalid(String description) {
        return of(400, "3000", "Invalid property: " + description);
    }

    static Refusal notFound() {
        return of(404, "1000", "Not found");
    }

    static Refusal tenantGone() {
        return of(404, "60003", "Tenant not found");
    }

    static Refusal denied() {
        return of(403, "2032", "Access denied");
    }

    /** The gateway in front of the services throttles with a body of its own. */
    static Refusal throttled(int seconds) {
        ObjectNode body = Json.object();
        body.put("statusCode", 429);
        body.put("message", "Rate limit is exceeded. Try again in " + seconds + " seconds.");
        return new Refusal(WireAnswer.json(429, body).withHeader("Retry-After", Integer.toString(seconds)));
    }
}
