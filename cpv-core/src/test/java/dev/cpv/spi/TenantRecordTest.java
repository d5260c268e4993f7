package dev.cpv.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cpv.model.AppId;
import dev.cpv.model.FailureCode;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TenantRecordTest {
    private static final TenantId TENANT = TenantId.of("0b7d5f4e-1111-4222-8333-444455556666");
    private static final Instant TIME = Instant.parse("2026-11-01T00:00:07.123456789Z");
    private static final TenantRecord FULL = new TenantRecord(
            TENANT,
            TIME,
            RefreshOutcome.PARTIAL,
            "9d1f",
            Optional.of("ann \"the\" admin"),
            Optional.of("ticket 7, äß€ 中"),
            Map.of(
                    AppId.of("fc780465-2017-40d4-a0c5-307022471b92"),
                    Instant.parse("2026-10-31T00:00:00Z"),
                    AppId.MICROSOFT_GRAPH,
                    Instant.parse("2026-10-30T00:00:00Z")),
            Optional.of(FailureCode.SERVICE_UNAVAILABLE),
            3);
    private static final TenantRecord PLAIN = new TenantRecord(
            TENANT,
            TIME,
            RefreshOutcome.UP_TO_DATE,
            "9d1f",
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            0);

    @Test
    void jsonHasTheDocumentedShape() {
        assertThat(FULL.toJson())
                .isEqualTo("{\"tenantId\":\"0b7d5f4e-1111-4222-8333-444455556666\","
                        + "\"lastAttempt\":\"2026-11-01T00:00:07.123456789Z\",\"lastOutcome\":\"PARTIAL\","
                        + "\"requiredFingerprint\":\"9d1f\",\"actor\":\"ann \\\"the\\\" admin\","
                        + "\"reason\":\"ticket 7, äß€ 中\",\"notCreatable\":["
                        + "{\"resourceAppId\":\"00000003-0000-0000-c000-000000000000\",\"found\":\"2026-10-30T00:00:00Z\"},"
                        + "{\"resourceAppId\":\"fc780465-2017-40d4-a0c5-307022471b92\",\"found\":\"2026-10-31T00:00:00Z\"}],"
                        + "\"lastFailure\":\"SERVICE_UNAVAILABLE\",\"failuresInARow\":3}");
        assertThat(PLAIN.toJson())
                .isEqualTo("{\"tenantId\":\"0b7d5f4e-1111-4222-8333-444455556666\","
                        + "\"lastAttempt\":\"2026-11-01T00:00:07.123456789Z\",\"lastOutcome\":\"UP_TO_DATE\","
                        + "\"requiredFingerprint\":\"9d1f\",\"notCreatable\":[],\"failuresInARow\":0}");
    }

    @Test
    void jsonIsReadAsItWasPrinted() {
        assertThat(TenantRecord.fromJson(FULL.toJson())).isEqualTo(FULL);
        assertThat(TenantRecord.fromJson(PLAIN.toJson())).isEqualTo(PLAIN);
        assertThat(TenantRecord.fromJson(PLAIN.toJson().replace("{\"tenantId\"", "{\"new\":[1],\"tenantId\"")))
                .as("with a member of a later version")
                .isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @EnumSource(RefreshOutcome.class)
    void everyOutcomeIsReadAsItWasPrinted(RefreshOutcome outcome) {
        TenantRecord record = new TenantRecord(
                TENANT, TIME, outcome, "f", Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), 0);

        assertThat(TenantRecord.fromJson(record.toJson())).isEqualTo(record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"UP_TO_DATE\" | \"FINE\" | $.lastOutcome",
                "\"failuresInARow\":0 | \"failuresInARow\":-1 | $.failuresInARow",
                "\"failuresInARow\":0 | \"failuresInARow\":3000000000 | $.failuresInARow",
                "\"notCreatable\":[] | \"notCreatable\":[{}] | $.notCreatable[0].resourceAppId",
                "\"requiredFingerprint\":\"9d1f\" | \"requiredFingerprint\":null | $.requiredFingerprint",
            })
    void whatIsNoRecordIsRefusedWithItsPlace(String part, String garbled, String place) {
        String json = PLAIN.toJson().replace(part, garbled);

        assertThat(json).contains(garbled);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantRecord.fromJson(json))
                .withMessageContaining(place + ":");
    }
}
