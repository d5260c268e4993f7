package dev.cpv.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people call the things that the steps of one plan name by id (R39). Names can change while the ids stay, so they stand
 * beside the steps: no equality, digest or approval depends on them. Scopes are named by their values and need no other name.
 *
 * @param tenant the tenant's label; empty if unknown
 * @param resources the names of resources, as far as known
 * @param appRoles the value names of app roles, as far as known
 */
public record StepNames(String tenant, Map<AppId, String> resources, Map<AssignedAppRole, String> appRoles) {
    /** No names: all is described by id. */
    public static final StepNames NONE = new StepNames("", Map.of(), Map.of());

    /**
     * Creates the names.
     *
     * @param tenant the tenant's label; empty if unknown
     * @param resources the names of resources, as far as known
     * @param appRoles the value names of app roles, as far as known
     */
    public StepNames {
        Objects.requireNonNull(tenant, "tenant");
        resources = Map.copyOf(resources);
        appRoles = Map.copyOf(appRoles);
    }

    /** The names of what steps are about, as the tenant shows them. */
    static StepNames of(List<PlanStep> steps, ObservedTenant observed) {
        Map<AppId, String> resources = new TreeMap<>();
        Map<AssignedAppRole, String> appRoles = new TreeMap<>();
        for (PlanStep step : steps) {
            ObservedResource resource = observed.resource(step.resource());
            if (!resource.displayName().equals(resource.id().toString())) {
                resources.put(resource.id(), resource.displayName());
            }
            appRole(step)
                    .ifPresent(role -> resource.definition()
                            .flatMap(definition -> definition.appRole(role.appRoleId()))
                            .ifPresent(published -> appRoles.put(role, published.value())));
        }
        return new StepNames("", resources, appRoles);
    }

    /** The app role that a step assigns or revokes. */
    static Optional<AssignedAppRole> appRole(Step step) {
        return switch (step.kind()) {
            case ASSIGN_APP_ROLE -> {
                var assign = (PlanStep.AssignAppRole) step;
                yield Optional.of(new AssignedAppRole(assign.resource(), assign.appRoleId()));
            }
            case REVOKE_APP_ROLE -> {
                var revoke = (PlanStep.RevokeAppRole) step;
                yield Optional.of(new AssignedAppRole(revoke.resource(), revoke.appRoleId()));
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

    StepNames withTenant(String label) {
        return new StepNames(label, resources, appRoles);
    }

    /**
     * Returns a resource as people know it, with its id.
     *
     * @param resource its application id
     * @return for example {@code Microsoft Graph (00000003-…)}, or the id alone
     */
    public String describe(AppId resource) {
        return describe(resources.get(resource), resource);
    }

    /**
     * Returns an app role as people know it, with its id.
     *
     * @param role the resource and the role's GUID
     * @return for example {@code User.Read.All (df021288-…)}, or the GUID alone
     */
    public String describe(AssignedAppRole role) {
        return describe(appRoles.get(role), role.appRoleId());
    }

    /**
     * Returns a tenant as people know it, with its id.
     *
     * @param id the tenant
     * @return for example {@code Contoso (0b7d5f4e-…)}, or the id alone
     */
    public String describe(TenantId id) {
        return describe(tenant.isEmpty() ? null : tenant, id);
    }

    private static String describe(@Nullable String name, Object id) {
        return name == null ? id.toString() : name + " (" + id + ")";
    }
}
