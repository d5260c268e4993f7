package dev.cpv.graph.simulator;

/**
 * What all parts of one HTTP request share.
 *
 * @param tenant the tenant of the token
 * @param token the caller's token
 * @param route tenant and kind, for the fault plan
 * @param trace ids and time
 */
record GraphSession(SimulatedTenant tenant, AccessToken token, SimulatedService.Route route, GraphErrors.Trace trace) {}
