package dev.cpv;

import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.Notice;
import java.util.LinkedHashMap;
import java.util.Map;
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
        tree.put("failure", result.failure().map(ResultJson::tree).orElse(null));
        tree.put("requests", result.requests());
        tree.put("durationMs", result.duration().toMillis());
        tree.put("correlationId", result.correlationId().toString());
        result.findPlan().ifPresent(plan -> tree.put("plan", plan.toTree()));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(PermissionOutcome outcome) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("resourceAppId", outcome.permission().resource().toString());
        tree.put("type", outcome.permission().type().name());
        tree.put("id", outcome.permission().id());
        tree.put("value", outcome.value().orElse(null));
        tree.put("outcome", outcome.status().name());
        outcome.failure().ifPresent(failure -> tree.put("failure", tree(failure)));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(ExtraOutcome extra) {
        ExtraPermission permission = extra.permission();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("resourceAppId", permission.resource().toString());
        tree.put("type", permission.type().name());
        tree.put("id", permission.id());
        tree.put("value", permission.value());
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

    private static Map<String, @Nullable Object> tree(CpvFailure failure) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("code", failure.code().name());
        tree.put("scope", failure.scope().name());
        tree.put("retryable", failure.retryable());
        tree.put("message", failure.message());
        tree.put("remediation", failure.remediation().toString());
        tree.put("serviceCode", failure.serviceCode().orElse(null));
        tree.put("requestId", failure.requestId().orElse(null));
        return tree;
    }
}
