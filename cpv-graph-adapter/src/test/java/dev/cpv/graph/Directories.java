package dev.cpv.graph;

import dev.cpv.graph.simulator.MicrosoftSimulator;
import java.net.URI;

/** Directories over a simulator, for tests that need another one than {@link SimulatedPartner} has. */
final class Directories {
    private Directories() {}

    /** Starts a directory that redeems the given refresh token. */
    static GraphTenantDirectory.Builder over(MicrosoftSimulator simulator, String refreshToken) {
        return GraphTenantDirectory.builder(
                        PartnerApp.of(simulator.partner().id(), simulator.app().appId()),
                        AppCredentials.withSecret(
                                simulator.credentials().clientSecret(), RefreshTokenStore.inMemory(refreshToken)))
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(simulator.loginUrl()))
                        .withPartnerCenterUrl(URI.create(simulator.partnerCenterUrl()))
                        .withGraphUrl(URI.create(simulator.graphUrl())));
    }
}
