package dev.cpv.model;

import dev.cpv.internal.json.JsonFaultException;
import dev.cpv.internal.json.JsonText;
import dev.cpv.internal.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/** The JSON form of a snapshot. */
final class SnapshotJson {
    private SnapshotJson() {}

    /** Names stand beside the ids, for people; whoever reads a snapshot passes over them. */
    static Map<String, Object> tree(TenantSnapshot snapshot, PlanNames names) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", snapshot.tenant().toString());
        tree.put(
                "appRoles",
                snapshot.appRoles().stream().map(role -> tree(role, names)).toList());
        tree.put(
                "grants",
                snapshot.grants().stream().map(grant -> tree(grant, names)).toList());
        tree.put(
                "assignments",
                snapshot.assignments().stream().map(SnapshotJson::tree).toList());
        tree.put(
                "losses",
                snapshot.losses().stream()
                        .map(loss -> members("key", loss.key(), "what", loss.what(), "reason", loss.reason()))
                        .toList());
        return tree;
    }

    private static Map<String, Object> tree(AssignedAppRole role, PlanNames names) {
        Map<String, Object> tree = members(
                "resourceAppId",
                role.resource().toString(),
                "appRoleId",
                role.appRoleId().toString());
        putName(tree, role.resource(), names);
        String value = names.permissions().get(PlanNames.appRole(role));
        if (value != null) {
            tree.put("appRole", value);
        }
        return tree;
    }

    private static Map<String, Object> tree(TenantWideGrant grant, PlanNames names) {
        Map<String, Object> tree = members("resourceAppId", grant.resource().toString(), "scopes", grant.scopes());
        putName(tree, grant.resource(), names);
        return tree;
    }

    /** Puts the name of a resource beside its id, if it is known. */
    static void putName(Map<String, Object> tree, AppId resource, PlanNames names) {
        String name = names.resources().get(resource);
        if (name != null) {
            tree.put("resource", name);
        }
    }

    private static Map<String, Object> tree(PrincipalAssignment assignment) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", assignment.kind().wireName());
        tree.putAll(
                switch (assignment.kind()) {
                    case USER_GRANT -> {
                        var grant = (PrincipalAssignment.UserGrant) assignment;
                        yield members(
                                "userId", grant.userId(),
                                "resourceAppId", grant.resource().toString(),
                                "scopes", grant.scopes());
                    }
                    case APP_ASSIGNMENT -> {
                        var assigned = (PrincipalAssignment.AppAssignment) assignment;
                        yield members(
                                "principalId", assigned.principalId(),
                                "appRoleId", assigned.appRoleId().toString(),
                                "displayName", assigned.displayName());
                    }
                    case DIRECTORY_ROLE -> {
                        var role = (PrincipalAssignment.DirectoryRole) assignment;
                        yield members(
                                "roleTemplateId", role.roleTemplateId().toString(), "displayName", role.displayName());
                    }
                    case GROUP_MEMBERSHIP -> {
                        var membership = (PrincipalAssignment.GroupMembership) assignment;
                        yield members("groupId", membership.groupId(), "displayName", membership.displayName());
                    }
                });
        return tree;
    }

    /** Alternating names and values, in the order in which they are printed. */
    static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    static TenantSnapshot read(String json) {
        try {
            JsonValue root = JsonValue.parse(json);
            return new TenantSnapshot(
                    new TenantId(guid(root.member("tenantId"))),
                    new TreeSet<>(root.member("appRoles").elements().stream()
                            .map(role -> new AssignedAppRole(app(role), guid(role.member("appRoleId"))))
                            .toList()),
                    root.member("grants").elements().stream()
                            .map(grant -> new TenantWideGrant(app(grant), texts(grant.member("scopes"))))
                            .toList(),
                    root.member("assignments").elements().stream()
                            .map(SnapshotJson::assignment)
                            .toList(),
                    root.member("losses").elements().stream()
                            .map(loss -> new UnrestorableItem(
                                    loss.member("key").text(),
                                    loss.member("what").text(),
                                    loss.member("reason").text()))
                            .toList());
        } catch (JsonFaultException e) {
            throw new IllegalArgumentException("Not a snapshot: " + e.path() + ": " + e.getMessage(), e);
        }
    }

    private static PrincipalAssignment assignment(JsonValue value) {
        JsonValue kind = value.member("kind");
        return switch (PrincipalAssignment.Kind.ofWireName(kind.text()).orElseThrow(() -> kind.fault("Unknown kind"))) {
            case USER_GRANT ->
                new PrincipalAssignment.UserGrant(
                        value.member("userId").text(), app(value), texts(value.member("scopes")));
            case APP_ASSIGNMENT ->
                new PrincipalAssignment.AppAssignment(
                        value.member("principalId").text(), guid(value.member("appRoleId")), name(value));
            case DIRECTORY_ROLE ->
                new PrincipalAssignment.DirectoryRole(guid(value.member("roleTemplateId")), name(value));
            case GROUP_MEMBERSHIP ->
                new PrincipalAssignment.GroupMembership(value.member("groupId").text(), name(value));
        };
    }

    private static String name(JsonValue value) {
        return value.member("displayName").text();
    }

    private static AppId app(JsonValue value) {
        return new AppId(guid(value.member("resourceAppId")));
    }

    static UUID guid(JsonValue value) {
        if (!Guids.isGuid(value.text())) {
            throw value.fault("Not a GUID: " + JsonText.quote(value.text()));
        }
        return UUID.fromString(value.text());
    }

    static List<String> texts(JsonValue array) {
        return array.elements().stream().map(JsonValue::text).toList();
    }
}
