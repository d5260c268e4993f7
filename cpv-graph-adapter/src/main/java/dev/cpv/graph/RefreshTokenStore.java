package dev.cpv.graph;

/**
 * Stores a refresh token, which Entra ID replaces at each use (R22). Implementations are thread-safe and protect the token as a
 * secret.
 */
public interface RefreshTokenStore {
    /**
     * Returns the newest refresh token.
     *
     * @return the token
     */
    String current();

    /**
     * Replaces a token, unless it was already replaced by another caller: an older token stays valid, so nothing is lost if
     * this call loses the race.
     *
     * @param expected the token that was used
     * @param replacement the token that Entra ID issued for it
     * @return whether it was replaced
     */
    boolean replace(String expected, String replacement);

    /**
     * Creates a store in memory; it is not durable.
     *
     * @param refreshToken the first token
     * @return a new store
     * @throws IllegalArgumentException if the token is blank
     */
    static RefreshTokenStore inMemory(String refreshToken) {
        return new InMemoryRefreshTokenStore(refreshToken);
    }
}
