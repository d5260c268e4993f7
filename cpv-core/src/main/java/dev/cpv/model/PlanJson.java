package dev.cpv.model;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The JSON form of a plan: the keys, which the digest covers, and beside them the names, which it does not. */
final class PlanJson {
    private PlanJson() {}

    static Map<String, Object> tree(CpvRefreshPlan plan) {
        StepNames names = plan.names();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", plan.tenant().toString());
        if (!names.tenant().isEmpty()) {
            tree.put("tenant", names.tenant());
        }
        content(plan).forEach(tree::putIfAbsent);
        tree.put("steps", plan.steps().stream().map(step -> named(step, names)).toList());
        tree.put("digest", plan.digest());
        return tree;
    }

    /** All that the digest covers. */
    static Map<String, Object> content(CpvRefreshPlan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", plan.tenant().toString());
        tree.put("extraGrants", plan.extraGrants().name());
        tree.put("requiredFingerprint", plan.requiredFingerprint());
        tree.put("steps", plan.steps().stream().map(PlanJson::keys).toList());
        return tree;
    }

    private static Map<String, Object> named(PlanStep step, StepNames names) {
        Map<String, Object> tree = keys(step);
        String resource = names.resources().get(step.resource());
        if (resource != null) {
            tree.put("resource", resource);
        }
        StepNames.appRole(step).map(names.appRoles()::get).ifPresent(value -> tree.put("appRole", value));
        return tree;
    }

    private static Map<String, Object> keys(PlanStep step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("step", step.kind().wireName());
        tree.put("resourceAppId", step.resource().toString());
        tree.putAll(
                switch (step.kind()) {
                    case CONSENT -> Map.of("scopes", ((PlanStep.Consent) step).scopes());
                    case ADD_RESOURCE -> Map.of();
                    case ASSIGN_APP_ROLE ->
                        Map.of(
                                "appRoleId",
                                ((PlanStep.AssignAppRole) step).appRoleId().toString());
                    case REVOKE_APP_ROLE ->
                        Map.of(
                                "appRoleId",
                                ((PlanStep.RevokeAppRole) step).appRoleId().toString());
                    case SET_SCOPES -> {
                        var set = (PlanStep.SetScopes) step;
                        yield SnapshotJson.members("scopes", set.scopes(), "removed", set.removed());
                    }
                    case MERGE_GRANTS -> {
                        var merge = (PlanStep.MergeGrants) step;
                        yield SnapshotJson.members("scopes", merge.scopes(), "removed", merge.removed());
                    }
                    case REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL, RESTORE_ASSIGNMENT -> throw notOfAPlan(step);
                });
        return tree;
    }

    static CpvRefreshPlan read(String json) {
        try {
            JsonValue root = JsonValue.parse(json);
            CpvRefreshPlan plan = new CpvRefreshPlan(
                    new TenantId(SnapshotJson.guid(root.member("tenantId"))),
                    extraGrants(root.member("extraGrants")),
                    root.member("requiredFingerprint").text(),
                    root.member("steps").elements().stream().map(PlanJson::step).toList(),
                    names(root));
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

    private static StepNames names(JsonValue root) {
        Map<AppId, String> resources = new HashMap<>();
        Map<AssignedAppRole, String> appRoles = new HashMap<>();
        for (JsonValue tree : root.member("steps").elements()) {
            PlanStep step = step(tree);
            tree.find("resource").ifPresent(name -> resources.put(step.resource(), name.text()));
            StepNames.appRole(step)
                    .ifPresent(role -> tree.find("appRole").ifPresent(name -> appRoles.put(role, name.text())));
        }
        return new StepNames(root.find("tenant").map(JsonValue::text).orElse(""), resources, appRoles);
    }

    private static PlanStep step(JsonValue tree) {
        AppId resource = new AppId(SnapshotJson.guid(tree.member("resourceAppId")));
        JsonValue kind = tree.member("step");
        return switch (StepKind.ofWireName(kind.text()).orElseThrow(() -> kind.fault("Unknown step"))) {
            case CONSENT -> new PlanStep.Consent(resource, scopes(tree));
            case ADD_RESOURCE -> new PlanStep.AddResource(resource);
            case ASSIGN_APP_ROLE -> new PlanStep.AssignAppRole(resource, SnapshotJson.guid(tree.member("appRoleId")));
            case REVOKE_APP_ROLE -> new PlanStep.RevokeAppRole(resource, SnapshotJson.guid(tree.member("appRoleId")));
            case SET_SCOPES -> new PlanStep.SetScopes(resource, scopes(tree), removed(tree));
            case MERGE_GRANTS -> new PlanStep.MergeGrants(resource, scopes(tree), removed(tree));
            case REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL, RESTORE_ASSIGNMENT ->
                throw kind.fault("Not a step of a refresh plan");
        };
    }

    private static List<String> scopes(JsonValue step) {
        return SnapshotJson.texts(step.member("scopes"));
    }

    private static List<String> removed(JsonValue step) {
        return SnapshotJson.texts(step.member("removed"));
    }

    static IllegalArgumentException notOfAPlan(Step step) {
        return new IllegalArgumentException("Not a step of a refresh plan: " + step.describe());
    }

    private static ExtraGrants extraGrants(JsonValue value) {
        return switch (value.text()) {
            case "KEEP" -> ExtraGrants.KEEP;
            case "REVOKE" -> ExtraGrants.REVOKE;
            default -> throw value.fault("Neither 'KEEP' nor 'REVOKE'");
        };
    }
}
