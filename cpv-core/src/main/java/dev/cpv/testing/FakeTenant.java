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

/** One tenant of a {@link FakeTenantDirectory}: set it up before, look at it after. Thread-safe. */
public final class FakeTenant {
    private final FakeTenantState state;

    FakeTenant(FakeTenantState state) {
        this.state = state;
    }

    // Set up

    /**
     * Consents to the application, as an administrator would, without granting anything.
     *
     * @return this tenant
     */
    public FakeTenant consent() {
        return change(() -> {
            state.principal = true;
            state.consented = true;
        });
    }

    /**
     * Sets how the tenant is reached.
     *
     * @param value the route; a customer, unless it is set
     * @return this tenant
     */
    public FakeTenant route(TenantRoute value) {
        return change(() -> state.route = value);
    }

    /**
     * Lets a consent become visible only after some looks, as in the real world.
     *
     * @param looks how many looks after a consent still see nothing
     * @return this tenant
     */
    public FakeTenant consentVisibleAfter(int looks) {
        return change(() -> state.looksHiddenByConsent = looks);
    }

    /**
     * Takes the service principal of a resource away; it can be added again.
     *
     * @param resource the resource
     * @return this tenant
     */
    public FakeTenant withoutResource(AppId resource) {
        return change(() -> {
            state.absent.add(resource);
            state.appRoles.removeIf(role -> role.resource().equals(resource));
            state.grants.removeIf(grant -> grant.resource().equals(resource));
        });
    }

    /**
     * Takes the service principal of a resource away for good, as where there is no licence for it.
     *
     * @param resource the resource
     * @return this tenant
     */
    public FakeTenant withUnavailableResource(AppId resource) {
        withoutResource(resource);
        return change(() -> state.unavailable.add(resource));
    }

    /**
     * Disables the service principal of a resource.
     *
     * @param resource the resource
     * @return this tenant
     */
    public FakeTenant withDisabledResource(AppId resource) {
        return change(() -> state.disabled.add(resource));
    }

    /**
     * Sets what a resource publishes in this tenant.
     *
     * @param resource the resource
     * @param definition what it publishes
     * @return this tenant
     */
    public FakeTenant publish(AppId resource, ResourceDefinition definition) {
        return change(() -> state.definitions.put(resource, definition));
    }

    /**
     * Assigns an app role to the application.
     *
     * @param resource the resource that publishes it
     * @param appRoleId its GUID
     * @return this tenant
     */
    public FakeTenant grantAppRole(AppId resource, UUID appRoleId) {
        return change(() -> state.appRoles.add(new AssignedAppRole(resource, appRoleId)));
    }

    /**
     * Adds a tenant-wide grant, beside those that are there for the same resource.
     *
     * @param resource the resource
     * @param scopes the scopes
     * @return this tenant
     */
    public FakeTenant grantScopes(AppId resource, String... scopes) {
        return change(() -> state.grants.add(new TenantWideGrant(resource, List.of(scopes))));
    }

    /**
     * Sets a user's own grant, which is none of the application's business (R11).
     *
     * @param user who the user is
     * @param resource the resource
     * @param scopes the scopes
     * @return this tenant
     */
    public FakeTenant grantScopesToUser(String user, AppId resource, String... scopes) {
        return change(() -> state.userGrants
                .computeIfAbsent(user, u -> new TreeMap<>())
                .put(resource, List.copyOf(new TreeSet<>(List.of(scopes)))));
    }

    /**
     * Assigns something to the application, or the application to something, that a reset takes away and gives back (R19).
     *
     * @param assignment what to assign
     * @return this tenant
     */
    public FakeTenant assign(PrincipalAssignment assignment) {
        return change(() -> state.give(assignment));
    }

    /**
     * Assigns something that a reset would take away and cannot give back (R19).
     *
     * @param assignment what to assign
     * @param reason why it cannot be given back
     * @return this tenant
     */
    public FakeTenant assignForGood(PrincipalAssignment assignment, String reason) {
        return change(() -> {
            state.give(assignment);
            state.lostOnReset.remove(assignment); // It may have another name now.
            state.lostOnReset.put(assignment, reason);
        });
    }

    /**
     * Lets the removal of a consent delete the service principal too. Both were seen in the real world.
     *
     * @return this tenant
     */
    public FakeTenant consentRemovalDeletesPrincipal() {
        return change(() -> state.removalDeletesPrincipal = true);
    }

    /** Takes consent, app roles and grants away, as when an administrator deletes the enterprise application. */
    public void deleteApplication() {
        change(state::delete);
    }

    /**
     * Lets the next call for this tenant fail as a whole. Told twice, the next two calls fail.
     *
     * @param failure what the call fails with
     * @return this tenant
     */
    public FakeTenant failNext(CpvFailure failure) {
        return change(() -> state.callFailures.add(failure));
    }

    /**
     * Lets a step fail the next time it is applied here. Told twice, it fails two times.
     *
     * @param step the step
     * @param failure what it fails with
     * @return this tenant
     */
    public FakeTenant failNext(Step step, CpvFailure failure) {
        return change(() -> state.stepFailures
                .computeIfAbsent(step, s -> new ArrayDeque<>())
                .add(failure));
    }

    // Look

    /**
     * Says whether the application has consent.
     *
     * @return whether it has
     */
    public boolean isConsented() {
        return read(() -> state.consented);
    }

    /**
     * Returns the app roles that the application holds.
     *
     * @return a snapshot, sorted
     */
    public SortedSet<AssignedAppRole> appRoles() {
        return read(() -> Collections.unmodifiableSortedSet(new TreeSet<>(state.appRoles)));
    }

    /**
     * Returns the tenant-wide grants of the application.
     *
     * @return a snapshot, in the order in which they came
     */
    public List<TenantWideGrant> grants() {
        return read(() -> List.copyOf(state.grants));
    }

    /**
     * Returns all scopes that the application holds tenant-wide for a resource.
     *
     * @param resource the resource
     * @return a snapshot, sorted
     */
    public SortedSet<String> scopes(AppId resource) {
        return read(() -> {
            SortedSet<String> scopes = new TreeSet<>();
            state.grants.stream()
                    .filter(grant -> grant.resource().equals(resource))
                    .forEach(g -> scopes.addAll(g.scopes()));
            return scopes;
        });
    }

    /**
     * Returns how many users' own grants there are.
     *
     * @return the count
     */
    public int userGrants() {
        return read(() -> state.userGrants.values().stream().mapToInt(Map::size).sum());
    }

    /**
     * Returns the users' own grants.
     *
     * @return a snapshot: for each user, the scopes of each resource, all sorted
     */
    public SortedMap<String, SortedMap<AppId, List<String>>> grantsOfUsers() {
        return read(() -> {
            SortedMap<String, SortedMap<AppId, List<String>>> copy = new TreeMap<>();
            state.userGrants.forEach(
                    (user, grants) -> copy.put(user, Collections.unmodifiableSortedMap(new TreeMap<>(grants))));
            return Collections.unmodifiableSortedMap(copy);
        });
    }

    /**
     * Returns what else the tenant keeps of the application, users' own grants included.
     *
     * @return a snapshot, sorted by description
     */
    public List<PrincipalAssignment> assignments() {
        return state.allAssignments();
    }

    /**
     * Says whether the application has a service principal here, with consent or without.
     *
     * @return whether it has
     */
    public boolean hasServicePrincipal() {
        return read(() -> state.principal);
    }

    /**
     * Says whether a resource has a service principal here.
     *
     * @param resource the resource
     * @return whether it has
     */
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
