package dev.cpv.graph.internal.token;

/** The source of the token for a request. It decides the tenant and the identity of the request. */
public interface Credential {
    /**
     * Returns a token that is valid now.
     *
     * @return the token
     * @throws dev.cpv.spi.TenantDirectoryException if there is none
     */
    AccessToken token();

    /** Drops the token because it was refused, so that the next one is new. */
    void drop();

    /**
     * Gets a token that satisfies a claims challenge. It replaces the one that was challenged.
     *
     * @param challenge what the service asks for
     * @return the token
     * @throws dev.cpv.spi.TenantDirectoryException if Entra ID issues no such token, which often needs a new sign-in
     */
    AccessToken answer(ClaimsChallenge challenge);
}
