package dev.cpv.graph.simulator;

import org.jspecify.annotations.Nullable;

/** One of the three services behind the server. Thread-safe. */
interface SimulatedService {

    /** What is asked and of which tenant, for journal and fault plan. Has no effect and refuses nothing. */
    Route route(WireRequest request);

    /** Answers the request; a {@link Refusal} counts as an answer. */
    WireAnswer answer(WireRequest request, Route route);

    /** Where a request goes: the tenant is a GUID, or null if the request names none that the simulator has. */
    record Route(Endpoint endpoint, @Nullable String tenantId) {}
}
