package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.spi.TenantCatalog;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a web application sends that returns a result, report or plan from a controller: Spring Boot 3.5, Quarkus and Micronaut
 * write it with Jackson 2, Spring Boot 4 with Jackson 3.
 */
class JacksonTest {
    private static final Writer JACKSON_2 = new ObjectMapper()::writeValueAsString;
    private static final Writer JACKSON_3 = new tools.jackson.databind.ObjectMapper()::writeValueAsString;

    @ParameterizedTest
    @MethodSource("values")
    void mappersWriteWhatToJsonPrints(String mapper, Writer writer, Object value, String json) throws Exception {
        assertThat(json).startsWith("{").endsWith("}");
        assertThat(writer.write(value)).as(mapper).isEqualTo(json);
        assertThat(writer.write(List.of(value, value))).as(mapper).isEqualTo("[" + json + "," + json + "]");
        assertThat(writer.write(Map.of("of", value))).as(mapper).isEqualTo("{\"of\":" + json + "}");
        assertThat(writer.write(new Page<>("Contoso", value)))
                .as(mapper)
                .isEqualTo("{\"title\":\"Contoso\",\"content\":" + json + "}");
    }

    static Stream<Arguments> values() {
        Fixture fixture = new Fixture();
        CpvResult preview = fixture.client.preview(Fixture.TENANT);
        CpvRefreshPlan plan = preview.plan();
        CpvResult result = fixture.inSync().client.refresh(Fixture.TENANT);
        CpvResetPlan loss = fixture.client.planReset(Fixture.TENANT);
        FleetReport report = FleetRefresh.builder(fixture.client, TenantCatalog.of(List.of(Fixture.TENANT)))
                .build()
                .run(Runnable::run);
        return Stream.of(
                        Map.entry(result, result.toJson()),
                        Map.entry(preview, preview.toJson()),
                        Map.entry(plan, plan.toJson()),
                        Map.entry(loss, loss.toJson()),
                        Map.entry(report, report.toJson()))
                .flatMap(value -> Stream.of(
                        Arguments.of("Jackson 2", JACKSON_2, value.getKey(), value.getValue()),
                        Arguments.of("Jackson 3", JACKSON_3, value.getKey(), value.getValue())));
    }

    /** A tool's own bean, with a value as property. */
    record Page<T>(String title, T content) {}

    private interface Writer {
        String write(Object value) throws Exception;
    }
}
