package dev.cpv;

import static dev.cpv.Fixture.DEFENDER;
import static dev.cpv.Fixture.GRAPH;
import static dev.cpv.Fixture.GRAPH_ROLE;
import static dev.cpv.Fixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.FailureScope;
import dev.cpv.model.Notice;
import dev.cpv.model.PermissionType;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.Remediation;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.TenantId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A result read back from its JSON. */
class ResultFromJsonTest {
    private static final CpvFailure FAILURE = CpvFailure.builder(FailureCode.THROTTLED, "Zu viele\n\"Anfragen\"")
            .scope(FailureScope.PERMISSION)
            .retryable(false)
            .remediation(new Remediation(Remediation.Party.MICROSOFT, "Customer: wait."))
            .serviceCode("Request_Throttled")
            .requestId("request-7")
            .build();

    @ParameterizedTest
    @EnumSource
    void everyOutcomeReadsBackWithAllThatTheJsonCarries(RefreshOutcome outcome) {
        CpvResult result = full(outcome).build();

        CpvResult read = CpvResult.fromJson(result.toJson());

        assertThat(read.toJson()).isEqualTo(result.toJson());
        assertThat(read).usingRecursiveComparison().isEqualTo(result);
    }

    @Test
    void resultsOfOperationsReadBack() {
        Fixture fixture = new Fixture();
        CpvResult preview = fixture.client.preview(TENANT);
        for (CpvResult result : List.of(
                preview,
                fixture.client.refresh(TENANT),
                fixture.client.refresh(TENANT),
                fixture.client.offboard(TENANT),
                CpvResult.notAttempted("contoso.example", "The run stopped"),
                CpvResult.skipped(TENANT, CpvFailure.of(FailureCode.EXCLUDED, "Migration")),
                CpvResult.failed(TENANT, FAILURE))) {
            CpvResult read = CpvResult.fromJson(result.toJson());

            assertThat(read.toJson()).isEqualTo(result.toJson());
            assertThat(read.tenantId()).isEqualTo(result.tenantId());
            assertThat(read.findPlan()).isEqualTo(result.findPlan());
        }
    }

    @Test
    void membersOfANewerVersionAreIgnored() {
        String json = full(RefreshOutcome.UPDATED).build().toJson();

        assertThat(CpvResult.fromJson(json.replaceFirst("\\{", "{\"label\":\"Contoso\","))
                        .toJson())
                .isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "outcome":"UPDATED"       | "outcome":"DONE"          | $.outcome
            "outcome":"UPDATED"       | "outcome":7               | $.outcome
            "tenantId":               | "tenant":                 | $.tenantId
            "type":"APPLICATION"      | "type":"ROLE"             | $.permissions[0].type
            "resourceAppId":"00000003 | "resourceAppId":"0000000z | $.permissions[0].resourceAppId
            "id":"df021288            | "id":"a b                 | $.permissions[0].id
            "code":"THROTTLED"        | "code":"SLOW"             | $.permissions[0].failure.code
            "remediation":"Microsoft  | "remediation":"Somebody   | $.permissions[0].failure.remediation
            "retryable":false         | "retryable":"no"          | $.permissions[0].failure.retryable
            "revoked":true            | "revoked":1               | $.extras[0].revoked
            "notices":[{              | "notices":[7,{            | $.notices[0]
            "requests":3              | "requests":3000000000     | $.requests
            "durationMs":812          | "durationMs":-1           | $.durationMs
            "correlationId":"         | "correlationId":"x        | $.correlationId
            "digest":"                | "digest":"0               | $.plan.digest
            "namesDigest":"           | "namesDigest":"0          | $.plan.namesDigest
            "steps":[{                | "steps":[{"step":"Boo"},{ | $.plan.steps[0].resourceAppId
            """, quoteCharacter = '\'')
    void faultIsNamedByItsPath(String text, String fault, String path) {
        String json = full(RefreshOutcome.UPDATED).build().toJson();
        assertThat(json).contains(text);

        assertThatExceptionOfType(ResultFormatException.class)
                .isThrownBy(() -> CpvResult.fromJson(json.replace(text, fault)))
                .satisfies(e -> {
                    assertThat(e.path()).isEqualTo(path);
                    assertThat(e).hasMessageContaining(path);
                });
    }

    @Test
    void theTenantsNameGoesIntoThePlanAndChangesNothingElse() {
        CpvResult result = full(RefreshOutcome.DRIFTED).build();
        CpvResult without = CpvResult.failed(TENANT, FAILURE);

        CpvResult named = result.withTenantName("Contoso");

        assertThat(named.plan().names().tenant()).isEqualTo("Contoso");
        assertThat(named.toJson())
                .isEqualTo(result.toJson()
                        .replace(
                                result.plan().toJson(),
                                result.plan().withTenantName("Contoso").toJson()));
        assertThat(without.withTenantName("Contoso").toJson()).isEqualTo(without.toJson());
    }

    @Test
    void inputIsBoundedInSizeAndDepth() {
        for (String text : Arrays.asList(
                "", "null x", "[", "{", "[]".repeat(2), "[".repeat(100_000), " ".repeat(JsonValue.MAX_LENGTH + 1))) {
            assertThatExceptionOfType(ResultFormatException.class)
                    .isThrownBy(() -> CpvResult.fromJson(text))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
        }
    }

    private static CpvResultBuilder full(RefreshOutcome outcome) {
        Fixture fixture = new Fixture();
        return new CpvResultBuilder(TENANT.toString(), TENANT, outcome)
                .permissions(List.of(
                        permission(GRAPH_ROLE.toString(), "User.Read.All", Status.FAILED, FAILURE),
                        permission("Unresolved.Name", null, Status.GRANTED, null)))
                .extras(List.of(
                        new ExtraPermission(DEFENDER, PermissionType.DELEGATED, "Notes.Read", "Notes.Read", true),
                        new ExtraPermission(GRAPH, PermissionType.DELEGATED, "Mail.Read", "Mail.Read")))
                .notices(List.of(new Notice(FailureCode.RESOURCE_DISABLED, DEFENDER, "Disabled")))
                .failure(FAILURE)
                .cost(3, Duration.ofMillis(812))
                .correlationId(UUID.fromString("6e9c7a52-0000-4000-8000-000000000001"))
                .plan(fixture.client.preview(TenantId.of(TENANT.toString())).plan());
    }

    private static PermissionOutcome permission(
            String id, @Nullable String value, Status status, @Nullable CpvFailure failure) {
        return new PermissionOutcome(
                new RequiredPermission(GRAPH, PermissionType.APPLICATION, id), value, new TreeSet<>(), status, failure);
    }

    @Test
    void aPlanOfAnotherTenantIsRefused() {
        CpvRefreshPlan other = new Fixture()
                .client
                .preview(TenantId.of("0b7d5f4e-1111-4222-8333-444455556667"))
                .plan();
        String json = full(RefreshOutcome.DRIFTED).plan(other).build().toJson();
        String domain = json.replace("{\"tenantId\":\"" + TENANT, "{\"tenantId\":\"contoso.example");

        for (String each : List.of(json, domain)) {
            assertThatExceptionOfType(ResultFormatException.class)
                    .isThrownBy(() -> CpvResult.fromJson(each))
                    .satisfies(e -> assertThat(e.path()).isEqualTo("$.plan.tenantId"));
        }
    }
}
