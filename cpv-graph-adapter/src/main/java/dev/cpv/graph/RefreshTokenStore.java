package dev.cpv.graph;

/**
 * Keeps a refresh token, which Entra ID replaces at each use (R22). Implementations are thread-safe and keep the token as
 * the secret it is.
 */
public interface RefreshTokenStore {
    /**
     * Returns the newest refresh token.
     *
     * @return the token
     */
    String current();

    /**
     * Puts a replacement in place of a token, unless another replacement was faster: an older token stays valid, so losing
     * that race loses nothing.
     *
     * @param expected the token that was used
     * @param replacement what came back for it
     * @return whether it was replaced
     */
    boolean replace(String expected, String replacement);

    /**
     * Makes a store that lives as long as the process.
     *
     * @param refreshToken the first token
     * @return a new store
     * @throws IllegalArgumentException if the token is blank
     */
    static RefreshTokenStore inMemory(String refreshToken) {
        return new InMemoryRefreshTokenStore(refreshToken);
    }
}
