package dev.cpv.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a directory observed in a tenant at one moment. Immutable. */
public final class ObservedTenant {
    private final TenantId tenant;
    private final TenantRoute route;
    private final Visibility visibility;
    private final @Nullable CpvFailure cause;
    private final SortedMap<AppId, ObservedResource> resources;
    private final SortedSet<AssignedAppRole> appRoles;
    private final List<TenantWideGrant> grants;

    private ObservedTenant(Builder builder) {
        tenant = builder.tenant;
        route = builder.route;
        visibility = builder.visibility;
        cause = builder.cause;
        resources = new TreeMap<>(builder.resources);
        appRoles = new TreeSet<>(builder.appRoles);
        grants = List.copyOf(builder.grants);
    }

    /**
     * Starts the description of a tenant in which the application was seen.
     *
     * @param tenant the tenant
     * @param route how it is reached
     */
    public static Builder builder(TenantId tenant, TenantRoute route) {
        return new Builder(tenant, route, Visibility.VISIBLE);
    }

    /**
     * Describes a tenant in which the application has no consent.
     *
     * @param tenant the tenant
     * @param route how it is reached
     * @param cause what the token endpoint answered
     * @param resources what is known of the resources without access to the tenant
     */
    public static ObservedTenant notConsented(
            TenantId tenant, TenantRoute route, CpvFailure cause, Collection<ObservedResource> resources) {
        Builder builder = new Builder(tenant, route, Visibility.NOT_CONSENTED);
        builder.cause = Objects.requireNonNull(cause, "cause");
        resources.forEach(builder::resource);
        return builder.build();
    }

    /**
     * Describes a tenant that gives tokens, but in which the application's service principal is not visible yet (R4).
     *
     * @param tenant the tenant
     * @param route how it is reached
     */
    public static ObservedTenant notVisibleYet(TenantId tenant, TenantRoute route) {
        return new Builder(tenant, route, Visibility.NOT_VISIBLE_YET).build();
    }

    /**
     * Returns the state after a step was applied, without looking: what was written is believed (R17).
     *
     * @param step the step
     * @param definition what a resource that was added publishes, or null if that is unknown
     */
    public ObservedTenant after(Step step, @Nullable ResourceDefinition definition) {
        Builder next = toBuilder();
        Builder changed = switch (step.kind()) {
            case CONSENT -> {
                var consent = (PlanStep.Consent) step;
                next.visibility = Visibility.VISIBLE;
                next.cause = null;
                yield next.replaceGrants(consent.resource(), consent.scopes());
            }
            case ADD_RESOURCE -> {
                ObservedResource present = resource(step.resource()).asPresent();
                yield next.resource(definition == null ? present : present.withDefinition(definition));
            }
            case ASSIGN_APP_ROLE -> {
                var assign = (PlanStep.AssignAppRole) step;
                yield next.appRole(new AssignedAppRole(assign.resource(), assign.appRoleId()));
            }
            case REVOKE_APP_ROLE -> {
                var revoke = (PlanStep.RevokeAppRole) step;
                next.appRoles.remove(new AssignedAppRole(revoke.resource(), revoke.appRoleId()));
                yield next;
            }
            case SET_SCOPES -> next.replaceGrants(step.resource(), ((PlanStep.SetScopes) step).scopes());
            case MERGE_GRANTS -> next.replaceGrants(step.resource(), ((PlanStep.MergeGrants) step).scopes());
            case DELETE_SERVICE_PRINCIPAL -> {
                next.visibility = Visibility.NOT_CONSENTED;
                next.cause = CpvFailure.of(FailureCode.CONSENT_MISSING, "The service principal was deleted");
                next.appRoles.clear();
                next.grants.clear();
                yield next;
            }
            // What a withdrawn consent leaves has to be observed, and assignments are not part of this state.
            case REMOVE_CONSENT, RESTORE_ASSIGNMENT -> next;
        };
        return changed.build();
    }

    /**
     * Returns this state with definitions that were read in this tenant.
     *
     * @param definitions what resources publish here
     */
    public ObservedTenant withDefinitions(Map<AppId, ResourceDefinition> definitions) {
        if (definitions.isEmpty()) {
            return this;
        }
        Builder next = toBuilder();
        definitions.forEach((id, definition) -> next.resource(resource(id).withDefinition(definition)));
        return next.build();
    }

    /**
     * Returns this state with knowledge of resources that cannot be added here (R15).
     *
     * @param notCreatable the resources; those that are present stay so
     */
    public ObservedTenant withNotCreatable(Collection<AppId> notCreatable) {
        if (notCreatable.isEmpty()) {
            return this;
        }
        Builder next = toBuilder();
        for (AppId id : notCreatable) {
            if (resource(id).presence() == ObservedResource.Presence.ABSENT) {
                next.resource(resource(id).asNotCreatable());
            }
        }
        return next.build();
    }

    /** The tenant as it would be if the application had nothing there. */
    ObservedTenant withoutGrants() {
        Builder next = toBuilder();
        next.appRoles.clear();
        next.grants.clear();
        return next.build();
    }

    private Builder toBuilder() {
        Builder copy = new Builder(tenant, route, visibility);
        copy.cause = cause;
        copy.resources.putAll(resources);
        copy.appRoles.addAll(appRoles);
        copy.grants.addAll(grants);
        return copy;
    }

    /** Returns the tenant. */
    public TenantId tenant() {
        return tenant;
    }

    /** Returns how the tenant is reached. */
    public TenantRoute route() {
        return route;
    }

    /** Returns how much of the application could be seen. */
    public Visibility visibility() {
        return visibility;
    }

    /**
     * Returns what the token endpoint answered when it refused a token because consent is missing; empty unless the
     * application has no consent.
     */
    public Optional<CpvFailure> cause() {
        return Optional.ofNullable(cause);
    }

    /** Returns a resource; one that was not asked for is unknown. */
    public ObservedResource resource(AppId id) {
        ObservedResource resource = resources.get(id);
        return resource == null ? ObservedResource.unknown(id, "", null) : resource;
    }

    /** Returns all known resources by id, sorted. */
    public Map<AppId, ObservedResource> resources() {
        return Collections.unmodifiableSortedMap(resources);
    }

    /** Returns the app roles that the application holds, sorted. */
    public SortedSet<AssignedAppRole> appRoles() {
        return Collections.unmodifiableSortedSet(appRoles);
    }

    /** The app roles that the application holds of one resource, sorted. */
    List<AssignedAppRole> appRoles(AppId resource) {
        AssignedAppRole first = new AssignedAppRole(resource, new UUID(0, 0));
        return appRoles.tailSet(first).stream()
                .takeWhile(role -> role.resource().equals(resource))
                .toList();
    }

    /**
     * Returns the tenant-wide grants that the application holds, in the directory's order; never a user's own (R11).
     * One resource can have several (R13).
     */
    public List<TenantWideGrant> grants() {
        return grants;
    }

    /** Returns the tenant-wide grants for one resource, in the directory's order. */
    public List<TenantWideGrant> grants(AppId resource) {
        return grants.stream()
                .filter(grant -> grant.resource().equals(resource))
                .toList();
    }

    @Override
    public String toString() {
        return tenant + " " + visibility + ", " + appRoles.size() + " app roles, " + grants.size() + " grants";
    }

    /** How much of the application could be seen. This list is complete and won't grow. */
    public enum Visibility {
        /** No token is issued, because consent is missing. */
        NOT_CONSENTED,
        /** Tokens are issued, but the service principal is not visible yet. */
        NOT_VISIBLE_YET,
        /** The service principal and what it was granted are visible. */
        VISIBLE
    }

    /** Builds the description of a tenant. Not thread-safe. */
    public static final class Builder {
        private final TenantId tenant;
        private final TenantRoute route;
        private Visibility visibility;
        private @Nullable CpvFailure cause;
        private final SortedMap<AppId, ObservedResource> resources = new TreeMap<>();
        private final SortedSet<AssignedAppRole> appRoles = new TreeSet<>();
        private final List<TenantWideGrant> grants = new ArrayList<>();

        private Builder(TenantId tenant, TenantRoute route, Visibility visibility) {
            this.tenant = Objects.requireNonNull(tenant, "tenant");
            this.route = Objects.requireNonNull(route, "route");
            this.visibility = visibility;
        }

        /** Adds a resource, in place of one with the same id. */
        public Builder resource(ObservedResource resource) {
            resources.put(resource.id(), resource);
            return this;
        }

        /** Adds an app role that the application holds. */
        public Builder appRole(AssignedAppRole role) {
            appRoles.add(role);
            return this;
        }

        /** Adds a tenant-wide grant that the application holds. */
        public Builder grant(TenantWideGrant grant) {
            grants.add(grant);
            return this;
        }

        private Builder replaceGrants(AppId resource, List<String> scopes) {
            grants.removeIf(grant -> grant.resource().equals(resource));
            if (!scopes.isEmpty()) {
                grants.add(new TenantWideGrant(resource, scopes));
            }
            return this;
        }

        /** Builds the description. */
        public ObservedTenant build() {
            return new ObservedTenant(this);
        }
    }
}
