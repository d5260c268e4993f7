package dev.cpv.examples.scale;

import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.spi.Sleeper;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/** The addresses and credentials of a simulator, as lines, for another process. */
final class Partner {
    private final List<String> lines;

    Partner(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    static Partner of(MicrosoftSimulator microsoft) {
        PartnerCredentials credentials = microsoft.credentials();
        return new Partner(List.of(
                microsoft.loginUrl(),
                microsoft.partnerCenterUrl(),
                microsoft.graphUrl(),
                credentials.partnerTenantId(),
                credentials.clientId(),
                credentials.clientSecret(),
                credentials.refreshToken()));
    }

    List<String> lines() {
        return lines;
    }

    GraphTenantDirectory directory(Clock clock, Sleeper sleeper) {
        return GraphTenantDirectory.builder(
                        PartnerApp.of(lines.get(3), lines.get(4)),
                        AppCredentials.withSecret(lines.get(5), RefreshTokenStore.inMemory(lines.get(6))))
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(lines.get(0)))
                        .withPartnerCenterUrl(URI.create(lines.get(1)))
                        .withGraphUrl(URI.create(lines.get(2))))
                .clock(clock)
                .sleeper(sleeper)
                .build();
    }
}
