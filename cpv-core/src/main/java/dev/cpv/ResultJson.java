package dev.cpv;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.internal.failure.FailureJson;
import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import dev.cpv.model.AppId;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.FailureCode;
import dev.cpv.model.Guids;
import dev.cpv.model.Notice;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PlanFormatException;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.TenantId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON form of a result. */
final class ResultJson {
    private ResultJson() {}

    static Map<String, @Nullable Object> tree(CpvResult result) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", result.tenant());
        tree.put("outcome", result.outcome().name());
        tree.put(
                "permissions",
                result.permissions().stream().map(ResultJson::tree).toList());
        tree.put("extras", result.extras().stream().map(ResultJson::tree).toList());
        tree.put("notices", result.notices().stream().map(ResultJson::tree).toList());
        tree.put("failure", result.failure().map(FailureJson::tree).orElse(null));
        tree.put("requests", result.requests());
        tree.put("durationMs", result.duration().toMillis());
        tree.put("correlationId", result.correlationId().toString());
        result.findPlan().ifPresent(plan -> tree.put("plan", JsonText.raw(plan.toJson())));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(PermissionOutcome outcome) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("resourceAppId", outcome.permission().resource().toString());
        tree.put("type", outcome.permission().type().name());
        tree.put("id", outcome.permission().id());
        tree.put("value", outcome.value().orElse(null));
        tree.put("outcome", outcome.status().name());
        outcome.failure().ifPresent(failure -> tree.put("failure", FailureJson.tree(failure)));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(ExtraPermission extra) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("resourceAppId", extra.resource().toString());
        tree.put("type", extra.type().name());
        tree.put("id", extra.id());
        tree.put("value", extra.value());
        tree.put("revoked", extra.revoked());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Notice notice) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("code", notice.code().name());
        tree.put("resourceAppId", notice.resource().toString());
        tree.put("message", notice.message());
        return tree;
    }

    static CpvResult read(String json) {
        try {
            return result(JsonValue.parse(json));
        } catch (JsonFaultException e) {
            throw new ResultFormatException(e.path(), Objects.toString(e.getMessage()));
        }
    }

    private static CpvResult result(JsonValue json) {
        String tenant = json.member("tenantId").text();
        TenantId id = Guids.find(tenant).map(TenantId::new).orElse(null);
        return new CpvResultBuilder(tenant, id, json.member("outcome").parsed(RefreshOutcome::valueOf))
                .permissions(json.member("permissions").elements().stream()
                        .map(ResultJson::permission)
                        .toList())
                .extras(json.member("extras").elements().stream()
                        .map(ResultJson::extra)
                        .toList())
                .notices(json.member("notices").elements().stream()
                        .map(ResultJson::notice)
                        .toList())
                .failure(json.find("failure").map(FailureJson::read).orElse(null))
                .cost(
                        (int) json.member("requests").integer(0, Integer.MAX_VALUE),
                        Duration.ofMillis(json.member("durationMs").integer(0, Long.MAX_VALUE)))
                .correlationId(json.member("correlationId")
                        .parsed(text -> Guids.find(text).orElseThrow(IllegalArgumentException::new)))
                .plan(json.find("plan").map(plan -> plan(plan, id)).orElse(null))
                .build();
    }

    private static PermissionOutcome permission(JsonValue json) {
        AppId resource = resource(json);
        PermissionType type = type(json);
        return new PermissionOutcome(
                json.member("id").parsed(id -> new RequiredPermission(resource, type, id)),
                json.find("value").map(JsonValue::text).orElse(null),
                Collections.emptySortedSet(),
                json.member("outcome").parsed(Status::valueOf),
                json.find("failure").map(FailureJson::read).orElse(null));
    }

    private static ExtraPermission extra(JsonValue json) {
        return new ExtraPermission(
                resource(json),
                type(json),
                json.member("id").text(),
                json.member("value").text(),
                json.member("revoked").bool());
    }

    private static Notice notice(JsonValue json) {
        return new Notice(
                json.member("code").parsed(FailureCode::valueOf),
                resource(json),
                json.member("message").text());
    }

    private static CpvRefreshPlan plan(JsonValue json, @Nullable TenantId tenant) {
        try {
            CpvRefreshPlan plan = CpvRefreshPlan.fromJson(json.json());
            if (!plan.tenant().equals(tenant)) {
                throw json.member("tenantId").fault("Not the tenant of the result");
            }
            return plan;
        } catch (PlanFormatException e) {
            throw new ResultFormatException(json.path() + e.path().substring(1), Objects.toString(e.getMessage()));
        }
    }

    private static AppId resource(JsonValue json) {
        return json.member("resourceAppId").parsed(AppId::of);
    }

    private static PermissionType type(JsonValue json) {
        return json.member("type").parsed(PermissionType::valueOf);
    }
}
