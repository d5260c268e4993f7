package dev.cpv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.PartnerCenterWebhooks;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.WebhookVerdict;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.Webhooks;
import dev.cpv.testing.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomersTest {
    @TempDir
    Path home = Path.of("");

    private final ManualClock time = new ManualClock(Instant.parse("2026-11-20T00:00:00Z"));

    @Test
    void theOverviewSaysWhyACustomerIsNotManaged() {
        try (SimulatedPartner partner = new SimulatedPartner(home, time, time, time);
                GraphTenantDirectory directory = directory(partner)) {
            partner.neverConsented("Fabrikam");
            partner.neverConsented("Contoso").withoutRelationships();
            time.advance(Duration.ofHours(1));

            assertThat(new CustomerOverview(directory).lines())
                    .hasSize(2)
                    .anyMatch(line -> line.equals("Fabrikam [fabrikam.onmicrosoft.com]: managed"))
                    .anyMatch(line -> line.startsWith(
                            "Contoso [contoso.onmicrosoft.com]: DELEGATED_ADMIN_MISSING, Partner: Offer the customer"));
        }
    }

    @Test
    void anApprovedRelationshipIsRefreshedOnceItWorks() throws IOException {
        List<String> refreshes = new CopyOnWriteArrayList<>();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SimulatedPartner partner = new SimulatedPartner(home, time, time, time);
                GraphTenantDirectory directory = directory(partner);
                PartnerCenterWebhooks webhooks = PartnerCenterWebhooks.builder(directory)
                        .certificatesFrom(URI.create(partner.microsoft.partnerCenterUrl() + "/certificates"))
                        .trustAnchors(List.of(partner.microsoft.webhooks().rootCertificate()))
                        .build();
                WebhookServer server = new WebhookServer(
                        anyPort, webhooks, (tenant, notBefore) -> refreshes.add(tenant + " at " + notBefore))) {
            SimulatedTenant tenant = partner.neverConsented("Fabrikam");
            Webhooks microsoft = partner.microsoft.webhooks();
            microsoft.register("http://localhost:" + server.address().getPort() + "/partner-center");

            assertThat(microsoft.deliver(
                            Webhooks.RELATIONSHIP_APPROVED,
                            tenant.relationships().get(0)))
                    .containsExactly(202);

            assertThat(refreshes)
                    .containsExactly(tenant.id() + " at " + time.instant().plus(Duration.ofMinutes(15)));
            assertThat(webhooks.counts()).containsEntry(WebhookVerdict.ACCEPTED, 1L);
        }
    }

    private GraphTenantDirectory directory(SimulatedPartner partner) {
        AppCredentials tokens = AppCredentials.withSecret(
                partner.credentials.clientSecret(), RefreshTokenStore.inMemory(partner.credentials.refreshToken()));
        return GraphTenantDirectory.builder(
                        PartnerApp.of(partner.credentials.partnerTenantId(), partner.credentials.clientId()), tokens)
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(partner.microsoft.loginUrl()))
                        .withPartnerCenterUrl(URI.create(partner.microsoft.partnerCenterUrl()))
                        .withGraphUrl(URI.create(partner.microsoft.graphUrl())))
                .clock(time)
                .sleeper(time)
                .build();
    }
}
