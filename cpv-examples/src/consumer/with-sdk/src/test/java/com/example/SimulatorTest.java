package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.CpvClient;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A test of a tool, with its tenants in the simulator. */
class SimulatorTest {
    @Test
    void refreshesATenantOverHttp() {
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder().build();
                GraphTenantDirectory directory = directory(microsoft)) {
            String tenant = microsoft.addCustomer("contoso").id();
            CpvClient client = CpvClient.create(
                    directory, RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest()));

            assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);
            assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        }
    }

    private static GraphTenantDirectory directory(MicrosoftSimulator microsoft) {
        PartnerCredentials partner = microsoft.credentials();
        return GraphTenantDirectory.builder(
                        PartnerApp.of(partner.partnerTenantId(), partner.clientId()),
                        AppCredentials.withSecret(
                                partner.clientSecret(), RefreshTokenStore.inMemory(partner.refreshToken())))
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(microsoft.loginUrl()))
                        .withPartnerCenterUrl(URI.create(microsoft.partnerCenterUrl()))
                        .withGraphUrl(URI.create(microsoft.graphUrl())))
                .build();
    }
}
