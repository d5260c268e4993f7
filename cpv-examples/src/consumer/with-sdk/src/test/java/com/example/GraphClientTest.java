package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.graph.models.OAuth2PermissionGrant;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import dev.cpv.CpvClient;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.TenantGraphClients;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tool's own requests in a customer's tenant, with the Graph SDK and cpv's tokens. */
class GraphClientTest {
    @Test
    void worksInATenantThatCpvKeepsConsented() {
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder().build();
                GraphTenantDirectory directory = directory(microsoft)) {
            TenantId tenant = TenantId.of(microsoft.addCustomer("contoso").id());
            // tag::graphclient
            TenantGraphClients clients = TenantGraphClients.of(directory); // one for a directory; share it
            GraphServiceClient graph = clients.client(tenant); // v1.0; sends nothing yet
            // end::graphclient

            TenantDirectoryException refused = catchThrowableOfType(
                    TenantDirectoryException.class, () -> graph.organization().get());
            assertThat(refused.failure().code()).isEqualTo(FailureCode.CONSENT_MISSING);

            CpvClient client = CpvClient.create(
                    directory, RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest()));
            assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);

            assertThat(graph.organization().get().getValue())
                    .singleElement()
                    .satisfies(found -> assertThat(found.getId()).isEqualTo(tenant.toString()));
            List<OAuth2PermissionGrant> grants =
                    graph.oauth2PermissionGrants().get().getValue();
            OAuth2PermissionGrant change = new OAuth2PermissionGrant();
            change.setScope("openid");
            graph.oauth2PermissionGrants()
                    .byOAuth2PermissionGrantId(grants.get(0).getId())
                    .patch(change);
            assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);
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
