package dev.cpv.graph.simulator;

import org.jspecify.annotations.Nullable;

/** One of the three services behind the server. Thread-safe. */
interface SimulatedService {

    /** The kind of a request and its tenant, for journal and fault plan. Has no effect and refuses nothing. */
    Route route(WireRequest request);

    /** Answers the request; a {@link Refusal} counts as an answer. */
    WireAnswer answer(WireRequest request, Route route);

    /** The kind of a request and its tenant: a GUID, or null if the request names no tenant of the simulator. */
    record Route(Endpoint endpoint, @Nullable String tenantId) {}
}
