package dev.cpv.testing;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PlanStep;
import dev.cpv.model.PrincipalAssignment;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.spi.StepResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One tenant of a {@link FakeTenantDirectory}: set it up before, look at it after. Thread-safe. */
public final class FakeTenant {
    private static final int MAX_SCOPE_LENGTH = 3850;

    private final ReentrantLock lock = new ReentrantLock();
    private final TenantId id;
    private final SortedMap<AppId, ResourceDefinition> definitions;
    private final Set<AppId> absent = new HashSet<>();
    private final Set<AppId> unavailable = new HashSet<>();
    private final Set<AppId> disabled = new HashSet<>();
    private final SortedSet<AssignedAppRole> appRoles = new TreeSet<>();
    private final List<TenantWideGrant> grants = new ArrayList<>();
    private final SortedMap<String, SortedMap<AppId, List<String>>> userGrants = new TreeMap<>();
    private final Set<PrincipalAssignment> assignments = new LinkedHashSet<>();
    private final Map<PrincipalAssignment, String> lostOnReset = new LinkedHashMap<>();
    private final Deque<CpvFailure> callFailures = new ArrayDeque<>();
    private final Map<PlanStep, Deque<CpvFailure>> stepFailures = new HashMap<>();
    private TenantRoute route = TenantRoute.CUSTOMER;
    private boolean principal;
    private boolean consented;
    private boolean removalDeletesPrincipal;
    private int hiddenLooks;
    private int looksHiddenByConsent;

    FakeTenant(TenantId id, SortedMap<AppId, ResourceDefinition> definitions) {
        this.id = id;
        this.definitions = new TreeMap<>(definitions);
    }

    // Set up

    /**
     * Consents to the application, as an administrator would, without granting anything.
     *
     * @return this tenant
     */
    public FakeTenant consent() {
        return change(() -> {
            principal = true;
            consented = true;
        });
    }

    /**
     * Sets how the tenant is reached.
     *
     * @param value the route; a customer, unless it is set
     * @return this tenant
     */
    public FakeTenant route(TenantRoute value) {
        return change(() -> route = value);
    }

    /**
     * Lets a consent become visible only after some looks, as in the real world.
     *
     * @param looks how many looks after a consent still see nothing
     * @return this tenant
     */
    public FakeTenant consentVisibleAfter(int looks) {
        return change(() -> looksHiddenByConsent = looks);
    }

    /**
     * Takes the service principal of a resource away; it can be added again.
     *
     * @param resource the resource
     * @return this tenant
     */
    public FakeTenant withoutResource(AppId resource) {
        return change(() -> {
            absent.add(resource);
            appRoles.removeIf(role -> role.resource().equals(resource));
            grants.removeIf(grant -> grant.resource().equals(resource));
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
        return change(() -> unavailable.add(resource));
    }

    /**
     * Disables the service principal of a resource.
     *
     * @param resource the resource
     * @return this tenant
     */
    public FakeTenant withDisabledResource(AppId resource) {
        return change(() -> disabled.add(resource));
    }

    /**
     * Sets what a resource publishes in this tenant.
     *
     * @param resource the resource
     * @param definition what it publishes
     * @return this tenant
     */
    public FakeTenant publish(AppId resource, ResourceDefinition definition) {
        return change(() -> definitions.put(resource, definition));
    }

    /**
     * Assigns an app role to the application.
     *
     * @param resource the resource that publishes it
     * @param appRoleId its GUID
     * @return this tenant
     */
    public FakeTenant grantAppRole(AppId resource, UUID appRoleId) {
        return change(() -> appRoles.add(new AssignedAppRole(resource, appRoleId)));
    }

    /**
     * Adds a tenant-wide grant, beside those that are there for the same resource.
     *
     * @param resource the resource
     * @param scopes the scopes
     * @return this tenant
     */
    public FakeTenant grantScopes(AppId resource, String... scopes) {
        return change(() -> grants.add(new TenantWideGrant(resource, List.of(scopes))));
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
        return change(() -> userGrants
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
        return change(() -> give(assignment));
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
            give(assignment);
            lostOnReset.put(assignment, reason);
        });
    }

    /**
     * Lets the removal of a consent delete the service principal too. Both were seen in the real world.
     *
     * @return this tenant
     */
    public FakeTenant consentRemovalDeletesPrincipal() {
        return change(() -> removalDeletesPrincipal = true);
    }

    /** Takes consent, app roles and grants away, as when an administrator deletes the enterprise application. */
    public void deleteApplication() {
        change(this::delete);
    }

    /**
     * Lets the next call for this tenant fail as a whole. Told twice, the next two calls fail.
     *
     * @param failure what the call fails with
     * @return this tenant
     */
    public FakeTenant failNext(CpvFailure failure) {
        return change(() -> callFailures.add(failure));
    }

    /**
     * Lets a step fail the next time it is applied here. Told twice, it fails two times.
     *
     * @param step the step
     * @param failure what it fails with
     * @return this tenant
     */
    public FakeTenant failNext(PlanStep step, CpvFailure failure) {
        return change(() ->
                stepFailures.computeIfAbsent(step, s -> new ArrayDeque<>()).add(failure));
    }

    // Look

    /**
     * Says whether the application has consent.
     *
     * @return whether it has
     */
    public boolean isConsented() {
        return read(() -> consented);
    }

    /**
     * Returns the app roles that the application holds.
     *
     * @return a snapshot, sorted
     */
    public SortedSet<AssignedAppRole> appRoles() {
        return read(() -> Collections.unmodifiableSortedSet(new TreeSet<>(appRoles)));
    }

    /**
     * Returns the tenant-wide grants of the application.
     *
     * @return a snapshot, in the order in which they came
     */
    public List<TenantWideGrant> grants() {
        return read(() -> List.copyOf(grants));
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
            grants.stream().filter(grant -> grant.resource().equals(resource)).forEach(g -> scopes.addAll(g.scopes()));
            return scopes;
        });
    }

    /**
     * Returns how many users' own grants there are.
     *
     * @return the count
     */
    public int userGrants() {
        return read(() -> userGrants.values().stream().mapToInt(Map::size).sum());
    }

    /**
     * Returns the users' own grants.
     *
     * @return a snapshot: for each user, the scopes of each resource, all sorted
     */
    public SortedMap<String, SortedMap<AppId, List<String>>> grantsOfUsers() {
        return read(() -> {
            SortedMap<String, SortedMap<AppId, List<String>>> copy = new TreeMap<>();
            userGrants.forEach(
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
        return read(() -> {
            List<PrincipalAssignment> all = new ArrayList<>(assignments);
            userGrants.forEach((user, held) -> held.forEach(
                    (resource, scopes) -> all.add(new PrincipalAssignment.UserGrant(user, resource, scopes))));
            all.sort(Comparator.comparing(PrincipalAssignment::describe));
            return List.copyOf(all);
        });
    }

    /**
     * Says whether the application has a service principal here, with consent or without.
     *
     * @return whether it has
     */
    public boolean hasServicePrincipal() {
        return read(() -> principal);
    }

    /**
     * Says whether a resource has a service principal here.
     *
     * @param resource the resource
     * @return whether it has
     */
    public boolean hasResource(AppId resource) {
        return read(() -> isPresent(resource));
    }

    // The port

    TenantRoute route() {
        return read(() -> route);
    }

    Optional<CpvFailure> takeCallFailure() {
        return read(() -> Optional.ofNullable(callFailures.poll()));
    }

    ObservedTenant observe(Set<AppId> asked) {
        return read(() -> {
            if (consented && hiddenLooks > 0) {
                hiddenLooks--;
                return ObservedTenant.notVisibleYet(id, route);
            }
            Set<AppId> resources = new TreeSet<>(asked);
            appRoles.forEach(role -> resources.add(role.resource()));
            grants.forEach(grant -> resources.add(grant.resource()));
            if (!consented) {
                CpvFailure cause = CpvFailure.builder(
                                FailureCode.CONSENT_MISSING, "The application has no consent here")
                        .serviceCode("AADSTS65001")
                        .build();
                return ObservedTenant.notConsented(
                        id,
                        route,
                        cause,
                        asked.stream()
                                .map(resource -> ObservedResource.unknown(resource, "", definitions.get(resource)))
                                .toList());
            }
            ObservedTenant.Builder seen = ObservedTenant.builder(id, route);
            resources.forEach(resource -> seen.resource(see(resource)));
            appRoles.forEach(seen::appRole);
            grants.forEach(seen::grant);
            return seen.build();
        });
    }

    private ObservedResource see(AppId resource) {
        ResourceDefinition definition = definitions.get(resource);
        return absent.contains(resource) || definition == null
                ? ObservedResource.absent(resource, "", null)
                : ObservedResource.present(resource, "", !disabled.contains(resource), definition);
    }

    Map<AppId, ResourceDefinition> definitions(Set<AppId> resources) {
        return read(() -> {
            Map<AppId, ResourceDefinition> found = new HashMap<>();
            resources.stream().filter(this::isPresent).forEach(r -> found.put(r, definitions.get(r)));
            return found;
        });
    }

    TenantSnapshot snapshot() {
        return read(() -> {
            List<PrincipalAssignment> all = new ArrayList<>(assignments());
            all.removeAll(lostOnReset.keySet());
            List<UnrestorableItem> losses = lostOnReset.entrySet().stream()
                    .map(lost -> new UnrestorableItem(lost.getKey().describe(), lost.getValue()))
                    .toList();
            return new TenantSnapshot(id, appRoles, grants, all, losses);
        });
    }

    private boolean isPresent(AppId resource) {
        return definitions.containsKey(resource) && !absent.contains(resource);
    }

    /** With rights that were held from before, the service principal can be deleted even without consent. */
    StepResult apply(PlanStep step, Map<AppId, CpvFailure> failedResources, boolean rightsHeld) {
        return read(() -> {
            Deque<CpvFailure> failures = stepFailures.getOrDefault(step, new ArrayDeque<>());
            if (!failures.isEmpty()) {
                return StepResult.failed(failures.remove());
            }
            CpvFailure prerequisite = failedResources.get(step.resource());
            if (prerequisite != null) {
                return StepResult.failed(prerequisite);
            }
            if (step instanceof PlanStep.Consent consent) {
                return consentTo(consent);
            } else if (step instanceof PlanStep.RemoveConsent) {
                return removeConsent();
            } else if (step instanceof PlanStep.DeleteServicePrincipal && (rightsHeld || !principal)) {
                return done(delete());
            } else if (!consented) {
                return StepResult.failed(
                        CpvFailure.of(FailureCode.CONSENT_MISSING, "The application has no consent here"));
            } else if (step instanceof PlanStep.AddResource) {
                return add(step.resource());
            } else if (step instanceof PlanStep.DeleteServicePrincipal) {
                return done(delete());
            } else if (step instanceof PlanStep.RestoreAssignment restore) {
                return done(give(restore.assignment()));
            } else if (!isPresent(step.resource()) && step.isAddition()) {
                return StepResult.failed(
                        CpvFailure.of(FailureCode.NOT_REPLICATED_YET, "The resource has no service principal here"));
            } else if (step instanceof PlanStep.AssignAppRole assign) {
                return assign(assign);
            } else if (step instanceof PlanStep.RevokeAppRole revoke) {
                return done(appRoles.remove(new AssignedAppRole(revoke.resource(), revoke.appRoleId())));
            } else if (step instanceof PlanStep.SetScopes set) {
                return setScopes(set.resource(), set.scopes());
            } else if (step instanceof PlanStep.MergeGrants merge) {
                return setScopes(merge.resource(), merge.scopes());
            }
            return StepResult.unsupported();
        });
    }

    private StepResult consentTo(PlanStep.Consent consent) {
        if (route != TenantRoute.CUSTOMER) {
            return StepResult.failed(
                    CpvFailure.of(FailureCode.CONSENT_ROUTE, "A " + route + " tenant has no consent by the partner"));
        }
        if (consented && !grants.isEmpty()) {
            return StepResult.unchanged();
        }
        principal = true;
        consented = true;
        hiddenLooks = looksHiddenByConsent;
        return setScopes(consent.resource(), consent.scopes());
    }

    private StepResult removeConsent() {
        if (route != TenantRoute.CUSTOMER) {
            return StepResult.failed(
                    CpvFailure.of(FailureCode.CONSENT_ROUTE, "A " + route + " tenant has no consent by the partner"));
        }
        boolean removed = consented;
        consented = false;
        grants.clear();
        if (removalDeletesPrincipal) {
            delete();
        }
        return done(removed);
    }

    private boolean delete() {
        boolean deleted = principal;
        principal = false;
        consented = false;
        appRoles.clear();
        grants.clear();
        userGrants.clear();
        assignments.clear();
        lostOnReset.clear();
        return deleted;
    }

    private boolean give(PrincipalAssignment assignment) {
        if (assignment instanceof PrincipalAssignment.UserGrant grant) {
            SortedMap<AppId, List<String>> own = userGrants.computeIfAbsent(grant.userId(), user -> new TreeMap<>());
            SortedSet<String> union = new TreeSet<>(own.getOrDefault(grant.resource(), List.of()));
            boolean changed = union.addAll(grant.scopes()); // What the user granted in the meantime stays (R12).
            own.put(grant.resource(), List.copyOf(union));
            return changed;
        }
        return assignments.add(assignment);
    }

    private StepResult add(AppId resource) {
        if (isPresent(resource)) {
            return StepResult.unchanged();
        }
        ResourceDefinition definition = definitions.get(resource);
        if (definition == null || unavailable.contains(resource)) {
            return StepResult.failed(CpvFailure.of(
                    FailureCode.RESOURCE_NOT_AVAILABLE, "The resource " + resource + " is not available here"));
        }
        absent.remove(resource);
        return StepResult.applied(definition);
    }

    private StepResult assign(PlanStep.AssignAppRole assign) {
        boolean offered = Optional.ofNullable(definitions.get(assign.resource()))
                .flatMap(definition -> definition.appRole(assign.appRoleId()))
                .filter(AppRole::assignable)
                .isPresent();
        if (!offered) {
            return StepResult.failed(CpvFailure.of(
                    FailureCode.PERMISSION_NOT_OFFERED, "The resource does not offer the role " + assign.appRoleId()));
        }
        return done(appRoles.add(new AssignedAppRole(assign.resource(), assign.appRoleId())));
    }

    private StepResult setScopes(AppId resource, List<String> scopes) {
        if (String.join(" ", scopes).length() > MAX_SCOPE_LENGTH) {
            return StepResult.failed(CpvFailure.of(FailureCode.SCOPE_TOO_LONG, "More than 3,850 characters"));
        }
        List<TenantWideGrant> before = List.copyOf(grants);
        grants.removeIf(grant -> grant.resource().equals(resource));
        if (!scopes.isEmpty()) {
            grants.add(new TenantWideGrant(resource, scopes));
        }
        return done(!new HashSet<>(before).equals(new HashSet<>(grants)));
    }

    private static StepResult done(boolean changed) {
        return changed ? StepResult.applied() : StepResult.unchanged();
    }

    private FakeTenant change(Runnable change) {
        return read(() -> {
            change.run();
            return this;
        });
    }

    private <T> T read(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
