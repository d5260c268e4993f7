package dev.cpv;

import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static dev.cpv.Fixture.assign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RefreshContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The JSON of a result, as the command line prints it. */
class ResultJsonTest {
    private final Fixture fixture = new Fixture();

    @Test
    void membersStandInTheirOrderOnOneLine() throws JsonProcessingException {
        fixture.inSync();
        CpvResult result = fixture.client.refresh(TENANT);

        JsonNode json = parse(result);

        assertThat(names(json))
                .containsExactly(
                        "tenantId",
                        "outcome",
                        "permissions",
                        "extras",
                        "notices",
                        "failure",
                        "requests",
                        "durationMs",
                        "correlationId");
        assertThat(json.path("tenantId").textValue()).isEqualTo(TENANT.toString());
        assertThat(json.path("outcome").textValue()).isEqualTo("UP_TO_DATE");
        assertThat(json.path("failure").isNull()).isTrue();
        assertThat(json.path("requests").intValue()).isEqualTo(result.requests());
        assertThat(json.path("permissions")).hasSize(result.permissions().size());
    }

    @Test
    void permissionTellsResourceTypeIdValueAndOutcome() throws JsonProcessingException {
        fixture.consented();

        JsonNode role = permission(parse(fixture.client.refresh(TENANT)), GRAPH_ROLE.toString());

        assertThat(names(role)).containsExactly("resourceAppId", "type", "id", "value", "outcome");
        assertThat(role.path("resourceAppId").textValue()).isEqualTo(GRAPH.toString());
        assertThat(role.path("type").textValue()).isEqualTo("APPLICATION");
        assertThat(role.path("value").textValue()).isEqualTo("Permission." + GRAPH_ROLE);
        assertThat(role.path("outcome").textValue()).isEqualTo("GRANTED");
    }

    @Test
    void failureTellsAllThatIsKnown() throws JsonProcessingException {
        CpvFailure failure = CpvFailure.builder(FailureCode.DELEGATED_ADMIN_ROLE_MISSING, "Insufficient privileges")
                .serviceCode("Authorization_RequestDenied")
                .requestId("request-7")
                .build();
        fixture.consented().tenant.failNext(assign(GRAPH, GRAPH_ROLE), failure);

        JsonNode role = permission(parse(fixture.client.refresh(TENANT)), GRAPH_ROLE.toString());
        fixture.tenant.failNext(failure);
        JsonNode whole = parse(fixture.client.refresh(TENANT)).path("failure");

        assertThat(role.path("outcome").textValue()).isEqualTo("FAILED");
        for (JsonNode told : List.of(role.path("failure"), whole)) {
            assertThat(names(told))
                    .containsExactly(
                            "code", "scope", "retryable", "message", "remediation", "serviceCode", "requestId");
            assertThat(told.path("code").textValue()).isEqualTo(failure.code().name());
            assertThat(told.path("scope").textValue()).isEqualTo("TENANT");
            assertThat(told.path("retryable").isBoolean()).isTrue();
            assertThat(told.path("message").textValue()).isEqualTo("Insufficient privileges");
            assertThat(told.path("remediation").textValue()).startsWith("Partner: ");
            assertThat(told.path("serviceCode").textValue()).isEqualTo("Authorization_RequestDenied");
            assertThat(told.path("requestId").textValue()).isEqualTo("request-7");
        }
    }

    @Test
    void extrasAndNoticesAreTold() throws JsonProcessingException {
        UUID extra = UUID.fromString("99999999-0000-4000-8000-000000000002");
        fixture.inSync().tenant.grantAppRole(GRAPH, extra).withDisabledResource(DEFENDER);

        JsonNode json = parse(fixture.client.refresh(TENANT));

        assertThat(names(json.path("extras").path(0)))
                .containsExactly("resourceAppId", "type", "id", "value", "revoked");
        assertThat(json.path("extras").path(0).path("id").textValue()).isEqualTo(extra.toString());
        assertThat(json.path("extras").path(0).path("revoked").booleanValue()).isFalse();
        assertThat(names(json.path("notices").path(0))).containsExactly("code", "resourceAppId", "message");
        assertThat(json.path("notices").path(0).path("code").textValue()).isEqualTo("RESOURCE_DISABLED");
    }

    @Test
    void previewCarriesAPlanThatReadsBack() throws JsonProcessingException {
        fixture.clock.advance(Duration.ofDays(1));
        CpvResult preview = fixture.client.preview(TENANT);

        JsonNode plan = parse(preview).path("plan");

        assertThat(parse(preview).path("outcome").textValue()).isEqualTo("DRIFTED");
        assertThat(CpvRefreshPlan.fromJson(plan.toString())).isEqualTo(preview.plan());
    }

    @Test
    void durationIsInMilliseconds() throws JsonProcessingException {
        fixture.tenant.consentVisibleAfter(2);

        assertThat(parse(fixture.client.refresh(TENANT)).path("durationMs").longValue())
                .isEqualTo(3_000);
    }

    private static JsonNode permission(JsonNode result, String id) {
        for (JsonNode permission : result.path("permissions")) {
            if (permission.path("id").textValue().equals(id)) {
                return permission;
            }
        }
        throw new AssertionError("No permission " + id);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode parse(CpvResult result) throws JsonProcessingException {
        assertThat(result.toJson()).doesNotContain("\n");
        return JsonMapper.builder().build().readTree(result.toJson());
    }

    @Test
    void R28_aTenantWhoseTurnNeverCameIsNotCalledFailed() {
        CpvResult result = CpvResult.notAttempted("contoso.example", "The partner's refresh token was revoked");

        assertThat(result.outcome()).isEqualTo(RefreshOutcome.NOT_ATTEMPTED);
        assertThat(result.worthRetrying()).isTrue();
        assertThat(result.toJson())
                .contains("\"tenantId\":\"contoso.example\"", "\"outcome\":\"NOT_ATTEMPTED\"", "\"permissions\":[]");
        assertThatThrownBy(result::orElseThrow).isInstanceOf(CpvRefreshException.class);
    }

    @Test
    void aClockThatWasSetBackMakesNoNegativeDuration() {
        CpvResult result = fixture.builder(fixture.directory)
                .addListener(new RefreshListener() {
                    @Override
                    public void observed(RefreshContext context, ObservedTenant observed) {
                        fixture.clock.advance(Duration.ofSeconds(-2));
                    }
                })
                .build()
                .preview(TENANT);

        assertThat(result.duration()).isZero();
        assertThat(CpvResult.fromJson(result.toJson()).toJson()).isEqualTo(result.toJson());
    }

    @Test
    void aMessageWithHalfACharacterIsWrittenAndReadBack() throws JsonProcessingException {
        String pair = "\ud83d\ude00";
        for (String message : List.of("x".repeat(999) + pair, "half \ud83d", "\ude00 half")) {
            CpvResult result = CpvResult.failed(TENANT, CpvFailure.of(FailureCode.UNKNOWN, message));

            byte[] written = JsonMapper.builder().build().writeValueAsBytes(result);

            assertThat(CpvResult.fromJson(new String(written, StandardCharsets.UTF_8))
                            .failure())
                    .isEqualTo(result.failure());
        }
    }
}
