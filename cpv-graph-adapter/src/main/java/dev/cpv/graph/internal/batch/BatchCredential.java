package dev.cpv.graph.internal.batch;

import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.ClaimsChallenge;

/** Where a batch's token comes from; the token says which tenant is read and written. */
public interface BatchCredential {
    /**
     * Returns a token that is good now.
     *
     * @return the token
     * @throws dev.cpv.spi.TenantDirectoryException if none can be had
     */
    AccessToken token();

    /** Drops the token that was refused, so that the next one is new. */
    void drop();

    /**
     * Gets a token that Graph is content with, in place of the one that it challenged.
     *
     * @param challenge what Graph wants
     * @throws dev.cpv.spi.TenantDirectoryException if none can be had
     */
    void answer(ClaimsChallenge challenge);
}
