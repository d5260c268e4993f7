package dev.cpv.graph;

import static dev.cpv.graph.OverTheWire.JSON;
import static dev.cpv.graph.OverTheWire.graphError;
import static dev.cpv.graph.OverTheWire.retryAfter;

import dev.cpv.graph.simulator.FaultPlan;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** What can go wrong between cpv and Microsoft, by what the client sees of it. */
enum WireFault {
    THROTTLED(fault -> fault.respond(429, retryAfter("5"), OverTheWire.THROTTLED)),
    /** Partner Center's gateway says it in the body, in a sentence. */
    THROTTLED_IN_WORDS(
            fault -> fault.respond(429, JSON, "{\"message\":\"Rate limit is exceeded. Try again in 7 seconds.\"}")),
    /** Longer than any deadline here. */
    THROTTLED_FOR_LONG(fault -> fault.respond(429, retryAfter("3600"), OverTheWire.THROTTLED)),
    SERVER_ERROR(fault -> fault.respond(500, JSON, graphError("UnknownError", "Oops"))),
    BAD_GATEWAY(fault -> fault.respond(502)),
    UNAVAILABLE(fault -> fault.respond(503, retryAfter("2"), "")),
    GATEWAY_TIMEOUT(fault -> fault.respond(504)),
    NOT_REPLICATED(fault -> fault.respond(
            404, JSON, graphError("Directory_ObjectNotFound", "Unable to read the company information."))),
    CONFLICT(fault -> fault.respond(409, JSON, graphError("Request_ConcurrencyViolation", "Try again."))),
    EXPIRED_TOKEN(fault -> fault.respond(
            401, JSON, graphError("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."))),
    GARBLED(fault -> fault.respond(200, JSON, "{\"responses\":[{\"id\":\"0\",\"sta")),
    PROXY_PAGE(fault -> fault.respond(403, Map.of("Content-Type", "text/html"), "<html><body>Forbidden</body></html>")),
    RESET(FaultPlan.Step::reset),
    /** No answer while the client waits, in real time. */
    TIMEOUT(fault -> fault.timeout(FaultsOverTheWireTest.PATIENCE.plusMillis(60))),
    /** The answer comes after the client stopped to wait, in real time. */
    ANSWERED_TOO_LATE(fault -> fault.delay(FaultsOverTheWireTest.PATIENCE.plusMillis(60))),
    /** The answer takes a while of real time, and comes. */
    SLOW(fault -> fault.delay(Duration.ofMillis(5)));

    private final Consumer<FaultPlan.Step> strike;

    WireFault(Consumer<FaultPlan.Step> strike) {
        this.strike = strike;
    }

    boolean takesRealTime() {
        return this == TIMEOUT || this == ANSWERED_TOO_LATE;
    }

    void on(FaultPlan.Step requests) {
        strike.accept(requests);
    }
}
