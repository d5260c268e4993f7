package dev.cpv.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.model.Remediation.Party;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The texts of failures: one for each code, English everywhere, another language on request. */
@Isolated("changes the default locale")
class FailureTextsTest {
    private static final Path MAIN = Path.of(System.getProperty("basedir", "."), "src", "main");
    private static final Pattern CONSTANT = Pattern.compile("/\\*\\*(.*?)\\*/\\s+([A-Z_]+)\\(", Pattern.DOTALL);

    @Test
    void R25_everyCodeAndPartyHasItsTextsAndThereIsNoOtherText() throws IOException {
        Properties texts = new Properties();
        texts.load(new StringReader(Files.readString(MAIN.resolve("resources/dev/cpv/model/failures.properties"))));

        Stream<String> ofCodes = Arrays.stream(FailureCode.values())
                .map(FailureCode::name)
                .flatMap(name -> Stream.of(name, name + ".action"));
        Stream<String> ofParties = Arrays.stream(Party.values()).map(party -> "Party." + party);
        assertThat(texts.stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(ofCodes, ofParties).toList());
    }

    @Test
    void R25_commentOfEachCodeIsItsMeaning() throws IOException {
        Matcher constants = CONSTANT.matcher(Files.readString(MAIN.resolve("java/dev/cpv/model/FailureCode.java"))
                .split("enum FailureCode", 2)[1]);
        int found = 0;
        while (constants.find()) {
            String comment =
                    constants.group(1).replaceAll("\\s*\\n\\s*\\*?", " ").strip();
            assertThat(comment.replaceAll(" \\(R\\d+\\)", ""))
                    .isEqualTo(FailureCode.valueOf(constants.group(2)).meaning());
            found++;
        }
        assertThat(found).isEqualTo(FailureCode.values().length);
    }

    @Test
    void textsAreEnglishWhateverTheMachineSpeaks() throws ReflectiveOperationException, IOException {
        URL[] here = {location(FailureCode.class), location(FailureTextsTest.class)};
        Locale before = Locale.getDefault();
        try (URLClassLoader fresh = new URLClassLoader(here, ClassLoader.getPlatformClassLoader())) {
            Locale.setDefault(Locale.GERMANY);
            assertThat(ResourceBundle.getBundle("dev.cpv.model.failures", Locale.getDefault(), fresh)
                            .getString("TENANT_BUSY"))
                    .as("what the machine's locale would choose")
                    .isEqualTo("Eine andere Operation läuft.");
            Class<?> code = fresh.loadClass(FailureCode.class.getName());
            assertThat(code.getMethod("meaning")
                            .invoke(code.getField("TENANT_BUSY").get(null)))
                    .isEqualTo("Another operation on the tenant is running.");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void callerTranslatesWithABundleOfItsOwn() throws IOException {
        ResourceBundle german = new PropertyResourceBundle(new StringReader("""
                TENANT_BUSY = Eine andere Operation läuft.
                TENANT_BUSY.action = Warten, bis sie beendet ist.
                Party.NOBODY = Niemand
                """));

        assertThat(FailureCode.TENANT_BUSY.meaning(german)).isEqualTo("Eine andere Operation läuft.");
        assertThat(FailureCode.TENANT_BUSY.remediation(german))
                .isEqualTo(new Remediation(Party.NOBODY, "Warten, bis sie beendet ist."));
        assertThat(Party.NOBODY.title(german)).isEqualTo("Niemand");
        assertThat(FailureCode.TENANT_GONE.meaning(german))
                .as("not translated")
                .isEqualTo(FailureCode.TENANT_GONE.meaning());
        assertThat(FailureCode.TENANT_GONE.remediation(german)).isEqualTo(FailureCode.TENANT_GONE.remediation());
        assertThat(Party.PARTNER.title(german)).isEqualTo("Partner");
    }

    @Test
    void failureIsTranslatedUnlessItSaysMoreThanItsCode() throws IOException {
        ResourceBundle german = new PropertyResourceBundle(new StringReader("TENANT_BUSY.action = Warten."));
        Remediation own = new Remediation(Party.PARTNER, "End the other operation.");

        assertThat(CpvFailure.of(FailureCode.TENANT_BUSY, "…").remediation(german))
                .isEqualTo(new Remediation(Party.NOBODY, "Warten."));
        assertThat(CpvFailure.builder(FailureCode.TENANT_BUSY, "…")
                        .remediation(own)
                        .build()
                        .remediation(german))
                .isEqualTo(own);
    }

    @Test
    void sameFailureUnderAnotherCodeKeepsWhatTheServiceReported() {
        CpvFailure said = CpvFailure.builder(FailureCode.THROTTLED, "Too many requests")
                .scope(FailureScope.PARTNER)
                .remediation(new Remediation(Party.MICROSOFT, "…"))
                .serviceCode("Request_Throttled")
                .requestId("request-7")
                .retryAfter(Duration.ofSeconds(7))
                .build();

        for (FailureCode code : List.of(FailureCode.NOT_REPLICATED_YET, FailureCode.RESOURCE_DELETED)) {
            assertThat(said.as(code, "It is in the way"))
                    .isEqualTo(CpvFailure.builder(code, "It is in the way")
                            .serviceCode("Request_Throttled")
                            .requestId("request-7")
                            .retryAfter(code.retryable() ? Duration.ofSeconds(7) : null)
                            .build());
        }
    }

    @Test
    void titlesOfPartiesAreWireNamesAndNeverChange() {
        assertThat(Party.values())
                .as("the JSON of a failure begins its remediation with them, and is read by them")
                .extracting(Party::title)
                .containsExactly("Nobody", "Partner", "Customer", "Developer", "Microsoft");
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        String pair = "\ud83d\ude00";

        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "x".repeat(999) + pair + "y")
                        .message())
                .isEqualTo("x".repeat(999) + "…");
        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "x".repeat(998) + pair + "y")
                        .message())
                .isEqualTo("x".repeat(998) + pair + "…");
        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "x".repeat(998) + pair).message())
                .isEqualTo("x".repeat(998) + pair);
        assertThat(CpvFailure.of(FailureCode.UNKNOWN, "a\ud83db\ude00" + pair).message())
                .isEqualTo("a\ufffdb\ufffd" + pair);
    }
}
