package dev.cpv.graph.internal.tenant;

import dev.cpv.graph.internal.token.AccessToken;
import dev.cpv.graph.internal.token.ClaimsChallenge;
import dev.cpv.graph.internal.token.Credential;
import dev.cpv.graph.internal.token.TokenSource;
import dev.cpv.spi.RefreshContext;

/**
 * A Graph token that a reset keeps in its session, outside the cache (R19): after the consent is withdrawn no other token is
 * issued, but this one stays valid.
 */
final class HeldToken implements Credential {
    private final RefreshContext context;
    private final TokenSource tokens;
    private AccessToken token;

    HeldToken(RefreshContext context, TokenSource tokens, AccessToken token) {
        this.context = context;
        this.tokens = tokens;
        this.token = token;
    }

    @Override
    public AccessToken token() {
        return token;
    }

    /** Does nothing: there is no other token. */
    @Override
    public void drop() {}

    /** Does nothing: there is no other token. */
    @Override
    public void drop(AccessToken refused) {}

    @Override
    public AccessToken answer(ClaimsChallenge challenge) {
        token = tokens.graphCredential(context).answer(challenge);
        return token;
    }
}
