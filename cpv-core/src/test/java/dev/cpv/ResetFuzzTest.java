package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cpv.spi.ResetRecord;
import java.nio.charset.StandardCharsets;

/** What a journal kept of a reset is text that anybody may have touched. */
class ResetFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void R20_noTextMakesTheReaderOfResetsThrowAnythingElse(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        ResetRecord record;
        try {
            record = ResetRecord.fromJson(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("No record of a reset");
            return;
        }
        if (!ResetRecord.fromJson(record.toJson()).equals(record)) {
            fail("Not read back as it was printed: " + record.toJson());
        }
    }
}
