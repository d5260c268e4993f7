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

    /** Drops every token of the tenant, because a token never contains permissions that were granted after it was issued. */
    void drop();

    /**
     * Drops a token that was refused before it expired, so that the next one is new. If another caller has already replaced
     * it, nothing is dropped.
     *
     * @param refused a token that {@link #token()} returned
     */
    void drop(AccessToken refused);

    /**
     * Gets a token that satisfies a claims challenge. It replaces the one that was challenged.
     *
     * @param challenge what the service asks for
     * @return the token
     * @throws dev.cpv.spi.TenantDirectoryException if Entra ID issues no such token, which often needs a new sign-in
     */
    AccessToken answer(ClaimsChallenge challenge);
}
