package dev.cpv.graph.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.graph.internal.failure.GraphVerdict;
import dev.cpv.model.FailureCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCodecTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20})
    void everyPartHasAnIdOfItsOwn(int parts) throws IOException {
        JsonNode requests = MAPPER.readTree(BatchCodec.encode(reads(parts))).path("requests");

        assertThat(requests).hasSize(parts);
        assertThat(requests.findValuesAsText("id")).doesNotHaveDuplicates().hasSize(parts);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 21})
    void moreThanTwentyPartsOrNoneAreRefused(int parts) {
        assertThatThrownBy(() -> BatchCodec.encode(reads(parts)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 20");
    }

    @Test
    void onlyAPartWithABodyHasAContentType() throws IOException {
        List<BatchPart> parts = List.of(
                BatchPart.get("/me"), new BatchPart("PATCH", "/oauth2PermissionGrants/x", "{\"scope\":\"A \\\"b\"}"));

        JsonNode requests = MAPPER.readTree(BatchCodec.encode(parts)).path("requests");

        assertThat(requests.get(0).has("headers")).isFalse();
        assertThat(requests.get(0).has("body")).isFalse();
        assertThat(requests.get(1).path("headers").path("Content-Type").asText())
                .isEqualTo("application/json");
        assertThat(requests.get(1).path("body").path("scope").asText()).isEqualTo("A \"b");
    }

    @Test
    void answersAreMatchedByIdWhateverTheirOrder() throws IOException {
        List<Integer> places = new ArrayList<>(IntStream.range(0, 20).boxed().toList());
        Collections.shuffle(places, new Random(7));
        StringBuilder body = new StringBuilder("{\"responses\":[");
        places.forEach(place -> body.append(body.charAt(body.length() - 1) == '[' ? "" : ",")
                .append("{\"id\":\"%d\",\"status\":200,\"body\":{\"place\":%d}}".formatted(place, place)));

        Map<Integer, BatchResponse> answers =
                BatchCodec.decode(body.append("]}").toString(), 20);

        assertThat(answers)
                .hasSize(20)
                .allSatisfy((place, answer) ->
                        assertThat(answer.body().path("place").asInt()).isEqualTo(place));
    }

    @Test
    void aPartKeepsItsOwnStatusHeadersAndError() throws IOException {
        Map<Integer, BatchResponse> answers = BatchCodec.decode("""
                {"responses":[{"id":"0","status":429,"headers":{"Retry-After":"7"},
                 "body":{"error":{"code":"TooManyRequests","message":"Please retry again later."}}},
                 {"id":"1","status":204}]}""", 2);

        BatchResponse throttled = Objects.requireNonNull(answers.get(0));
        assertThat(throttled.verdict()).isEqualTo(GraphVerdict.RETRY);
        assertThat(throttled.answer().header("retry-after")).contains("7");
        assertThat(throttled.failure().code()).isEqualTo(FailureCode.THROTTLED);
        assertThat(answers.get(1))
                .isNotNull()
                .extracting(BatchResponse::verdict)
                .isEqualTo(GraphVerdict.DONE);
    }

    @Test
    void answersThatBelongToNoPartAreLeftOut() throws IOException {
        Map<Integer, BatchResponse> answers = BatchCodec.decode("""
                {"responses":[{"id":"9","status":200},{"id":"x","status":200},{"status":200},{"id":"0"},
                 {"id":"-1","status":200},{"id":"99999999999","status":200}]}""", 2);

        assertThat(answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "<html>proxy</html>", "{\"responses\":[{\"id\":\"0\",", "{\"responses\":7}"})
    void whatIsNoAnswerToABatchIsSaidToBeNone(String body) {
        assertThatThrownBy(() -> BatchCodec.decode(body, 1)).isInstanceOf(IOException.class);
    }

    private static List<BatchPart> reads(int parts) {
        return IntStream.range(0, parts)
                .mapToObj(place -> BatchPart.get("/users/" + place))
                .toList();
    }
}
