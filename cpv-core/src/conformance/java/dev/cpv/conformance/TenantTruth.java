package dev.cpv.conformance;

import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantWideGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The truth about the application in one tenant: what a test sets up, and what it compares with afterwards.
 *
 * @param consented whether the application has a service principal there, and tokens are issued
 * @param absent those of the required resources that have no service principal there
 * @param appRoles the app roles that the application holds
 * @param grants the tenant-wide grants that the application holds, sorted, their scopes too
 * @param userGrants the users' own grants
 * @param assignments what else the tenant keeps of the application, without the users' grants
 */
public record TenantTruth(
        boolean consented,
        Set<AppId> absent,
        Set<AssignedAppRole> appRoles,
        List<TenantWideGrant> grants,
        Set<PrincipalAssignment.UserGrant> userGrants,
        Set<PrincipalAssignment> assignments) {
    /** Creates the state; what has no order is sorted, so that equal states are equal. */
    public TenantTruth {
        absent = Set.copyOf(absent);
        appRoles = Set.copyOf(appRoles);
        grants = grants.stream()
                .map(grant -> new TenantWideGrant(grant.resource(), List.copyOf(new TreeSet<>(grant.scopes()))))
                .sorted(Comparator.comparing(TenantWideGrant::resource)
                        .thenComparing(grant -> String.join(" ", grant.scopes())))
                .toList();
        userGrants = Set.copyOf(userGrants);
        assignments = Set.copyOf(assignments);
    }

    /**
     * Creates a state without assignments, for a subject that cannot set them up.
     *
     * @param consented whether the application has a service principal there, and tokens are issued
     * @param absent those of the required resources that have no service principal there
     * @param appRoles the app roles that the application holds
     * @param grants the tenant-wide grants that the application holds, sorted, their scopes too
     * @param userGrants the users' own grants
     */
    public TenantTruth(
            boolean consented,
            Set<AppId> absent,
            Set<AssignedAppRole> appRoles,
            List<TenantWideGrant> grants,
            Set<PrincipalAssignment.UserGrant> userGrants) {
        this(consented, absent, appRoles, grants, userGrants, Set.of());
    }

    /** Starts with a tenant in which nobody ever consented to the application; all required resources are present. */
    public static TenantTruth neverConsented() {
        return new TenantTruth(false, Set.of(), Set.of(), List.of(), Set.of());
    }

    /**
     * Starts with a tenant that was consented, and in which only the scopes that cpv needs itself are granted; all
     * required resources are present.
     */
    public static TenantTruth withConsent() {
        List<String> scopes = RequiredPermissionSet.bootstrapScopes().stream()
                .map(PublishedScope::value)
                .toList();
        return new TenantTruth(true, Set.of(), Set.of(), List.of(), Set.of()).withGrant(AppId.MICROSOFT_GRAPH, scopes);
    }

    /** Removes the service principal of a resource; it can be added again. */
    public TenantTruth without(AppId resource) {
        return new TenantTruth(consented, plus(absent, resource), appRoles, grants, userGrants, assignments);
    }

    /** Adds the service principal of a resource again. */
    public TenantTruth with(AppId resource) {
        Set<AppId> rest = new HashSet<>(absent);
        rest.remove(resource);
        return new TenantTruth(consented, rest, appRoles, grants, userGrants, assignments);
    }

    /** Adds an app role. */
    public TenantTruth withAppRole(AppId resource, UUID appRoleId) {
        AssignedAppRole role = new AssignedAppRole(resource, appRoleId);
        return new TenantTruth(consented, absent, plus(appRoles, role), grants, userGrants, assignments);
    }

    /** Removes an app role. */
    public TenantTruth withoutAppRole(AppId resource, UUID appRoleId) {
        Set<AssignedAppRole> rest = new HashSet<>(appRoles);
        rest.remove(new AssignedAppRole(resource, appRoleId));
        return new TenantTruth(consented, absent, rest, grants, userGrants, assignments);
    }

    /** Adds a tenant-wide grant, beside those that are there for the same resource. */
    public TenantTruth withGrant(AppId resource, Collection<String> scopes) {
        List<TenantWideGrant> all = new ArrayList<>(grants);
        all.add(new TenantWideGrant(resource, List.copyOf(scopes)));
        return new TenantTruth(consented, absent, appRoles, all, userGrants, assignments);
    }

    /** Removes all tenant-wide grants for a resource. */
    public TenantTruth withoutGrants(AppId resource) {
        List<TenantWideGrant> rest = grants.stream()
                .filter(grant -> !grant.resource().equals(resource))
                .toList();
        return new TenantTruth(consented, absent, appRoles, rest, userGrants, assignments);
    }

    /** Adds a user's own grant. */
    public TenantTruth withUserGrant(PrincipalAssignment.UserGrant grant) {
        return new TenantTruth(consented, absent, appRoles, grants, plus(userGrants, grant), assignments);
    }

    /**
     * Adds an assignment.
     *
     * @param assignment a directory role, a group, or a principal that is assigned to the application
     */
    public TenantTruth withAssignment(PrincipalAssignment assignment) {
        return new TenantTruth(consented, absent, appRoles, grants, userGrants, plus(assignments, assignment));
    }

    /** Returns all scopes that the application holds tenant-wide for a resource, sorted. */
    public SortedSet<String> scopes(AppId resource) {
        SortedSet<String> scopes = new TreeSet<>();
        grants.stream().filter(grant -> grant.resource().equals(resource)).forEach(g -> scopes.addAll(g.scopes()));
        return scopes;
    }

    /** Returns all that a snapshot reports as assignments, users' own grants included. */
    public Set<PrincipalAssignment> allAssignments() {
        Set<PrincipalAssignment> all = new HashSet<>(assignments);
        all.addAll(userGrants);
        return all;
    }

    private static <T> Set<T> plus(Set<T> set, T element) {
        Set<T> sum = new HashSet<>(set);
        sum.add(element);
        return sum;
    }
}
