package dev.cpv.graph.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cpv.graph.internal.failure.GraphVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** R17 over any answer to a batch. Run by profile {@code fuzz}, it looks for new ones; else it runs those that are kept. */
class BatchAnswerFuzzTest {
    private static final BatchPart READ = BatchPart.get("/servicePrincipals");

    @FuzzTest(maxDuration = "60s")
    void R17_noTextMakesAnAnswerOfAnotherPart(byte[] data) {
        Map<Integer, BatchResponse> answers;
        try {
            answers = BatchCodec.decode(new String(data, StandardCharsets.UTF_8), BatchCodec.MAX_PARTS);
        } catch (IOException e) {
            return; // It is said to be none.
        }
        answers.forEach((place, answer) -> {
            assertThat(place).isBetween(0, BatchCodec.MAX_PARTS - 1);
            assertThat(answer.status()).isPositive();
            assertThat(answer.verdict() == GraphVerdict.DONE).isEqualTo(answer.status() / 100 == 2);
            assertThat(answer.failure().message()).isNotBlank();
            READ.isAnsweredBy(answer.body());
        });
    }
}
