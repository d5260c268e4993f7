package dev.cpv.model;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The JSON form of a plan: the keys, which the digest covers, and beside them the names, which it does not. The names have a digest
 * of their own, which belongs to the text and not to the plan: who approves a text reads the names in it.
 */
final class PlanJson {
    private static final String RESOURCE = "resource";
    private static final String APP_ROLE = "appRole";

    private PlanJson() {}

    static Map<String, Object> tree(CpvRefreshPlan plan) {
        PlanNames names = plan.names();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", plan.tenant().toString());
        if (!names.tenant().isEmpty()) {
            tree.put("tenant", names.tenant());
        }
        content(plan).forEach(tree::putIfAbsent);
        List<Map<String, Object>> steps =
                plan.steps().stream().map(step -> named(step, names)).toList();
        tree.put("steps", steps);
        tree.put("digest", plan.digest());
        tree.put(
                "namesDigest",
                namesDigest(names.tenant(), steps, (step, name) -> Objects.toString(step.get(name), "")));
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

    private static Map<String, Object> named(PlanStep step, PlanNames names) {
        Map<String, Object> tree = keys(step);
        SnapshotJson.putName(tree, step.resource(), names);
        PlanNames.appRole(step).map(names.permissions()::get).ifPresent(value -> tree.put(APP_ROLE, value));
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
                throw changed("$.digest", "The plan");
            }
            String names =
                    namesDigest(text(root, "tenant"), root.member("steps").elements(), PlanJson::text);
            if (!names.equals(root.member("namesDigest").text())) {
                throw changed("$.namesDigest", "A name in the plan");
            }
            return plan;
        } catch (JsonFaultException e) {
            throw new PlanFormatException(e.path(), Objects.toString(e.getMessage()));
        }
    }

    private static PlanFormatException changed(String path, String what) {
        return new PlanFormatException(
                path, what + " was changed since it was printed. Preview again, and approve the new plan");
    }

    /** A digest over the names at their places, so that it covers a name that stands in several steps in each of them. */
    private static <T> String namesDigest(String tenant, List<T> steps, BiFunction<T, String, String> member) {
        List<String> names = new ArrayList<>(List.of(tenant));
        for (T step : steps) {
            names.add(member.apply(step, RESOURCE));
            names.add(member.apply(step, APP_ROLE));
        }
        return RequiredPermissionSet.sha256(JsonText.of(names));
    }

    private static String text(JsonValue object, String member) {
        return object.find(member).map(JsonValue::text).orElse("");
    }

    private static PlanNames names(JsonValue root) {
        Map<AppId, String> resources = new HashMap<>();
        Map<RequiredPermission, String> appRoles = new HashMap<>();
        for (JsonValue tree : root.member("steps").elements()) {
            PlanStep step = step(tree);
            tree.find(RESOURCE).ifPresent(name -> resources.put(step.resource(), name.text()));
            PlanNames.appRole(step)
                    .ifPresent(role -> tree.find(APP_ROLE).ifPresent(name -> appRoles.put(role, name.text())));
        }
        return new PlanNames(text(root, "tenant"), resources, appRoles);
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
