package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** A result read from any text. Profile {@code fuzz} searches for new texts; other builds run the kept ones. */
class ResultFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void noTextMakesTheResultReaderThrowAnythingElse(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            String written = CpvResult.fromJson(text).toJson();
            assertThat(CpvResult.fromJson(written).toJson()).isEqualTo(written);
        } catch (ResultFormatException e) {
            assertThat(e.path()).startsWith("$");
            assertThat(e.getMessage()).hasSizeLessThan(1_000);
        }
    }
}
