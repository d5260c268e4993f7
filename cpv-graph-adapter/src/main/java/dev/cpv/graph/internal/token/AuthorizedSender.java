package dev.cpv.graph.internal.token;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sends a request with a token, and is the only place that gets another token for it. A token that is refused before it expires
 * is renewed once, and a claims challenge is answered once (R28,
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge). Stateless.
 */
public final class AuthorizedSender {
    private static final int UNAUTHORIZED = 401;

    private AuthorizedSender() {}

    /**
     * Sends a request, and sends it again with another token if that can help.
     *
     * @param credential the source of tokens
     * @param sending sends the request with a token; retries for other reasons are its own (R26)
     * @return the last answer, whatever its status
     * @throws WireException if no answer came
     * @throws dev.cpv.spi.TenantDirectoryException if there is no token
     */
    public static WireAnswer send(Credential credential, Sending sending) throws WireException {
        return send(credential, sending, answer -> true);
    }

    /**
     * Sends a request, and sends it again with another token if that can help.
     *
     * @param credential the source of tokens
     * @param sending sends the request with a token; retries for other reasons are its own (R26)
     * @param isRenewable whether a new token can help after this answer of status 401
     * @return the last answer, whatever its status
     * @throws WireException if no answer came
     * @throws dev.cpv.spi.TenantDirectoryException if there is no token
     */
    public static WireAnswer send(Credential credential, Sending sending, Predicate<WireAnswer> isRenewable)
            throws WireException {
        AccessToken token = credential.token();
        WireAnswer answer = sending.send(token);
        if (isRefused(answer) && isRenewable.test(answer)) {
            credential.drop(token);
            answer = sending.send(credential.token());
        }
        Optional<ClaimsChallenge> challenge = ClaimsChallenge.in(answer);
        return challenge.isPresent() ? sending.send(credential.answer(challenge.get())) : answer;
    }

    /** A token may be revoked before it expires. A claims challenge instead needs a token with more claims. */
    private static boolean isRefused(WireAnswer answer) {
        return answer.status() == UNAUTHORIZED && ClaimsChallenge.in(answer).isEmpty();
    }

    /** Sends a request with a token. */
    @FunctionalInterface
    public interface Sending {
        /**
         * Sends the request.
         *
         * @param token the token for the header {@code Authorization}
         * @return the answer, whatever its status
         * @throws WireException if no answer came
         */
        WireAnswer send(AccessToken token) throws WireException;
    }
}
