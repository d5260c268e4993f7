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
import dev.cpv.model.ResetStep;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.Step;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantSnapshot;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.model.UnrestorableItem;
import dev.cpv.spi.StepResult;
import dev.cpv.spi.TenantDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The state of one tenant of a {@link FakeTenantDirectory}, and what the port does with it. Thread-safe: one lock
 * guards it all.
 */
final class FakeTenantState {
    private static final int MAX_SCOPE_LENGTH = 3850;

    private final ReentrantLock lock = new ReentrantLock();
    final TenantId id;
    final SortedMap<AppId, ResourceDefinition> definitions;
    final Set<AppId> absent = new HashSet<>();
    final Set<AppId> unavailable = new HashSet<>();
    final Set<AppId> disabled = new HashSet<>();
    final SortedSet<AssignedAppRole> appRoles = new TreeSet<>();
    final List<TenantWideGrant> grants = new ArrayList<>();
    final SortedMap<String, SortedMap<AppId, List<String>>> userGrants = new TreeMap<>();
    final Set<PrincipalAssignment> assignments = new LinkedHashSet<>();
    final Map<PrincipalAssignment, String> lostOnReset = new LinkedHashMap<>();
    final Deque<CpvFailure> callFailures = new ArrayDeque<>();
    final Map<Step, Deque<CpvFailure>> stepFailures = new HashMap<>();
    TenantRoute route = TenantRoute.CUSTOMER;
    boolean principal;
    boolean consented;
    boolean removalDeletesPrincipal;
    int hiddenLooks;
    int looksHiddenByConsent;

    FakeTenantState(TenantId id, SortedMap<AppId, ResourceDefinition> definitions) {
        this.id = id;
        this.definitions = new TreeMap<>(definitions);
    }

    /** Reads or changes the fields under the lock. */
    <T> T read(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

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
            if (!consented) {
                throw new TenantDirectoryException(withoutConsent(), null);
            }
            List<PrincipalAssignment> all = new ArrayList<>(allAssignments());
            all.removeAll(lostOnReset.keySet());
            List<UnrestorableItem> losses = lostOnReset.entrySet().stream()
                    .map(lost -> UnrestorableItem.of(lost.getKey(), lost.getValue()))
                    .toList();
            return new TenantSnapshot(id, appRoles, grants, all, losses);
        });
    }

    /** What the tenant keeps of the application beside app roles and tenant-wide grants. */
    List<PrincipalAssignment> allAssignments() {
        return read(() -> {
            List<PrincipalAssignment> all = new ArrayList<>(assignments);
            userGrants.forEach((user, held) -> held.forEach(
                    (resource, scopes) -> all.add(new PrincipalAssignment.UserGrant(user, resource, scopes))));
            all.sort(Comparator.comparing(PrincipalAssignment::key));
            return List.copyOf(all);
        });
    }

    boolean isPresent(AppId resource) {
        return definitions.containsKey(resource) && !absent.contains(resource);
    }

    /** Answers one step of a plan; a resource that could not be added fails whatever needs it. */
    StepResult apply(PlanStep step, Map<AppId, CpvFailure> failedResources) {
        return answer(step, () -> {
            CpvFailure prerequisite = failedResources.get(step.resource());
            return prerequisite != null
                    ? StepResult.failed(prerequisite)
                    : consented ? write(step) : StepResult.failed(withoutConsent());
        });
    }

    private StepResult write(PlanStep step) {
        return switch (step.kind()) {
            case ADD_RESOURCE -> add(step.resource());
            case ASSIGN_APP_ROLE -> ifResourceIsPresent(step, () -> assign((PlanStep.AssignAppRole) step));
            case REVOKE_APP_ROLE -> {
                var revoke = (PlanStep.RevokeAppRole) step;
                yield done(appRoles.remove(new AssignedAppRole(revoke.resource(), revoke.appRoleId())));
            }
            case SET_SCOPES ->
                ifResourceIsPresent(step, () -> setScopes(step.resource(), ((PlanStep.SetScopes) step).scopes()));
            case MERGE_GRANTS ->
                ifResourceIsPresent(step, () -> setScopes(step.resource(), ((PlanStep.MergeGrants) step).scopes()));
            case CONSENT, REMOVE_CONSENT, DELETE_SERVICE_PRINCIPAL, RESTORE_ASSIGNMENT ->
                throw new IllegalArgumentException("Not a step to apply: " + step.describe());
        };
    }

    /** A removal needs no resource. */
    private StepResult ifResourceIsPresent(PlanStep step, Supplier<StepResult> work) {
        return step.isAddition() && !isPresent(step.resource())
                ? StepResult.failed(
                        CpvFailure.of(FailureCode.NOT_REPLICATED_YET, "The resource has no service principal here"))
                : work.get();
    }

    /** Answers with the failure that a test has set, or else with the result of the work. */
    private StepResult answer(Step step, Supplier<StepResult> work) {
        return read(() -> {
            Deque<CpvFailure> failures = stepFailures.getOrDefault(step, new ArrayDeque<>());
            return failures.isEmpty() ? work.get() : StepResult.failed(failures.remove());
        });
    }

    StepResult consent(PlanStep.Consent consent) {
        return answer(consent, () -> consentTo(consent));
    }

    StepResult removeConsent() {
        return answer(new ResetStep.RemoveConsent(), this::withdraw);
    }

    /** With rights that were held from before, the service principal can be deleted even without consent. */
    StepResult deleteServicePrincipal(boolean rightsHeld) {
        return answer(
                new ResetStep.DeleteServicePrincipal(),
                () -> rightsHeld || consented || !principal ? done(delete()) : StepResult.failed(withoutConsent()));
    }

    StepResult restore(ResetStep.RestoreAssignment restore) {
        return answer(
                restore,
                () -> consented ? done(addAssignment(restore.assignment())) : StepResult.failed(withoutConsent()));
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

    private StepResult withdraw() {
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

    boolean delete() {
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

    boolean addAssignment(PrincipalAssignment assignment) {
        return switch (assignment.kind()) {
            case USER_GRANT -> addUserGrant((PrincipalAssignment.UserGrant) assignment);
            case APP_ASSIGNMENT, DIRECTORY_ROLE, GROUP_MEMBERSHIP -> {
                boolean there = assignments.remove(assignment); // It may have another name now.
                assignments.add(assignment);
                yield !there;
            }
        };
    }

    private boolean addUserGrant(PrincipalAssignment.UserGrant grant) {
        SortedMap<AppId, List<String>> own = userGrants.computeIfAbsent(grant.userId(), user -> new TreeMap<>());
        SortedSet<String> union = new TreeSet<>(own.getOrDefault(grant.resource(), List.of()));
        boolean changed = union.addAll(grant.scopes()); // What the user granted in the meantime stays (R12).
        own.put(grant.resource(), List.copyOf(union));
        return changed;
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

    private static CpvFailure withoutConsent() {
        return CpvFailure.of(FailureCode.CONSENT_MISSING, "The application has no consent here");
    }

    private static StepResult done(boolean changed) {
        return changed ? StepResult.applied() : StepResult.unchanged();
    }
}
