package dev.cpv.graph.internal.batch;

import dev.cpv.graph.internal.token.AccessToken;

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
}
