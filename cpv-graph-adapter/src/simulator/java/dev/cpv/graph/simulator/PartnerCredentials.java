package dev.cpv.graph.simulator;

/**
 * The credentials with which a client acts for the simulated partner. Immutable; its text shows no secret.
 *
 * @param partnerTenantId the partner tenant's GUID
 * @param clientId the app's id
 * @param clientSecret a secret of the app
 * @param refreshToken a refresh token of the service account, minted with multi-factor authentication
 */
public record PartnerCredentials(String partnerTenantId, String clientId, String clientSecret, String refreshToken) {
    @Override
    public String toString() {
        return "PartnerCredentials[" + partnerTenantId + ", " + clientId + "]";
    }
}
