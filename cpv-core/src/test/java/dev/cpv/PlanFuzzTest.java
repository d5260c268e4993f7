package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.PlanFormatException;
import java.nio.charset.StandardCharsets;

/** A plan read back from any text. Run by profile {@code fuzz}, it looks for new ones; else it runs those that are kept. */
class PlanFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void noTextMakesThePlanReaderThrowAnythingElse(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            CpvRefreshPlan read = CpvRefreshPlan.fromJson(text);
            assertThat(CpvRefreshPlan.fromJson(read.toJson())).isEqualTo(read);
            assertThat(read.toText()).isNotBlank();
        } catch (PlanFormatException e) {
            assertThat(e.path()).startsWith("$");
            assertThat(e.getMessage()).hasSizeLessThan(1_000);
        }
    }
}
