package dev.cpv.graph.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "The token " + Answers.JWT + " is bad",
                "The token eyJhbGciOiJSUzI1NiJ9 is bad",
                "Authorization: Bearer s3cretValue~with.chars was refused",
                "client_secret=s3cretValue&grant_type=refresh_token",
                "{\"refresh_token\": \"s3cretValue\"}",
                "PASSWORD: s3cretValue"
            })
    void R23_secrets_are_removed(String text) {
        assertThat(Redactor.clean(text))
                .contains("[removed]")
                .doesNotContain("eyJ")
                .doesNotContain("s3cret");
    }

    @Test
    void R23_a_long_opaque_token_is_removed_even_if_the_text_is_cut_within_it() {
        assertThat(Redactor.clean("Bad: 0.A" + "Xy_-9".repeat(100))).isEqualTo("Bad: [removed]");
        assertThat(Redactor.clean("Bad: 0.A" + "Xy_-9".repeat(10_000))).isEqualTo("Bad: [removed]");
        assertThat(Redactor.clean("x".repeat(40) + " ".repeat(Redactor.MAX_READ - 60) + Answers.JWT))
                .doesNotContain("eyJ");
    }

    @Test
    void what_helps_is_kept() {
        String text =
                "Insufficient privileges on https://graph.microsoft.com/DelegatedPermissionGrant.ReadWrite.All for"
                        + " 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30 (client secret ID, not value): 'l5eW7x0ga0-WDOntXzHateQDNpSH5-lPk9HjD3Sarjk'";

        assertThat(Redactor.clean(text)).isEqualTo(text);
    }

    @Test
    void a_text_becomes_one_line_of_bounded_length() {
        assertThat(Redactor.clean("  one\r\n\ttwo\u2028three\u0000four ")).isEqualTo("one two three four");
        assertThat(Redactor.clean("word ".repeat(500))).hasSize(401).endsWith("…");
        assertThat(Redactor.clean("a".repeat(99) + " " + "b ".repeat(149) + "c\uD83D\uDE00".repeat(50)))
                .doesNotContain("\uD83D…");
    }

    @Test
    void an_identifier_is_a_word_and_no_token() {
        assertThat(Redactor.identifier("Authorization_RequestDenied")).isEqualTo("Authorization_RequestDenied");
        assertThat(Redactor.identifier("two words")).isNull();
        assertThat(Redactor.identifier("")).isNull();
        assertThat(Redactor.identifier("a".repeat(101))).isNull();
        assertThat(Redactor.identifier(Answers.JWT)).isNull();
    }
}
