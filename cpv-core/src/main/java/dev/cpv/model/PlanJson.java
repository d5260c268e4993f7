package dev.cpv.model;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The JSON form of a plan. */
final class PlanJson {
    private PlanJson() {}

    static Map<String, Object> tree(CpvRefreshPlan plan) {
        Map<String, Object> tree = content(plan);
        tree.put("digest", plan.digest());
        return tree;
    }

    /** All that the digest covers. */
    static Map<String, Object> content(CpvRefreshPlan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", plan.tenant().toString());
        tree.put("extraGrants", plan.extraGrants().name());
        tree.put("requiredFingerprint", plan.requiredFingerprint());
        tree.put("steps", plan.steps().stream().map(PlanJson::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(PlanStep step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("step", step.getClass().getSimpleName());
        tree.put("resourceAppId", step.resource().toString());
        if (step instanceof PlanStep.Consent consent) {
            tree.put("scopes", consent.scopes());
        } else if (step instanceof PlanStep.AssignAppRole assign) {
            tree.put("appRoleId", assign.appRoleId().toString());
        } else if (step instanceof PlanStep.RevokeAppRole revoke) {
            tree.put("appRoleId", revoke.appRoleId().toString());
        } else if (step instanceof PlanStep.SetScopes set) {
            tree.put("scopes", set.scopes());
            tree.put("removed", set.removed());
        } else if (step instanceof PlanStep.MergeGrants merge) {
            tree.put("scopes", merge.scopes());
            tree.put("removed", merge.removed());
        }
        return tree;
    }

    static CpvRefreshPlan read(String json) {
        try {
            JsonValue root = JsonValue.parse(json);
            CpvRefreshPlan plan = new CpvRefreshPlan(
                    new TenantId(SnapshotJson.guid(root.member("tenantId"))),
                    extraGrants(root.member("extraGrants")),
                    root.member("requiredFingerprint").text(),
                    root.member("steps").elements().stream().map(PlanJson::step).toList());
            if (!plan.digest().equals(root.member("digest").text())) {
                throw new PlanFormatException(
                        "$.digest",
                        "The plan was changed since it was printed. Preview again, and approve the new plan");
            }
            return plan;
        } catch (JsonFaultException e) {
            throw new PlanFormatException(e.path(), Objects.toString(e.getMessage()));
        }
    }

    private static PlanStep step(JsonValue step) {
        AppId resource = new AppId(SnapshotJson.guid(step.member("resourceAppId")));
        return switch (step.member("step").text()) {
            case "Consent" -> new PlanStep.Consent(resource, SnapshotJson.texts(step.member("scopes")));
            case "AddResource" -> new PlanStep.AddResource(resource);
            case "AssignAppRole" -> new PlanStep.AssignAppRole(resource, SnapshotJson.guid(step.member("appRoleId")));
            case "RevokeAppRole" -> new PlanStep.RevokeAppRole(resource, SnapshotJson.guid(step.member("appRoleId")));
            case "SetScopes" ->
                new PlanStep.SetScopes(
                        resource,
                        SnapshotJson.texts(step.member("scopes")),
                        SnapshotJson.texts(step.member("removed")));
            case "MergeGrants" ->
                new PlanStep.MergeGrants(
                        resource,
                        SnapshotJson.texts(step.member("scopes")),
                        SnapshotJson.texts(step.member("removed")));
            default -> throw step.member("step").fault("No such step");
        };
    }

    private static ExtraGrants extraGrants(JsonValue value) {
        return switch (value.text()) {
            case "KEEP" -> ExtraGrants.KEEP;
            case "REVOKE" -> ExtraGrants.REVOKE;
            default -> throw value.fault("Neither 'KEEP' nor 'REVOKE'");
        };
    }
}
