package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredPermissionSetTest {
    private static final String GRAPH = "00000003-0000-0000-c000-000000000000";
    private static final String USER_READ_ALL = "df021288-bdef-4463-88db-98f22de89214";
    private static final String DIRECTORY_ACCESS = "0e263e50-5827-48a4-b97c-d940288653c7";
    private static final String ARRAY = """
            [{"resourceAppId": "%s",
              "resourceAccess": [{"id": "%s", "type": "Role"}, {"id": "%s", "type": "Scope"}]},
             {"resourceAppId": "fc780465-2017-40d4-a0c5-307022471b92",
              "resourceAccess": [{"id": "Machine.Read", "type": "Scope"}]}]
            """.formatted(GRAPH, USER_READ_ALL, DIRECTORY_ACCESS);

    @Test
    void R1_readsWholeManifestGraphApplicationAndBareArray() {
        String portal = "{\"id\": \"x\", \"appId\": null, \"signInAudience\": \"AzureADMultipleOrgs\","
                + " \"requiredResourceAccess\": " + ARRAY + ", \"tags\": [], \"oauth2AllowImplicitFlow\": false}";
        String graph = "{\"@odata.context\": \"…\", \"requiredResourceAccess\": " + ARRAY + "}";

        RequiredPermissionSet set = RequiredPermissionSet.fromManifestJson("app", ARRAY);

        assertThat(set.permissions())
                .containsExactly(
                        new RequiredPermission(AppId.MICROSOFT_GRAPH, PermissionType.APPLICATION, USER_READ_ALL),
                        new RequiredPermission(AppId.MICROSOFT_GRAPH, PermissionType.DELEGATED, DIRECTORY_ACCESS),
                        new RequiredPermission(
                                AppId.of("fc780465-2017-40d4-a0c5-307022471b92"),
                                PermissionType.DELEGATED,
                                "Machine.Read"));
        assertThat(RequiredPermissionSet.fromManifestJson("app", portal)).isEqualTo(set);
        assertThat(RequiredPermissionSet.fromManifestJson("app", graph)).isEqualTo(set);
        assertThat(RequiredPermissionSet.fromManifestJson("app", "\uFEFF" + ARRAY))
                .isEqualTo(set);
    }

    @Test
    void R1_readsAFileInUtf8(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("manifest.json"), ARRAY);

        assertThat(RequiredPermissionSet.fromManifest(file))
                .isEqualTo(RequiredPermissionSet.fromManifestJson("manifest", ARRAY));
    }

    @Test
    void R1_idIsAGuidInAnyCaseOrAValueName() {
        RequiredPermission byGuid = new RequiredPermission(
                AppId.MICROSOFT_GRAPH, PermissionType.DELEGATED, USER_READ_ALL.toUpperCase(Locale.ROOT));
        RequiredPermission byValue =
                new RequiredPermission(AppId.MICROSOFT_GRAPH, PermissionType.DELEGATED, "User.Read.All");

        assertThat(byGuid.id()).isEqualTo(USER_READ_ALL);
        assertThat(byGuid.guid()).hasValueSatisfying(guid -> assertThat(guid).hasToString(USER_READ_ALL));
        assertThat(byValue.guid()).isEmpty();
        for (String bad :
                new String[] {"", "two words", "quo\"te", "back\\slash", "tab\t", "ümlaut", "x".repeat(251)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RequiredPermission(AppId.MICROSOFT_GRAPH, PermissionType.DELEGATED, bad));
        }
    }

    @Test
    void R1_setsAddUpAndEachPermissionRemembersWhoAsked() {
        RequiredPermissionSet base = RequiredPermissionSet.builder("base")
                .delegated(AppId.MICROSOFT_GRAPH, "User.Read")
                .application(AppId.MICROSOFT_GRAPH, USER_READ_ALL)
                .build();
        RequiredPermissionSet more = RequiredPermissionSet.builder("more")
                .delegated(AppId.MICROSOFT_GRAPH, "user.read")
                .delegated(AppId.MICROSOFT_GRAPH, "Mail.Read")
                .build();

        RequiredPermissionSet sum = base.plus(more);

        assertThat(sum.permissions()).hasSize(3);
        assertThat(sum.requestedBy(scope("User.Read"))).containsExactly("base", "more");
        assertThat(sum.requestedBy(scope("Mail.Read"))).containsExactly("more");
        assertThat(sum.requestedBy(scope("Never.Asked"))).isEmpty();
        assertThat(sum).isEqualTo(more.plus(base)).hasSameHashCodeAs(more.plus(base));
        assertThat(sum.fingerprint()).isEqualTo(more.plus(base).fingerprint());
        assertThat(base.permissions()).as("a set is immutable").hasSize(2);
    }

    @Test
    void R1_fingerprintIsSha256OverTheSortedContent() throws Exception {
        RequiredPermissionSet set = RequiredPermissionSet.fromManifestJson("app", ARRAY);
        String content = GRAPH + " APPLICATION " + USER_READ_ALL + "\n"
                + GRAPH + " DELEGATED " + DIRECTORY_ACCESS + "\n"
                + "fc780465-2017-40d4-a0c5-307022471b92 DELEGATED Machine.Read\n";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));

        assertThat(set.fingerprint()).isEqualTo(HexFormat.of().formatHex(digest));
        assertThat(RequiredPermissionSet.fromManifestJson("another name", ARRAY).fingerprint())
                .as("names are a note")
                .isEqualTo(set.fingerprint());
        assertThat(set.plus(RequiredPermissionSet.bootstrap()).fingerprint()).isNotEqualTo(set.fingerprint());
    }

    @Test
    void R1_builderTakesSpellingsThatDifferInCaseForOne() {
        RequiredPermissionSet one = RequiredPermissionSet.builder("x")
                .delegated(AppId.MICROSOFT_GRAPH, "user.read")
                .delegated(AppId.MICROSOFT_GRAPH, "User.Read")
                .build();
        RequiredPermissionSet other = RequiredPermissionSet.builder("x")
                .delegated(AppId.MICROSOFT_GRAPH, "User.Read")
                .delegated(AppId.MICROSOFT_GRAPH, "user.read")
                .build();

        assertThat(one.permissions()).containsExactly(scope("User.Read"));
        assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    }

    @Test
    void R1_setsAreEqualIfTheyAskForTheSame() {
        RequiredPermissionSet set = RequiredPermissionSet.fromManifestJson("app", ARRAY);

        assertThat(set)
                .isEqualTo(RequiredPermissionSet.fromManifestJson("another name", ARRAY))
                .isNotEqualTo(set.plus(RequiredPermissionSet.bootstrap()))
                .isNotEqualTo(ARRAY);
    }

    @Test
    void R1_printedManifestReadsBackAsTheSameSet() {
        RequiredPermissionSet set = RequiredPermissionSet.fromManifestJson("app", ARRAY);

        assertThat(RequiredPermissionSet.fromManifestJson("app", set.toManifestJson()))
                .isEqualTo(set);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                                                       | $.requiredResourceAccess
                    {"requiredResourceAccess": null}                                         | $.requiredResourceAccess
                    {"requiredResourceAccess": {}}                                           | $.requiredResourceAccess
                    "manifest"                                                               | $
                    17                                                                       | $
                    []]                                                                      | $
                    [                                                                        | $
                    [1]                                                                      | $[0]
                    [{}]                                                                     | $[0].resourceAppId
                    [{"resourceAppId": 5}]                                                   | $[0].resourceAppId
                    [{"resourceAppId": "graph"}]                                             | $[0].resourceAppId
                    [{"resourceAppId": "1-1-1-1-1"}]                                         | $[0].resourceAppId
                    [{"resourceAppId": "GRAPH"}]                                             | $[0].resourceAccess
                    [{"resourceAppId": "GRAPH", "resourceAccess": "x"}]                      | $[0].resourceAccess
                    [{"resourceAppId": "GRAPH", "resourceAccess": [{}]}]                     | $[0].resourceAccess[0].id
                    [{"resourceAppId": "GRAPH", "resourceAccess": [{"id": "a b", "type": "Role"}]}] | $[0].resourceAccess[0].id
                    [{"resourceAppId": "GRAPH", "resourceAccess": [{"id": "a"}]}]            | $[0].resourceAccess[0].type
                    [{"resourceAppId": "GRAPH", "resourceAccess": [{"id": "a", "type": "x"}]}] | $[0].resourceAccess[0].type
                    [{"resourceAppId": "GRAPH", "resourceAccess": [{"id": "a", "id": "b", "type": "Role"}]}] | $[0].resourceAccess[0].id
                    """)
    void R2_malformedManifestNamesTheJsonPath(String json, String path) {
        assertThatExceptionOfType(ManifestFormatException.class)
                .isThrownBy(() -> RequiredPermissionSet.fromManifestJson("app", json.replace("GRAPH", GRAPH)))
                .satisfies(e -> assertThat(e.path()).isEqualTo(path))
                .withMessageContaining(path);
    }

    @Test
    void R2_emptyTextIsMalformed() {
        for (String json : new String[] {"", "  \n", "\uFEFF"}) {
            assertThatExceptionOfType(ManifestFormatException.class)
                    .isThrownBy(() -> RequiredPermissionSet.fromManifestJson("app", json))
                    .satisfies(e -> assertThat(e.path()).isEqualTo("$"));
        }
    }

    @Test
    void R2_inputIsBoundedInSizeAndDepth(@TempDir Path directory) throws IOException {
        String blanks = " ".repeat(4 * 1024 * 1024);
        Path large = Files.writeString(directory.resolve("large.json"), blanks + "[]");

        for (String json : new String[] {
            blanks + "[]",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "[\"" + "x".repeat(70_000) + "\"]",
            "[" + "9".repeat(5_000) + "]"
        }) {
            assertThatExceptionOfType(ManifestFormatException.class)
                    .isThrownBy(() -> RequiredPermissionSet.fromManifestJson("app", json))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
        }
        assertThatExceptionOfType(ManifestFormatException.class)
                .isThrownBy(() -> RequiredPermissionSet.fromManifest(large))
                .withMessageContaining("large.json");
    }

    @Test
    void R2_fileOfExactlyTheBoundIsRead(@TempDir Path directory) throws IOException {
        Path largest = Files.writeString(directory.resolve("largest.json"), " ".repeat(4 * 1024 * 1024 - 2) + "[]");

        assertThat(RequiredPermissionSet.fromManifest(largest).permissions()).isEmpty();
    }

    @Test
    void R2_messagesAreShortAndOnOneLine() {
        String json = "[{\"resourceAppId\": \"" + "\\n\\u001b".repeat(5_000) + "\"}]";

        assertThatExceptionOfType(ManifestFormatException.class)
                .isThrownBy(() -> RequiredPermissionSet.fromManifestJson("app", json))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void R2_aPathAndAComplaintAreShortAndOnOneLineHoweverLongTheNamesAre() {
        String name = "\\n" + "x".repeat(10_000);

        for (String json : new String[] {
            "{\"" + name + "\": {\"" + name + "\": ]}}",
            "{\"" + name + "\": 1, \"" + name + "\": 1}",
            ("{\"" + "y".repeat(100) + "\":").repeat(60) + "]"
        }) {
            assertThatExceptionOfType(ManifestFormatException.class)
                    .isThrownBy(() -> RequiredPermissionSet.fromManifestJson("app", json))
                    .satisfies(e -> {
                        assertThat(e.path()).startsWith("$").hasSizeLessThan(300);
                        assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContainPattern("\\p{Cntrl}");
                    });
        }
    }

    @Test
    void R2_fileThatIsNoUtf8IsMalformedAndOneThatIsMissingCannotBeRead(@TempDir Path directory) throws IOException {
        Path binary = Files.write(directory.resolve("binary.json"), new byte[] {'[', (byte) 0xFF, (byte) 0xC0, ']'});

        assertThatExceptionOfType(ManifestFormatException.class)
                .isThrownBy(() -> RequiredPermissionSet.fromManifest(binary))
                .withMessageContaining("UTF-8");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> RequiredPermissionSet.fromManifest(directory.resolve("missing.json")))
                .withMessageContaining("missing.json");
    }

    @Test
    void R5_bootstrapNamesTheThreeScopesThatCpvNeeds() {
        assertThat(RequiredPermissionSet.bootstrapScopes())
                .extracting(PublishedScope::value)
                .containsExactly(
                        "AppRoleAssignment.ReadWrite.All",
                        "Application.ReadWrite.All",
                        "DelegatedPermissionGrant.ReadWrite.All");
        assertThat(RequiredPermissionSet.bootstrap().permissions())
                .extracting(permission -> permission.guid().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(RequiredPermissionSet.bootstrapScopes().stream()
                        .map(PublishedScope::id)
                        .toList());
    }

    private static RequiredPermission scope(String value) {
        return new RequiredPermission(AppId.MICROSOFT_GRAPH, PermissionType.DELEGATED, value);
    }
}
