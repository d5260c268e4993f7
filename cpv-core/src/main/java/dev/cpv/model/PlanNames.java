package dev.cpv.model;

import dev.cpv.internal.json.JsonText;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people call the things that a plan names by id. Names can change while the ids stay, so they stand beside what a
 * plan does: no equality, digest or approval depends on them. A permission that is named by its value needs no other name.
 * A name
 * comes from a customer's directory or a file, so it is made one printable line: line breaks, control and format characters become
 * spaces. Immutable.
 *
 * @param tenant the tenant's label; empty if unknown
 * @param resources the names of resources, as far as known
 * @param permissions the value names of app roles and scopes that are named by GUID, as far as known
 */
public record PlanNames(String tenant, Map<AppId, String> resources, Map<RequiredPermission, String> permissions) {
    /** No names: all is described by id. */
    public static final PlanNames NONE = new PlanNames("", Map.of(), Map.of());

    /**
     * Creates the names.
     *
     * @param tenant the tenant's label; empty if unknown
     * @param resources the names of resources, as far as known
     * @param permissions the value names of app roles and scopes that are named by GUID, as far as known
     */
    public PlanNames {
        tenant = JsonText.printable(tenant);
        resources = printable(resources);
        permissions = printable(permissions);
    }

    private static <K> Map<K, String> printable(Map<K, String> names) {
        return names.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, name -> JsonText.printable(name.getValue())));
    }

    /** The names of what steps are about, as the tenant shows them. */
    static PlanNames of(List<PlanStep> steps, ObservedTenant observed) {
        Set<AppId> resources = new TreeSet<>();
        steps.forEach(step -> resources.add(step.resource()));
        return of(resources, steps.stream().flatMap(step -> appRole(step).stream()), observed);
    }

    /** The names of resources and permissions, as the tenant shows them. */
    static PlanNames of(Collection<AppId> resources, Stream<RequiredPermission> permissions, ObservedTenant observed) {
        Map<AppId, String> resourceNames = new TreeMap<>();
        for (AppId id : resources) {
            String name = observed.resource(id).displayName();
            if (!name.equals(id.toString())) {
                resourceNames.put(id, name);
            }
        }
        Map<RequiredPermission, String> values = new TreeMap<>();
        permissions.forEach(permission -> published(permission, observed).ifPresent(v -> values.put(permission, v)));
        return new PlanNames("", resourceNames, values);
    }

    private static Optional<String> published(RequiredPermission permission, ObservedTenant observed) {
        return permission
                .guid()
                .flatMap(id -> observed.resource(permission.resource())
                        .definition()
                        .flatMap(definition -> switch (permission.type()) {
                            case APPLICATION -> definition.appRole(id).map(AppRole::value);
                            case DELEGATED -> definition.scope(id).map(PublishedScope::value);
                        }));
    }

    /** The app role that a step assigns or revokes. */
    static Optional<RequiredPermission> appRole(Step step) {
        return switch (step.kind()) {
            case ASSIGN_APP_ROLE -> {
                var assign = (PlanStep.AssignAppRole) step;
                yield Optional.of(appRole(new AssignedAppRole(assign.resource(), assign.appRoleId())));
            }
            case REVOKE_APP_ROLE -> {
                var revoke = (PlanStep.RevokeAppRole) step;
                yield Optional.of(appRole(new AssignedAppRole(revoke.resource(), revoke.appRoleId())));
            }
            case CONSENT,
                    ADD_RESOURCE,
                    SET_SCOPES,
                    MERGE_GRANTS,
                    REMOVE_CONSENT,
                    DELETE_SERVICE_PRINCIPAL,
                    RESTORE_ASSIGNMENT -> Optional.empty();
        };
    }

    /** An app role that is assigned, as a permission. */
    static RequiredPermission appRole(AssignedAppRole role) {
        return new RequiredPermission(
                role.resource(), PermissionType.APPLICATION, role.appRoleId().toString());
    }

    PlanNames withTenant(String label) {
        return new PlanNames(label, resources, permissions);
    }

    /**
     * Returns a resource as people know it, with its id.
     *
     * @param resource its application id
     * @return for example {@code Microsoft Graph (00000003-…)}, or the id alone
     */
    public String describe(AppId resource) {
        String id = resource.toString();
        return named(resources.getOrDefault(resource, id), id);
    }

    /**
     * Returns an app role or a scope as people know it, with its id where it is named by one.
     *
     * @param permission the permission
     * @return for example {@code User.Read.All (df021288-…)}, or the id alone
     */
    public String describe(RequiredPermission permission) {
        return named(value(permission), permission.id());
    }

    /** The value name of a permission, or its id if that is unknown. */
    String value(RequiredPermission permission) {
        return permissions.getOrDefault(permission, permission.id());
    }

    /**
     * Returns a tenant as people know it, with its id.
     *
     * @param id the tenant
     * @return for example {@code Contoso (0b7d5f4e-…)}, or the id alone
     */
    public String describe(TenantId id) {
        return named(tenant.isEmpty() ? id.toString() : tenant, id.toString());
    }

    /** A name with its id, or the id alone where it is the only name. */
    static String named(String name, String id) {
        return name.equals(id) ? id : name + " (" + id + ")";
    }
}
