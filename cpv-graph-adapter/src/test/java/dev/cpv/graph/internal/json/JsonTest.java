package dev.cpv.graph.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.model.Guids;
import dev.cpv.model.TenantId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String GUID = "0b7d5f4e-1111-4222-8333-444455556666";

    @Test
    void R24_whatIsReadIsBoundedInDepthAndInTheLengthOfTextsNamesAndNumbers() throws JsonProcessingException {
        assertThat(Json.read(nested(64)).isArray()).isTrue();
        assertThat(Json.read(text(1_000_000)).isTextual()).isTrue();
        for (String beyond : new String[] {
            nested(65), text(5_000_000), "{" + text(60_000) + ":1}", "9".repeat(101),
        }) {
            assertThatThrownBy(() -> Json.read(beyond)).isInstanceOf(JsonProcessingException.class);
            assertThat(Json.readOrMissing(beyond).isMissingNode()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{", "{\"a\":"})
    void whatIsNotJsonIsMissingWhereItMayBeAnything(String text) {
        assertThat(Json.readOrMissing(text).isMissingNode()).isTrue();
    }

    @Test
    void whatIsTooLongToBeReadLenientlyIsMissing() {
        assertThat(Json.readOrMissing(text(1024 * 1024 - 2)).isTextual()).isTrue();
        assertThat(Json.readOrMissing(text(1024 * 1024 - 1)).isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "{}{}", "{} x", "{"})
    void nothingIsReadTwoWaysWhereReadingIsStrict(String text) {
        assertThatThrownBy(() -> Json.readStrictly(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void onlyATextIsATextMember() throws JsonProcessingException {
        JsonNode node = Json.read("{\"text\":\"a\",\"number\":7,\"null\":null,\"object\":{}}");

        assertThat(Json.text(node, "text")).isEqualTo("a");
        for (String other : new String[] {"number", "null", "object", "absent"}) {
            assertThat(Json.text(node, other)).isEmpty();
        }
        assertThat(Json.text(node.path("absent"), "text")).isEmpty();
    }

    @Test
    void aTextThatIsNotAGuidIsNone() {
        assertThat(Guids.find(GUID).map(TenantId::new)).contains(TenantId.of(GUID));
        assertThat(Guids.find("").map(TenantId::new)).isEmpty();
        assertThat(Guids.find(GUID + "0").map(TenantId::new)).isEmpty();
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String text(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }
}
