package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.model.AppId;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectory;
import java.util.function.Predicate;

/** Required permissions that depend on the tenant. */
public final class LicenceProfiles {
    private LicenceProfiles() {}

    /**
     * Creates a client that requires Exchange permissions only in tenants with mailboxes.
     *
     * @param directory the tenants
     * @param hasMailboxes whether a tenant has mailboxes
     * @return the client
     */
    public static CpvClient client(TenantDirectory directory, Predicate<TenantId> hasMailboxes) {
        // tag::profiles
        RequiredPermissionSet base = RequiredPermissionSet.builder("base")
                .application(AppId.MICROSOFT_GRAPH, "df021288-bdef-4463-88db-98f22de89214") // User.Read.All
                .delegated(AppId.MICROSOFT_GRAPH, "Directory.Read.All")
                .build();
        AppId exchange = AppId.of("00000002-0000-0ff1-ce00-000000000000");
        RequiredPermissionSet mail = base.plus(RequiredPermissionSet.builder("mail")
                .application(exchange, "dc50a0fb-09a3-484d-be87-e023b12c6440") // Exchange.ManageAsApp
                .build());

        return CpvClient.builder(directory, tenant -> hasMailboxes.test(tenant) ? mail : base)
                .build();
        // end::profiles
    }
}
