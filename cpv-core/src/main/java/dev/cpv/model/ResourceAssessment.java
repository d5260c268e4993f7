package dev.cpv.model;

import dev.cpv.model.AssessedPermission.Standing;
import dev.cpv.model.ObservedResource.Presence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The part of an {@link Assessment} that is about one resource. */
final class ResourceAssessment {
    /** What Microsoft Graph takes as the scope string of one grant (R14). */
    static final int MAX_SCOPE_LENGTH = 3850;

    private final ObservedTenant observed;
    private final AppId id;
    private final ObservedResource resource;
    private final ExtraGrants extraGrants;
    private final List<TenantWideGrant> grants;
    private final List<AssignedAppRole> appRoles;
    /** The scopes of all grants, as they are spelt there. */
    private final Set<String> held = new HashSet<>();

    private final Set<UUID> heldRoles = new HashSet<>();
    private final Set<UUID> requiredRoles = new HashSet<>();
    private final List<AssessedPermission> permissions = new ArrayList<>();
    private final SortedSet<ExtraPermission> extras = new TreeSet<>();
    private final List<Notice> notices = new ArrayList<>();
    private final List<PlanStep> steps = new ArrayList<>();

    ResourceAssessment(RequiredPermissionSet required, ObservedTenant observed, AppId id, ExtraGrants extraGrants) {
        this.observed = observed;
        this.id = id;
        this.resource = observed.resource(id);
        this.extraGrants = extraGrants;
        this.grants = observed.grants(id);
        this.appRoles = observed.appRoles(id);
        grants.forEach(grant -> held.addAll(grant.scopes()));
        appRoles.forEach(role -> heldRoles.add(role.appRoleId()));
        List<WantedPermission> wanted = required.wanted(id);
        Optional<CpvFailure> inapplicable = inapplicable();
        if (inapplicable.isPresent()) {
            CpvFailure reason = inapplicable.get();
            wanted.forEach(w -> permissions.add(assessed(w.permission(), Standing.NOT_APPLICABLE, null, reason)));
            if (!wanted.isEmpty() && reason.code() == FailureCode.RESOURCE_NOT_AVAILABLE) {
                notices.add(new Notice(reason.code(), id, reason.message()));
            }
            wanted = List.of();
        } else {
            wanted.forEach(one -> permissions.add(assess(one)));
            noteDisabled();
        }
        planRoles();
        planScopes();
        planResource();
    }

    List<AssessedPermission> permissions() {
        return permissions;
    }

    Collection<ExtraPermission> extras() {
        return extras;
    }

    List<Notice> notices() {
        return notices;
    }

    List<PlanStep> steps() {
        return steps;
    }

    boolean needsDefinition() {
        return resource.presence() == Presence.PRESENT
                && permissions.stream().anyMatch(p -> p.standing() == Standing.UNRESOLVED);
    }

    private Optional<CpvFailure> inapplicable() {
        if (id.equals(AppId.PARTNER_CENTER) && observed.route() != TenantRoute.PARTNER) {
            return Optional.of(CpvFailure.of(
                    FailureCode.PARTNER_RESOURCE, "Microsoft Partner Center is for the partner tenant only"));
        }
        if (resource.presence() == Presence.NOT_CREATABLE) {
            return Optional.of(CpvFailure.of(
                    FailureCode.RESOURCE_NOT_AVAILABLE,
                    resource.displayName() + " is not available in this tenant, usually because a licence is missing"));
        }
        return Optional.empty();
    }

    private void noteDisabled() {
        if (!resource.enabled() && !permissions.isEmpty()) {
            notices.add(new Notice(
                    FailureCode.RESOURCE_DISABLED,
                    id,
                    resource.displayName()
                            + " is disabled in this tenant: its permissions are granted, but have no effect"));
        }
    }

    private AssessedPermission assess(WantedPermission wanted) {
        return wanted.permission().type() == PermissionType.APPLICATION ? assessRole(wanted) : assessScope(wanted);
    }

    private AssessedPermission assessRole(WantedPermission wanted) {
        RequiredPermission permission = wanted.permission();
        Optional<AppRole> role = definition()
                .flatMap(definition ->
                        wanted.guid().map(definition::appRole).orElseGet(() -> definition.appRole(permission.id())));
        Optional<UUID> roleId = role.map(AppRole::id).or(wanted::guid);
        roleId.ifPresent(requiredRoles::add);
        String value = role.map(AppRole::value).orElse(null);
        if (roleId.isPresent() && heldRoles.contains(roleId.get())) {
            return assessed(permission, Standing.GRANTED, value, null);
        }
        if (role.isEmpty() || !role.get().assignable()) {
            return unresolved(permission, value);
        }
        PlanStep step = new PlanStep.AssignAppRole(id, role.get().id());
        return new AssessedPermission(permission, Standing.MISSING, value, step, null);
    }

    private AssessedPermission assessScope(WantedPermission wanted) {
        Optional<String> value = scopeValue(wanted);
        if (value.isEmpty()) {
            return unresolved(wanted.permission(), null);
        }
        Standing standing = holds(value.get()) ? Standing.GRANTED : Standing.MISSING;
        return assessed(wanted.permission(), standing, value.get(), null);
    }

    /** R12: scopes compare without regard to case. Most are spelt as they are published. */
    private boolean holds(String scope) {
        return held.contains(scope) || held.stream().anyMatch(scope::equalsIgnoreCase);
    }

    /** Only scopes may be unpublished (R1): a value name is written as it is, a GUID that does not resolve never. */
    private Optional<String> scopeValue(WantedPermission wanted) {
        Optional<ResourceDefinition> definition = definition();
        Optional<UUID> guid = wanted.guid();
        if (guid.isPresent()) {
            return definition.flatMap(d -> d.scope(guid.get())).map(PublishedScope::value);
        }
        String name = wanted.permission().id();
        return definition.flatMap(d -> d.scope(name)).map(PublishedScope::value).or(() -> Optional.of(name));
    }

    /** Before a permission is reported as not offered, the definition has to come from this very tenant. */
    private AssessedPermission unresolved(RequiredPermission permission, @Nullable String value) {
        if (definition().map(ResourceDefinition::isOfTenant).orElse(false)) {
            return assessed(
                    permission,
                    Standing.NOT_OFFERED,
                    value,
                    CpvFailure.of(
                            FailureCode.PERMISSION_NOT_OFFERED,
                            resource.displayName() + " does not offer "
                                    + (permission.type() == PermissionType.APPLICATION ? "the app role " : "the scope ")
                                    + permission.id() + " to applications in this tenant"));
        }
        return assessed(
                permission,
                Standing.UNRESOLVED,
                value,
                CpvFailure.of(
                        FailureCode.RESOURCE_NOT_READABLE,
                        "What " + resource.displayName() + " publishes in this tenant is not known"));
    }

    private void planRoles() {
        Set<PlanStep> assign = new LinkedHashSet<>();
        for (AssessedPermission permission : permissions) {
            if (permission.permission().type() == PermissionType.APPLICATION) {
                permission.step().ifPresent(assign::add);
            }
        }
        steps.addAll(assign);
        for (AssignedAppRole role : appRoles) {
            if (!requiredRoles.contains(role.appRoleId())) {
                String value = definition()
                        .flatMap(definition -> definition.appRole(role.appRoleId()))
                        .map(AppRole::value)
                        .orElse(role.appRoleId().toString());
                extras.add(new ExtraPermission(
                        id, PermissionType.APPLICATION, role.appRoleId().toString(), value));
                if (mayRevoke(PermissionType.APPLICATION)) {
                    steps.add(new PlanStep.RevokeAppRole(id, role.appRoleId()));
                }
            }
        }
    }

    private void planScopes() {
        if (!isExact()) {
            planScopes(new TreeSet<>(held));
        }
    }

    /**
     * There is one grant, and it holds exactly what is required, in the same spelling: the usual case in a tenant in
     * sync.
     */
    private boolean isExact() {
        Set<String> required = new HashSet<>();
        for (AssessedPermission permission : permissions) {
            if (permission.permission().type() == PermissionType.DELEGATED) {
                permission.value().ifPresent(required::add);
            }
        }
        return grants.size() == 1 && !required.isEmpty() && required.equals(held);
    }

    private void planScopes(SortedSet<String> present) {
        Map<String, String> spelling = new HashMap<>();
        SortedSet<String> target = new TreeSet<>();
        for (AssessedPermission permission : permissions) {
            if (permission.permission().type() == PermissionType.DELEGATED) {
                permission
                        .value()
                        .ifPresent(value ->
                                target.add(spelling.computeIfAbsent(lower(value), v -> spell(value, present))));
            }
        }
        boolean wanted = !target.isEmpty();
        Map<String, String> extra = new HashMap<>();
        for (String scope : present) {
            if (!spelling.containsKey(lower(scope))) {
                String name = extra.computeIfAbsent(lower(scope), v -> published(scope));
                extras.add(new ExtraPermission(id, PermissionType.DELEGATED, name, name));
            }
        }
        if (!mayRevoke(PermissionType.DELEGATED)) {
            if (!wanted) {
                return; // Under KEEP nothing is required of this grant, so nothing is changed, not even its spelling.
            }
            present.forEach(scope -> target.add(spelling.computeIfAbsent(lower(scope), v -> published(scope))));
        }
        if (grants.size() < 2 && target.equals(present) && grants.isEmpty() == target.isEmpty()) {
            return;
        }
        if (String.join(" ", target).length() > MAX_SCOPE_LENGTH) {
            blockScopes(target);
            return;
        }
        planGrant(present, target);
    }

    /**
     * R12: as it is published; if that is unknown, as the tenant spells it, so that two clients do not keep changing
     * it.
     */
    private String spell(String value, SortedSet<String> present) {
        return definition()
                .flatMap(definition -> definition.scope(value))
                .map(PublishedScope::value)
                .or(() -> present.stream().filter(value::equalsIgnoreCase).findFirst())
                .orElse(value);
    }

    private void planGrant(SortedSet<String> present, SortedSet<String> target) {
        List<String> removed = present.stream()
                .filter(scope -> target.stream().noneMatch(scope::equalsIgnoreCase))
                .toList();
        boolean merge = grants.size() > 1 && !target.isEmpty();
        PlanStep step = merge
                ? new PlanStep.MergeGrants(id, List.copyOf(target), removed)
                : new PlanStep.SetScopes(id, List.copyOf(target), removed);
        steps.add(step);
        replaceMissingScopes(Standing.MISSING, step, null);
    }

    /**
     * While a required permission is unresolved, what looks extra may be that permission, so nothing is revoked here.
     */
    private boolean mayRevoke(PermissionType type) {
        return extraGrants == ExtraGrants.REVOKE
                && permissions.stream()
                        .noneMatch(p -> p.permission().type() == type && p.standing() == Standing.UNRESOLVED);
    }

    private void blockScopes(SortedSet<String> target) {
        String names = extras.stream()
                .filter(extra -> extra.type() == PermissionType.DELEGATED && target.contains(extra.value()))
                .map(ExtraPermission::value)
                .collect(Collectors.joining(", "));
        CpvFailure reason = CpvFailure.of(
                FailureCode.SCOPE_TOO_LONG,
                "The scopes of " + resource.displayName() + " would take "
                        + String.join(" ", target).length() + " characters of " + MAX_SCOPE_LENGTH
                        + (names.isEmpty()
                                ? "; there are no extras to remove"
                                : "; extras that could be removed: " + names));
        replaceMissingScopes(Standing.BLOCKED, null, reason);
    }

    private void replaceMissingScopes(Standing standing, @Nullable PlanStep step, @Nullable CpvFailure reason) {
        permissions.replaceAll(permission ->
                permission.permission().type() == PermissionType.DELEGATED && permission.standing() == Standing.MISSING
                        ? permission.withStanding(standing, step, reason)
                        : permission);
    }

    private void planResource() {
        boolean needed = permissions.stream()
                .anyMatch(p -> p.standing() == Standing.MISSING || p.standing() == Standing.UNRESOLVED);
        if (resource.presence() == Presence.ABSENT && needed) {
            PlanStep add = new PlanStep.AddResource(id);
            steps.add(0, add);
            permissions.replaceAll(permission -> permission.standing() == Standing.UNRESOLVED
                    ? permission.withStanding(Standing.MISSING, add, null)
                    : permission);
        }
    }

    private String published(String scope) {
        return definition()
                .flatMap(d -> d.scope(scope))
                .map(PublishedScope::value)
                .orElse(scope);
    }

    private Optional<ResourceDefinition> definition() {
        return resource.definition();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static AssessedPermission assessed(
            RequiredPermission permission, Standing standing, @Nullable String value, @Nullable CpvFailure reason) {
        return new AssessedPermission(permission, standing, value, null, reason);
    }
}
