package dev.cpv.graph.simulator;

import java.time.Instant;

/**
 * A service principal of a simulated tenant. Immutable.
 *
 * @param id its object id, different in every tenant
 * @param appId the application that it represents, the same in every tenant
 * @param displayName its name
 * @param enabled {@code accountEnabled}: whether it is enabled in the tenant
 * @param createdAt when it was created, on the simulator's clock
 */
public record SimulatedServicePrincipal(
        String id, String appId, String displayName, boolean enabled, Instant createdAt) {

    SimulatedServicePrincipal withEnabled(boolean value) {
        return new SimulatedServicePrincipal(id, appId, displayName, value, createdAt);
    }
}
