package dev.cpv.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.cpv.internal.json.JsonText;
import dev.cpv.model.AssessedPermission.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a reset of one tenant removes, restores and loses (R19). A value: it can be printed, compared and approved; the reset
 * is done only if the tenant still is as it says. Immutable.
 */
public final class CpvResetPlan {
    private final TenantId tenant;
    private final ExtraGrants extraGrants;
    private final String requiredFingerprint;
    private final @Nullable TenantSnapshot snapshot;
    private final RequiredPermissionSet permissions;
    private final List<UnrestorableItem> losses;
    private final @Nullable CpvFailure failure;
    private final PlanNames names;

    private CpvResetPlan(
            TenantId tenant,
            ExtraGrants extraGrants,
            String requiredFingerprint,
            @Nullable TenantSnapshot snapshot,
            RequiredPermissionSet permissions,
            List<UnrestorableItem> losses,
            @Nullable CpvFailure failure,
            PlanNames names) {
        this.tenant = tenant;
        this.extraGrants = extraGrants;
        this.requiredFingerprint = requiredFingerprint;
        this.snapshot = snapshot;
        this.permissions = permissions;
        this.losses = List.copyOf(losses);
        this.failure = failure;
        this.names = names;
    }

    /**
     * Computes a plan: a pure function of what is required, what was observed in the tenant, and what would be removed.
     *
     * @param snapshot what the tenant would lose with the service principal
     * @param extraGrants whether what is not required is restored too
     * @return the plan; it has a {@link #failure()} where required permissions would be lost
     */
    public static CpvResetPlan between(
            RequiredPermissionSet required, ObservedTenant observed, TenantSnapshot snapshot, ExtraGrants extraGrants) {
        RequiredPermissionSet all = required.plus(snapshot.permissions());
        PlanNames names = PlanNames.of(all.resources(), all.permissions().stream(), observed);
        ObservedTenant bare = observed.withoutGrants();
        Assessment again = Assessment.of(required, bare, ExtraGrants.KEEP);
        List<UnrestorableItem> losses = new ArrayList<>();
        String lost = lostNames(required, observed, again, names);
        RequiredPermissionSet restored = required;
        if (extraGrants == ExtraGrants.KEEP) {
            losses.addAll(snapshot.losses());
            losses.addAll(unnameable(snapshot, names));
            restored = required.plus(restorable(all, bare, losses, names));
        } else {
            Assessment.of(required, observed, ExtraGrants.KEEP)
                    .extras()
                    .forEach(extra -> losses.add(loss(extra, names)));
            snapshot.assignments().forEach(each -> losses.add(UnrestorableItem.of(each, "not required")));
            losses.addAll(snapshot.losses());
        }
        losses.sort(Comparator.comparing(UnrestorableItem::key));
        CpvFailure failure = lost.isEmpty()
                ? null
                : CpvFailure.of(FailureCode.RESET_WOULD_LOSE, "Granted now, and cannot be granted again: " + lost);
        return new CpvResetPlan(
                observed.tenant(), extraGrants, required.fingerprint(), snapshot, restored, losses, failure, names);
    }

    /**
     * Returns the plan of a tenant that cannot be reset: it removes nothing, and {@link #failure()} contains the
     * reason. The engine creates it where the tenant could not be observed.
     *
     * @param tenant the tenant
     * @param required what the application needs
     * @param extraGrants whether extra permissions would be restored too
     * @param failure why it cannot be reset
     */
    public static CpvResetPlan impossible(
            TenantId tenant, RequiredPermissionSet required, ExtraGrants extraGrants, CpvFailure failure) {
        Objects.requireNonNull(failure, "failure");
        return new CpvResetPlan(
                tenant, extraGrants, required.fingerprint(), null, required, List.of(), failure, PlanNames.NONE);
    }

    /** What is granted and required, but cannot be granted again. */
    private static String lostNames(
            RequiredPermissionSet required, ObservedTenant observed, Assessment again, PlanNames names) {
        Set<RequiredPermission> grantable = grantable(again);
        return Assessment.of(required, observed, ExtraGrants.KEEP).permissions().stream()
                .filter(permission -> permission.standing() == Standing.GRANTED)
                .filter(permission -> !grantable.contains(permission.permission()))
                .map(permission -> describe(permission.permission(), names))
                .collect(Collectors.joining(", "));
    }

    /** What was held and can be granted again; of the rest, what is not required anyway is added to the losses. */
    private static RequiredPermissionSet restorable(
            RequiredPermissionSet all, ObservedTenant bare, List<UnrestorableItem> losses, PlanNames names) {
        RequiredPermissionSet.Builder restored = RequiredPermissionSet.builder(TenantSnapshot.SOURCE);
        for (AssessedPermission permission :
                Assessment.of(all, bare, ExtraGrants.KEEP).permissions()) {
            RequiredPermission each = permission.permission();
            Set<String> wantedBy = all.requestedBy(each);
            if (wantedBy.contains(TenantSnapshot.SOURCE)) {
                if (permission.standing() == Standing.MISSING) {
                    restored.add(each);
                } else if (wantedBy.size() == 1) {
                    losses.add(new UnrestorableItem(
                            describe(each, PlanNames.NONE),
                            describe(each, names),
                            permission.reason().map(CpvFailure::message).orElse("cannot be granted again")));
                }
            }
        }
        return restored.build();
    }

    private static List<UnrestorableItem> unnameable(TenantSnapshot snapshot, PlanNames names) {
        return snapshot.grants().stream()
                .flatMap(grant -> grant.scopes().stream()
                        .filter(scope -> !RequiredPermission.isId(scope))
                        .map(scope -> new UnrestorableItem(
                                describe(
                                        PermissionType.DELEGATED,
                                        scope,
                                        grant.resource().toString()),
                                describe(
                                        PermissionType.DELEGATED,
                                        JsonText.quote(scope),
                                        names.describe(grant.resource())),
                                "not a valid scope name")))
                .toList();
    }

    private static Set<RequiredPermission> grantable(Assessment assessment) {
        return assessment.permissions().stream()
                .filter(permission -> permission.standing() == Standing.MISSING)
                .map(AssessedPermission::permission)
                .collect(Collectors.toSet());
    }

    private static UnrestorableItem loss(ExtraPermission extra, PlanNames names) {
        return new UnrestorableItem(
                describe(extra.type(), extra.id(), extra.resource().toString()),
                describe(extra.type(), PlanNames.named(extra.value(), extra.id()), names.describe(extra.resource())),
                "not required");
    }

    private static String describe(RequiredPermission permission, PlanNames names) {
        return describe(permission.type(), names.describe(permission), names.describe(permission.resource()));
    }

    private static String describe(PermissionType type, String permission, String resource) {
        return noun(type) + " " + permission + " of " + resource;
    }

    private static String noun(PermissionType type) {
        return switch (type) {
            case APPLICATION -> "app role";
            case DELEGATED -> "scope";
        };
    }

    /** Returns the tenant. */
    public TenantId tenant() {
        return tenant;
    }

    /**
     * Returns whether extra permissions are restored ({@link ExtraGrants#KEEP}) or only the required ones
     * ({@link ExtraGrants#REVOKE}).
     */
    public ExtraGrants extraGrants() {
        return extraGrants;
    }

    /** Returns the {@link RequiredPermissionSet#fingerprint()} that the plan was made for. */
    public String requiredFingerprint() {
        return requiredFingerprint;
    }

    /** Returns everything that is removed; empty where the tenant cannot be reset. */
    public Optional<TenantSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /**
     * Returns the permissions that are there after the reset: the required ones, and under {@link ExtraGrants#KEEP}
     * those that were there.
     */
    public RequiredPermissionSet permissions() {
        return permissions;
    }

    /**
     * Returns what is restored beside permissions: users' grants, assigned users and groups, directory roles and group
     * memberships; none under {@link ExtraGrants#REVOKE}.
     */
    public List<PrincipalAssignment> assignments() {
        return snapshot == null || extraGrants == ExtraGrants.REVOKE ? List.of() : snapshot.assignments();
    }

    /** Returns what is removed and not restored, sorted; none of it is a required permission. */
    public List<UnrestorableItem> losses() {
        return losses;
    }

    /**
     * Returns why the tenant cannot be reset: {@link FailureCode#RESET_WOULD_LOSE} where required permissions would be
     * lost; empty if it can be.
     */
    public Optional<CpvFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Returns what people call the tenant and what the plan is about. Names are beside the plan: equality does not depend on them, so
     * an approved plan is still the same after a resource or a group was renamed.
     */
    public PlanNames names() {
        return names;
    }

    /**
     * Returns this plan with a name for its tenant; the plans are equal.
     *
     * @param label what people call the tenant; empty for none
     */
    public CpvResetPlan withTenantName(String label) {
        return new CpvResetPlan(
                tenant,
                extraGrants,
                requiredFingerprint,
                snapshot,
                permissions,
                losses,
                failure,
                names.withTenant(label));
    }

    /** Prints the plan for people: a line for the tenant, and one for each thing that is removed, restored or lost. */
    public String toText() {
        StringBuilder text = new StringBuilder("Tenant " + names.describe(tenant) + ": ");
        if (snapshot == null) {
            return text.append("cannot be reset: ")
                    .append(JsonText.printable(
                            failure().map(CpvFailure::toString).orElse("")))
                    .toString();
        }
        text.append("reset");
        text.append("\n  removed: the service principal with ")
                .append(snapshot.appRoles().size())
                .append(" app roles, ")
                .append(snapshot.grants().stream()
                        .mapToInt(grant -> grant.scopes().size())
                        .sum())
                .append(" scopes, ")
                .append(snapshot.assignments().size() + snapshot.losses().size())
                .append(" other assignments");
        text.append("\n  restored: ").append(permissions.permissions().size()).append(" permissions");
        permissions
                .resources()
                .forEach(resource -> text.append("\n    ").append(JsonText.printable(restored(resource))));
        assignments().forEach(each -> text.append("\n  restored: ").append(JsonText.printable(each.describe())));
        losses.forEach(loss -> text.append("\n  lost: ").append(JsonText.printable(loss.toString())));
        failure().ifPresent(why -> text.append("\n  not done: ").append(JsonText.printable(why.toString())));
        return text.toString();
    }

    /** What is given back of one resource: value names where they are known, which people can read. */
    private String restored(AppId resource) {
        Map<PermissionType, List<String>> values = permissions.permissions().stream()
                .filter(permission -> permission.resource().equals(resource))
                .collect(Collectors.groupingBy(
                        RequiredPermission::type, TreeMap::new, Collectors.mapping(names::value, Collectors.toList())));
        return values.entrySet().stream()
                .map(some -> noun(some.getKey())
                        + (some.getValue().size() == 1 ? " " : "s ")
                        + some.getValue().stream().sorted().collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; ", names.describe(resource) + ": ", ""));
    }

    /**
     * Prints the plan as one line of JSON. Jackson writes a plan in the same way, so a web application can return one.
     */
    @JsonValue
    @JsonRawValue
    public String toJson() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("tenantId", tenant.toString());
        if (!names.tenant().isEmpty()) {
            tree.put("tenant", names.tenant());
        }
        tree.put("extraGrants", extraGrants.name());
        tree.put("requiredFingerprint", requiredFingerprint);
        snapshot().ifPresent(removed -> tree.put("removed", SnapshotJson.tree(removed, names)));
        tree.put(
                "permissions",
                permissions.permissions().stream()
                        .map(permission -> describe(permission, names))
                        .toList());
        tree.put(
                "assignments",
                assignments().stream().map(PrincipalAssignment::describe).toList());
        tree.put("losses", losses.stream().map(UnrestorableItem::toString).toList());
        tree.put("failure", failure().map(why -> why.code().name()).orElse(null));
        return JsonText.of(tree);
    }

    /** Returns whether the other plan removes, restores and loses the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CpvResetPlan that
                && tenant.equals(that.tenant)
                && extraGrants == that.extraGrants
                && requiredFingerprint.equals(that.requiredFingerprint)
                && Objects.equals(snapshot, that.snapshot)
                && permissions.equals(that.permissions)
                && losses.equals(that.losses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tenant, extraGrants, requiredFingerprint, snapshot, permissions, losses);
    }

    @Override
    public String toString() {
        return toText();
    }
}
