package dev.cpv.graph.internal.token;

import static dev.cpv.graph.internal.token.TokenFixtures.CUSTOMER;
import static dev.cpv.graph.internal.token.TokenFixtures.START;
import static dev.cpv.graph.internal.token.TokenFixtures.jwt;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {
    @Test
    void readsTheClaims() {
        String claims = "{\"tid\":\"" + CUSTOMER.toString().toUpperCase(Locale.ROOT)
                + "\",\"scp\":\" User.Read  Directory.Read.All\",\"unique_name\":\"a@b.example\"}";

        AccessToken token = AccessToken.of(jwt(claims, "s"), START);

        assertThat(token.tenant()).contains(CUSTOMER);
        assertThat(token.scopes()).containsExactly("User.Read", "Directory.Read.All");
        assertThat(token.user()).contains("a@b.example");
        assertThat(token.expiresAt()).isEqualTo(START);
        assertThat(token.authorization()).isEqualTo("Bearer " + jwt(claims, "s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opaque",
                "",
                ".",
                "..",
                "a.b",
                "a.!!!.c",
                "a.e30.c",
                "a.W10.c",
                "a.bnVsbA.c",
                "a.eyJ0aWQiOjF9.c",
                "a.eyJ0aWQiOiJub25lIn0.c"
            })
    void whatIsNoJwtHasNoClaims(String value) {
        AccessToken token = AccessToken.of(value, START);

        assertThat(token.tenant()).isEmpty();
        assertThat(token.user()).isEmpty();
        assertThat(token.scopes()).isEmpty();
        assertThat(token.authorization()).isEqualTo("Bearer " + value);
    }

    @Test
    void aNameOfControlCharactersAloneIsNone() {
        assertThat(AccessToken.of(jwt("{\"upn\":\"\\u0000\\n\"}", "s"), START).user())
                .isEmpty();
    }

    @Test
    void claimsAreBoundedInDepthAndLength() {
        String tid = "\"tid\":\"" + CUSTOMER + "\"";
        String deep = "{" + tid + ",\"x\":" + "[".repeat(200) + "]".repeat(200) + "}";
        String longer = "{" + tid + ",\"x\":\"" + "x".repeat(300_000) + "\"}";

        assertThat(AccessToken.of(jwt("{" + tid + "}", "s"), START).tenant()).contains(CUSTOMER);
        assertThat(AccessToken.of(jwt(deep, "s"), START).tenant()).isEmpty();
        assertThat(AccessToken.of(jwt(longer, "s"), START).tenant()).isEmpty();
    }

    @Test
    void mutilatedTokensAreReadWithoutAFault() {
        long seed = 20261120;
        Random random = new Random(seed);
        String whole = jwt(CUSTOMER, "signature");
        for (int round = 0; round < 2_000; round++) {
            StringBuilder mutilated = new StringBuilder(whole);
            for (int change = 0; change <= random.nextInt(8); change++) {
                mutilated.setCharAt(random.nextInt(mutilated.length()), (char) (32 + random.nextInt(95)));
            }
            mutilated.setLength(random.nextInt(mutilated.length()) + 1);
            assertThat(AccessToken.of(mutilated.toString(), START).authorization())
                    .as("seed %d, round %d", seed, round)
                    .endsWith(mutilated);
        }
    }

    @Test
    void R23_theValueShowsInTheAuthorizationAlone() {
        AccessToken token = AccessToken.of(jwt(CUSTOMER, "signature"), START);

        assertThat(token.toString()).contains(CUSTOMER.toString()).doesNotContain("signature", "eyJ");
    }
}
