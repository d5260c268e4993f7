package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.model.RequiredPermissionSet;
import java.nio.file.Path;

/** Refreshes one tenant: the shortest use of cpv. */
public final class QuickStart {
    private QuickStart() {}

    /**
     * Refreshes a tenant.
     *
     * @param args the partner's tenant id, client id, client secret and refresh token, and the tenant to refresh
     */
    public static void main(String[] args) {
        refresh(args[0], args[1], args[2], args[3], args[4]);
    }

    private static void refresh(
            String partnerTenant, String clientId, String secret, String refreshToken, String tenant) {
        // tag::quickstart
        PartnerApp app = PartnerApp.of(partnerTenant, clientId);
        AppCredentials tokens = AppCredentials.withSecret(secret, RefreshTokenStore.inMemory(refreshToken));
        RequiredPermissionSet required = RequiredPermissionSet.fromManifest(Path.of("manifest.json"));

        try (var directory = GraphTenantDirectory.builder(app, tokens).build()) {
            CpvClient client = CpvClient.create(directory, required);
            CpvResult result = client.refresh(tenant); // a GUID or a verified domain
            System.out.println(result.outcome()); // UP_TO_DATE, UPDATED, PARTIAL, FAILED …
            result.failure().ifPresent(failure -> System.out.println(failure.remediation()));
        }
        // end::quickstart
    }
}
