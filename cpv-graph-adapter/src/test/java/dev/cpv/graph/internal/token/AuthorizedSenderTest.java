package dev.cpv.graph.internal.token;

import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.graph.internal.http.WireAnswer;
import dev.cpv.graph.internal.http.WireException;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.spi.TenantDirectoryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which token a request is sent with, and how often. */
class AuthorizedSenderTest {
    private static final WireAnswer DONE = new WireAnswer(200, Map.of(), "");
    private static final WireAnswer REFUSED = new WireAnswer(401, Map.of(), "");

    private final Tokens tokens = new Tokens();

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 400, 403, 404, 429, 503})
    void anyOtherAnswerIsReturned(int status) throws WireException {
        assertThat(send(new WireAnswer(status, Map.of(), "")).status()).isEqualTo(status);

        assertThat(tokens.log).containsExactly("token", "sent 1");
    }

    @Test
    void R21_aRefusedTokenIsRenewedOnce() throws WireException {
        assertThat(send(REFUSED, DONE)).isSameAs(DONE);

        assertThat(tokens.log).containsExactly("token", "sent 1", "drop 1", "token", "sent 2");
    }

    @Test
    void R26_aTokenThatIsRefusedAgainIsNotRenewedAgain() throws WireException {
        assertThat(send(REFUSED, REFUSED)).isSameAs(REFUSED);

        assertThat(tokens.log).containsExactly("token", "sent 1", "drop 1", "token", "sent 2");
    }

    @Test
    void aTokenIsKeptWhereAnotherOneWouldBeRefusedToo() throws WireException {
        WireAnswer answer = AuthorizedSender.send(tokens, token -> sent(token, REFUSED), refused -> false);

        assertThat(answer).isSameAs(REFUSED);
        assertThat(tokens.log).containsExactly("token", "sent 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void R28_aChallengeIsAnsweredOnce(int status) throws WireException {
        WireAnswer again = challenge(status);

        assertThat(send(challenge(status), again)).isSameAs(again);

        assertThat(tokens.log).containsExactly("token", "sent 1", "answer", "sent 2");
    }

    @Test
    void R28_aRenewedTokenThatIsChallengedIsAnswered() throws WireException {
        assertThat(send(REFUSED, challenge(401), DONE)).isSameAs(DONE);

        assertThat(tokens.log).containsExactly("token", "sent 1", "drop 1", "token", "sent 2", "answer", "sent 3");
    }

    @Test
    void R28_anAnsweredChallengeWhoseTokenIsRefusedEnds() throws WireException {
        assertThat(send(challenge(401), REFUSED)).isSameAs(REFUSED);

        assertThat(tokens.log).containsExactly("token", "sent 1", "answer", "sent 2");
    }

    @Test
    void R28_aChallengeThatEntraIdRefusesFails() {
        tokens.refusesChallenges = true;

        assertThatThrownBy(() -> send(challenge(401))).isInstanceOf(TenantDirectoryException.class);

        assertThat(tokens.log).containsExactly("token", "sent 1", "answer");
    }

    private WireAnswer send(WireAnswer... answers) throws WireException {
        Deque<WireAnswer> left = new ArrayDeque<>(Arrays.asList(answers));
        WireAnswer last = AuthorizedSender.send(tokens, token -> sent(token, left.pop()));
        assertThat(left).isEmpty();
        return last;
    }

    private WireAnswer sent(AccessToken token, WireAnswer answer) {
        tokens.log.add("sent " + token.authorization().substring("Bearer ".length()));
        return answer;
    }

    private static WireAnswer challenge(int status) {
        String claims = Base64.getEncoder()
                .encodeToString("{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1\"}}}"
                        .getBytes(StandardCharsets.UTF_8));
        return new WireAnswer(
                status,
                Map.of("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"" + claims + "\""),
                "");
    }

    /** Numbers its tokens. */
    private static final class Tokens implements Credential {
        private final List<String> log = new ArrayList<>();
        private int number;
        private boolean refusesChallenges;

        @Override
        public AccessToken token() {
            log.add("token");
            return next();
        }

        @Override
        public void drop() {
            throw new AssertionError("Only the refused token is dropped");
        }

        @Override
        public void drop(AccessToken refused) {
            log.add("drop " + refused.authorization().substring("Bearer ".length()));
        }

        @Override
        public AccessToken answer(ClaimsChallenge challenge) {
            log.add("answer");
            if (refusesChallenges) {
                throw new TenantDirectoryException(
                        CpvFailure.of(FailureCode.EXTRA_AUTHENTICATION_REQUIRED, "Not without you"), null);
            }
            return next();
        }

        private AccessToken next() {
            number++;
            return AccessToken.of(String.valueOf(number), START);
        }
    }
}
