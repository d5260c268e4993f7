package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cpv.model.ManifestFormatException;
import dev.cpv.model.RequiredPermissionSet;
import java.nio.charset.StandardCharsets;

/** R2 over any text. Run by profile {@code fuzz}, it looks for new ones; else it runs those that are kept. */
class ManifestFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void R2_noTextMakesTheManifestReaderThrowAnythingElse(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            RequiredPermissionSet read = RequiredPermissionSet.fromManifestJson("fuzzed", text);
            RequiredPermissionSet again = RequiredPermissionSet.fromManifestJson("fuzzed", read.toManifestJson());
            assertThat(again).isEqualTo(read);
            assertThat(again.fingerprint()).isEqualTo(read.fingerprint());
        } catch (ManifestFormatException e) {
            assertThat(e.path()).startsWith("$");
            assertThat(e.getMessage()).hasSizeLessThan(1_000);
        }
    }
}
