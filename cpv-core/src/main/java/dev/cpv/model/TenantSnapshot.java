package dev.cpv.model;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Everything that a tenant loses with the application's service principal, taken before a reset removes it (R19). A
 * value; two snapshots of a tenant that did not change are equal.
 *
 * @param tenant the tenant
 * @param appRoles the app roles that the application holds
 * @param grants its tenant-wide grants, sorted by resource
 * @param assignments what else can be restored, sorted by key
 * @param losses what cannot be restored, by the directory at all or with the current rights, sorted by key
 */
public record TenantSnapshot(
        TenantId tenant,
        SortedSet<AssignedAppRole> appRoles,
        List<TenantWideGrant> grants,
        List<PrincipalAssignment> assignments,
        List<UnrestorableItem> losses) {
    /** The name of the set that requests the permissions of a snapshot. */
    static final String SOURCE = "cpv-snapshot";

    private static final Comparator<TenantWideGrant> GRANT_ORDER =
            Comparator.comparing(TenantWideGrant::resource).thenComparing(grant -> String.join(" ", grant.scopes()));

    /** Creates the snapshot, and sorts what has no order. */
    public TenantSnapshot {
        Objects.requireNonNull(tenant, "tenant");
        appRoles = Collections.unmodifiableSortedSet(new TreeSet<>(appRoles));
        grants = grants.stream()
                .map(grant -> new TenantWideGrant(
                        grant.resource(), grant.scopes().stream().sorted().toList()))
                .sorted(GRANT_ORDER)
                .toList();
        assignments = assignments.stream()
                .sorted(Comparator.comparing(PrincipalAssignment::key))
                .toList();
        losses = losses.stream()
                .sorted(Comparator.comparing(UnrestorableItem::key))
                .toList();
    }

    /**
     * Reads a snapshot that {@link #toTree()} printed as JSON.
     *
     * @param json the text
     * @throws IllegalArgumentException if it is no such text
     */
    public static TenantSnapshot fromJson(String json) {
        return SnapshotJson.read(json);
    }

    /** Returns the snapshot as plain maps, lists and strings, to be put into a larger JSON document. */
    public Map<String, Object> toTree() {
        return SnapshotJson.tree(this, PlanNames.NONE);
    }

    /**
     * Returns what the snapshot holds as a set of permissions that can be required again: app roles by GUID and scopes by value,
     * requested by {@link #SOURCE}.
     */
    public RequiredPermissionSet permissions() {
        RequiredPermissionSet.Builder set = RequiredPermissionSet.builder(SOURCE);
        appRoles.forEach(
                role -> set.application(role.resource(), role.appRoleId().toString()));
        grants.forEach(grant -> grant.scopes().stream()
                .filter(RequiredPermission::isId)
                .forEach(scope -> set.delegated(grant.resource(), scope)));
        return set.build();
    }
}
