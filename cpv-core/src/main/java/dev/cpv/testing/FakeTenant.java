package dev.cpv.testing;

import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantWideGrant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/** One tenant of a {@link FakeTenantDirectory}: set it up before, inspect it after. Thread-safe. */
public final class FakeTenant {
    private final FakeTenantState state;

    FakeTenant(FakeTenantState state) {
        this.state = state;
    }

    // Set up

    /** Consents to the application, as an administrator would, without granting anything. */
    public FakeTenant consent() {
        return change(() -> {
            state.principal = true;
            state.consented = true;
        });
    }

    /** Sets how the tenant is reached; the default is as a customer. */
    public FakeTenant route(TenantRoute value) {
        return change(() -> state.route = value);
    }

    /**
     * Lets a consent become visible only after some looks, as in the real world.
     *
     * @param looks how many looks after a consent still see nothing
     */
    public FakeTenant consentVisibleAfter(int looks) {
        return change(() -> state.looksHiddenByConsent = looks);
    }

    /** Removes the service principal of a resource; it can be added again. */
    public FakeTenant withoutResource(AppId resource) {
        return change(() -> {
            state.absent.add(resource);
            state.appRoles.removeIf(role -> role.resource().equals(resource));
            state.grants.removeIf(grant -> grant.resource().equals(resource));
        });
    }

    /** Removes the service principal of a resource for good, as where the licence for it is missing. */
    public FakeTenant withUnavailableResource(AppId resource) {
        withoutResource(resource);
        return change(() -> state.unavailable.add(resource));
    }

    /** Disables the service principal of a resource. */
    public FakeTenant withDisabledResource(AppId resource) {
        return change(() -> state.disabled.add(resource));
    }

    /**
     * Sets what a resource publishes in this tenant.
     *
     * @param resource the resource
     * @param definition what it publishes
     */
    public FakeTenant publish(AppId resource, ResourceDefinition definition) {
        return change(() -> state.definitions.put(resource, definition));
    }

    /**
     * Assigns an app role to the application.
     *
     * @param resource the resource that publishes it
     * @param appRoleId its GUID
     */
    public FakeTenant grantAppRole(AppId resource, UUID appRoleId) {
        return change(() -> state.appRoles.add(new AssignedAppRole(resource, appRoleId)));
    }

    /** Adds a tenant-wide grant, beside those that are there for the same resource. */
    public FakeTenant grantScopes(AppId resource, String... scopes) {
        return change(() -> state.grants.add(new TenantWideGrant(resource, List.of(scopes))));
    }

    /**
     * Sets a user's own grant, which cpv changes only in a reset (R11).
     *
     * @param user the user's id
     * @param resource the resource
     * @param scopes the scopes
     */
    public FakeTenant grantScopesToUser(String user, AppId resource, String... scopes) {
        return change(() -> state.userGrants
                .computeIfAbsent(user, u -> new TreeMap<>())
                .put(resource, List.copyOf(new TreeSet<>(List.of(scopes)))));
    }

    /**
     * Assigns something to the application, or the application to something, that a reset removes and restores (R19).
     */
    public FakeTenant assign(PrincipalAssignment assignment) {
        return change(() -> state.addAssignment(assignment));
    }

    /**
     * Assigns something that a reset would remove and cannot restore (R19).
     *
     * @param assignment what to assign
     * @param reason why it cannot be restored
     */
    public FakeTenant assignForGood(PrincipalAssignment assignment, String reason) {
        return change(() -> {
            state.addAssignment(assignment);
            state.lostOnReset.remove(assignment); // It may have another name now.
            state.lostOnReset.put(assignment, reason);
        });
    }

    /** Lets the removal of a consent delete the service principal too. Both were seen in the real world. */
    public FakeTenant consentRemovalDeletesPrincipal() {
        return change(() -> state.removalDeletesPrincipal = true);
    }

    /** Removes consent, app roles and grants, as when an administrator deletes the enterprise application. */
    public void deleteApplication() {
        change(state::delete);
    }

    /** Lets the next call for this tenant fail as a whole. Called twice, it lets the next two calls fail. */
    public FakeTenant failNext(CpvFailure failure) {
        return change(() -> state.callFailures.add(failure));
    }

    /** Lets a step fail the next time it is applied here. Called twice, it lets the step fail two times. */
    public FakeTenant failNext(Step step, CpvFailure failure) {
        return change(() -> state.stepFailures
                .computeIfAbsent(step, s -> new ArrayDeque<>())
                .add(failure));
    }

    // Look

    /** Returns whether the application has consent. */
    public boolean isConsented() {
        return read(() -> state.consented);
    }

    /** Returns a snapshot of the app roles that the application holds, sorted. */
    public SortedSet<AssignedAppRole> appRoles() {
        return read(() -> Collections.unmodifiableSortedSet(new TreeSet<>(state.appRoles)));
    }

    /** Returns a snapshot of the application's tenant-wide grants, in the order in which they were made. */
    public List<TenantWideGrant> grants() {
        return read(() -> List.copyOf(state.grants));
    }

    /** Returns a snapshot of all scopes that the application holds tenant-wide for a resource, sorted. */
    public SortedSet<String> scopes(AppId resource) {
        return read(() -> {
            SortedSet<String> scopes = new TreeSet<>();
            state.grants.stream()
                    .filter(grant -> grant.resource().equals(resource))
                    .forEach(g -> scopes.addAll(g.scopes()));
            return scopes;
        });
    }

    /** Returns how many users' own grants there are. */
    public int userGrants() {
        return read(() -> state.userGrants.values().stream().mapToInt(Map::size).sum());
    }

    /** Returns a snapshot of the users' own grants: for each user, the scopes of each resource, all sorted. */
    public SortedMap<String, SortedMap<AppId, List<String>>> grantsOfUsers() {
        return read(() -> {
            SortedMap<String, SortedMap<AppId, List<String>>> copy = new TreeMap<>();
            state.userGrants.forEach(
                    (user, grants) -> copy.put(user, Collections.unmodifiableSortedMap(new TreeMap<>(grants))));
            return Collections.unmodifiableSortedMap(copy);
        });
    }

    /**
     * Returns a snapshot of what else the tenant keeps of the application, users' own grants included, sorted by
     * description.
     */
    public List<PrincipalAssignment> assignments() {
        return state.allAssignments();
    }

    /** Returns whether the application has a service principal here, with consent or without. */
    public boolean hasServicePrincipal() {
        return read(() -> state.principal);
    }

    /** Returns whether a resource has a service principal here. */
    public boolean hasResource(AppId resource) {
        return read(() -> state.isPresent(resource));
    }

    FakeTenantState state() {
        return state;
    }

    private FakeTenant change(Runnable change) {
        return read(() -> {
            change.run();
            return this;
        });
    }

    private <T> T read(Supplier<T> look) {
        return state.read(look);
    }
}
