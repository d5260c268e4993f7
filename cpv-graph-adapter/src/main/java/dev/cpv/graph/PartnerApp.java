package dev.cpv.graph;

import dev.cpv.model.AppId;
import dev.cpv.model.TenantId;
import java.util.Objects;

/**
 * The partner's multi-tenant application.
 *
 * @param partnerTenant the partner's own tenant, where the application is registered
 * @param clientId the application's id
 */
public record PartnerApp(TenantId partnerTenant, AppId clientId) {
    /**
     * Creates the application.
     *
     * @param partnerTenant the partner's own tenant, where the application is registered
     * @param clientId the application's id
     * @throws NullPointerException if an argument is null
     */
    public PartnerApp {
        Objects.requireNonNull(partnerTenant, "partnerTenant");
        Objects.requireNonNull(clientId, "clientId");
    }

    /**
     * Creates the application from strings.
     *
     * @param partnerTenant the GUID of the partner's own tenant
     * @param clientId the application's (client) id
     * @return the application
     * @throws IllegalArgumentException if a string is not a GUID
     */
    public static PartnerApp of(String partnerTenant, String clientId) {
        return new PartnerApp(TenantId.of(partnerTenant), AppId.of(clientId));
    }
}
