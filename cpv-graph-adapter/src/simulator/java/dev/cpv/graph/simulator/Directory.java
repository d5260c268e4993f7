package dev.cpv.graph.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory objects of one tenant. Not thread-safe: use {@link SimulatedTenant#inDirectory}, which holds the
 * tenant's lock. Checks nothing; each service makes its own checks.
 */
final class Directory {
    /** The scopes of a grant before its last change, for a token endpoint that lags behind. */
    private record ScopeChange(String before, Instant at) {}

    private final TenantBehaviour behaviour;
    private final Random random;
    private final Map<String, SimulatedServicePrincipal> principals = new LinkedHashMap<>();
    private final Map<String, SimulatedServicePrincipal> deletedPrincipals = new LinkedHashMap<>();
    private final Map<String, SimulatedAppRoleAssignment> assignments = new LinkedHashMap<>();
    private final Map<String, SimulatedGrant> grants = new LinkedHashMap<>();
    private final Map<String, SimulatedRoleAssignment> roleAssignments = new LinkedHashMap<>();
    private final Map<String, Set<String>> groupMemberships = new LinkedHashMap<>();
    private final Set<String> activatedRoles = new TreeSet<>();
    private final Set<String> consentedApps = new HashSet<>();
    private final Map<String, Visibility> visibility = new HashMap<>();
    private final Map<String, Instant> writtenAt = new HashMap<>();
    private final Map<String, ScopeChange> scopeChanges = new HashMap<>();
    private final Map<String, Instant> deletedAt = new HashMap<>();
    private final Map<String, String> principalTypes = new HashMap<>();
    private final Map<String, Set<GroupTrait>> groupTraits = new HashMap<>();
    private final Set<String> deletedObjects = new HashSet<>();
    private long reads;

    Directory(TenantBehaviour behaviour, Random random) {
        this.behaviour = behaviour;
        this.random = random;
    }

    /**
     * The tenant's random numbers. Everything random about the tenant uses them, so that one seed always gives the same
     * run.
     */
    Random random() {
        return random;
    }

    String newId() {
        return new UUID(
                        (random.nextLong() & ~0xF000L) | 0x4000L,
                        (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)
                .toString();
    }

    // Visibility

    /**
     * Begins a request or a part of a batch: with flapping replicas, every second one reads from the replica that is
     * behind.
     */
    void beginRead() {
        reads++;
    }

    /** Whether a read of this kind sees the object now. Objects that were there from the start are always seen. */
    boolean sees(String objectId, ReadKind kind, Instant now) {
        Visibility seen = visibility.get(objectId);
        if (seen == null) {
            return true;
        }
        Duration flapping = behaviour.flapping();
        boolean behind = !flapping.isZero()
                && reads % 2 == 1
                && now.isBefore(writtenAt.getOrDefault(objectId, now).plus(flapping));
        return seen.seenBy(kind, now) && !behind;
    }

    private void appear(String objectId, Instant now, Duration extraDelay) {
        visibility.put(objectId, behaviour.newVisibility(now.plus(extraDelay), random));
        writtenAt.put(objectId, now);
    }

    private void forget(String objectId) {
        visibility.remove(objectId);
        writtenAt.remove(objectId);
    }

    // Service principals

    Collection<SimulatedServicePrincipal> principals() {
        return principals.values();
    }

    Collection<SimulatedServicePrincipal> deletedPrincipals() {
        return deletedPrincipals.values();
    }

    Optional<SimulatedServicePrincipal> principal(String id) {
        return Optional.ofNullable(principals.get(id.toLowerCase(Locale.ROOT)));
    }

    Optional<SimulatedServicePrincipal> deletedPrincipal(String id) {
        return Optional.ofNullable(deletedPrincipals.get(id.toLowerCase(Locale.ROOT)));
    }

    Optional<SimulatedServicePrincipal> principalOf(String appId) {
        return principals.values().stream()
                .filter(principal -> principal.appId().equalsIgnoreCase(appId))
                .findFirst();
    }

    /** The deleted principal that a replica still shows because it has not received the deletion. */
    Optional<SimulatedServicePrincipal> ghostOf(String appId, Instant now) {
        return deletedPrincipals.values().stream()
                .filter(principal -> principal.appId().equalsIgnoreCase(appId))
                .filter(principal -> isStillShown(principal.id(), now))
                .findFirst();
    }

    private boolean isStillShown(String id, Instant now) {
        Instant deleted = deletedAt.get(id);
        if (deleted == null) {
            return false;
        }
        boolean behind = reads % 2 == 1 && now.isBefore(deleted.plus(behaviour.flapping()));
        return behind || now.isBefore(deleted.plus(behaviour.deletionDelay()));
    }

    SimulatedServicePrincipal createPrincipal(String appId, String displayName, Instant now) {
        return createPrincipal(appId, displayName, now, Duration.ZERO);
    }

    SimulatedServicePrincipal createPrincipal(String appId, String displayName, Instant now, Duration extraDelay) {
        SimulatedServicePrincipal principal = addPrincipal(appId, displayName, now);
        appear(principal.id(), now, extraDelay);
        return principal;
    }

    /** Adds a principal that every read sees at once. */
    SimulatedServicePrincipal addPrincipal(String appId, String displayName, Instant createdAt) {
        SimulatedServicePrincipal principal =
                new SimulatedServicePrincipal(newId(), appId.toLowerCase(Locale.ROOT), displayName, true, createdAt);
        principals.put(principal.id(), principal);
        return principal;
    }

    void enablePrincipal(String id, boolean enabled) {
        principals.computeIfPresent(id, (key, principal) -> principal.withEnabled(enabled));
    }

    /** Deletes softly: the permissions of the principal, and those on it, cannot be restored. */
    boolean deletePrincipal(String id) {
        SimulatedServicePrincipal principal = principals.remove(id.toLowerCase(Locale.ROOT));
        if (principal == null) {
            return false;
        }
        deletedPrincipals.put(principal.id(), principal);
        assignments
                .values()
                .removeIf(a ->
                        a.principalId().equals(principal.id()) || a.resourceId().equals(principal.id()));
        grants.values()
                .removeIf(g ->
                        g.clientId().equals(principal.id()) || g.resourceId().equals(principal.id()));
        roleAssignments.values().removeIf(r -> r.principalId().equals(principal.id()));
        groupMemberships.values().forEach(members -> members.remove(principal.id()));
        consentedApps.remove(principal.appId());
        forget(principal.id());
        return true;
    }

    /** Deletes softly and records the time, since deleted objects are kept for a limited time. */
    boolean deletePrincipal(String id, Instant now) {
        boolean deleted = deletePrincipal(id);
        if (deleted) {
            deletedAt.put(id.toLowerCase(Locale.ROOT), now);
        }
        return deleted;
    }

    /** When a principal was deleted, if that is known. */
    Optional<Instant> deletedAt(String id) {
        return Optional.ofNullable(deletedAt.get(id));
    }

    Optional<SimulatedServicePrincipal> restorePrincipal(String id) {
        SimulatedServicePrincipal principal = deletedPrincipals.remove(id.toLowerCase(Locale.ROOT));
        if (principal != null) {
            principals.put(principal.id(), principal);
        }
        return Optional.ofNullable(principal);
    }

    boolean purgePrincipal(String id) {
        return deletedPrincipals.remove(id.toLowerCase(Locale.ROOT)) != null;
    }

    // Application permissions

    Collection<SimulatedAppRoleAssignment> assignments() {
        return assignments.values();
    }

    /** The assignments of a client, oldest first. */
    List<SimulatedAppRoleAssignment> assignmentsOf(String principalId) {
        return assignments.values().stream()
                .filter(assignment -> assignment.principalId().equalsIgnoreCase(principalId))
                .toList();
    }

    /** The assignments of a resource's roles, oldest first. */
    List<SimulatedAppRoleAssignment> assignmentsOn(String resourceId) {
        return assignments.values().stream()
                .filter(assignment -> assignment.resourceId().equalsIgnoreCase(resourceId))
                .toList();
    }

    Optional<SimulatedAppRoleAssignment> assignment(String principalId, String resourceId, String appRoleId) {
        return assignmentsOf(principalId).stream()
                .filter(assignment -> assignment.resourceId().equalsIgnoreCase(resourceId)
                        && assignment.appRoleId().equalsIgnoreCase(appRoleId))
                .findFirst();
    }

    Optional<SimulatedAppRoleAssignment> assignment(String id) {
        return Optional.ofNullable(assignments.get(id));
    }

    /**
     * {@code User} or {@code Group} if the principal was ever assigned to an app; the model has no other users and
     * groups.
     */
    Optional<String> principalType(String principalId) {
        return Optional.ofNullable(principalTypes.get(principalId.toLowerCase(Locale.ROOT)));
    }

    SimulatedAppRoleAssignment assign(
            String principalId, String principalType, String resourceId, String appRoleId, Instant now) {
        SimulatedAppRoleAssignment assignment = new SimulatedAppRoleAssignment(
                ObjectIds.appRoleAssignment(principalId, UUID.fromString(newId())),
                principalId.toLowerCase(Locale.ROOT),
                principalType,
                resourceId.toLowerCase(Locale.ROOT),
                appRoleId.toLowerCase(Locale.ROOT),
                now);
        assignments.put(assignment.id(), assignment);
        if (!principalType.equals("ServicePrincipal")) {
            principalTypes.put(assignment.principalId(), principalType);
        }
        appear(assignment.id(), now, Duration.ZERO);
        return assignment;
    }

    boolean removeAssignment(String id) {
        forget(id);
        return assignments.remove(id) != null;
    }

    // Delegated permissions

    Collection<SimulatedGrant> grants() {
        return grants.values();
    }

    /** All grants of a client, including users' own, oldest first. */
    List<SimulatedGrant> grantsOf(String clientId) {
        return grants.values().stream()
                .filter(grant -> grant.clientId().equalsIgnoreCase(clientId))
                .toList();
    }

    Optional<SimulatedGrant> grant(String id) {
        return Optional.ofNullable(grants.get(id));
    }

    /** The grant with this key; a null principal means the tenant-wide one. */
    Optional<SimulatedGrant> grant(String clientId, String resourceId, @Nullable String principalId) {
        return grantsOf(clientId).stream()
                .filter(grant -> grant.resourceId().equalsIgnoreCase(resourceId))
                .filter(grant ->
                        principalId == null ? grant.tenantWide() : principalId.equalsIgnoreCase(grant.principalId()))
                .findFirst();
    }

    SimulatedGrant addGrant(
            String clientId, String resourceId, @Nullable String principalId, String scope, Instant now) {
        return addGrant(clientId, resourceId, principalId, scope, now, Duration.ZERO);
    }

    SimulatedGrant addGrant(
            String clientId,
            String resourceId,
            @Nullable String principalId,
            String scope,
            Instant now,
            Duration extraDelay) {
        String id = principalId == null
                ? ObjectIds.grant(clientId, resourceId)
                : ObjectIds.grant(clientId, resourceId, principalId);
        return store(new SimulatedGrant(id, clientId, resourceId, principalId, scope, now), extraDelay);
    }

    /** Adds a second tenant-wide grant with the same key, as some old tenants have. Microsoft creates no new ones. */
    SimulatedGrant addDuplicateGrant(String clientId, String resourceId, String scope, Instant now) {
        String id = ObjectIds.grant(clientId, resourceId, newId());
        return store(new SimulatedGrant(id, clientId, resourceId, null, scope, now), Duration.ZERO);
    }

    private SimulatedGrant store(SimulatedGrant grant, Duration extraDelay) {
        grants.put(grant.id(), grant);
        scopeChanges.remove(grant.id());
        appear(grant.id(), grant.createdAt(), extraDelay);
        return grant;
    }

    boolean patchGrant(String id, String scope, Instant now) {
        SimulatedGrant grant = grants.get(id);
        if (grant == null) {
            return false;
        }
        scopeChanges.put(id, new ScopeChange(grant.scope(), now));
        grants.put(id, grant.withScope(scope));
        return true;
    }

    boolean removeGrant(String id) {
        forget(id);
        scopeChanges.remove(id);
        return grants.remove(id) != null;
    }

    // What the token endpoint knows, which may be less than Graph knows

    boolean tokenEndpointKnows(SimulatedServicePrincipal principal, Instant now) {
        return known(principal.createdAt(), principal.id(), now);
    }

    /** The delegated scopes of a client on a resource: the tenant-wide ones and the user's own. */
    Set<String> scopesForToken(String clientId, String resourceId, String userId, Instant now) {
        Set<String> scopes = new TreeSet<>();
        for (SimulatedGrant grant : grantsOf(clientId)) {
            boolean applies = grant.tenantWide() || userId.equalsIgnoreCase(grant.principalId());
            if (applies && grant.resourceId().equals(resourceId) && known(grant.createdAt(), grant.id(), now)) {
                scopes.addAll(SimulatedGrant.split(scopeKnown(grant, now)));
            }
        }
        return scopes;
    }

    /** The ids of the app roles of a client on a resource. */
    Set<String> rolesForToken(String clientId, String resourceId, Instant now) {
        Set<String> roles = new TreeSet<>();
        for (SimulatedAppRoleAssignment assignment : assignmentsOf(clientId)) {
            if (assignment.resourceId().equals(resourceId) && known(assignment.createdAt(), assignment.id(), now)) {
                roles.add(assignment.appRoleId());
            }
        }
        return roles;
    }

    private String scopeKnown(SimulatedGrant grant, Instant now) {
        ScopeChange change = scopeChanges.get(grant.id());
        boolean lagging = change != null && now.isBefore(change.at().plus(behaviour.consentTokenDelay()));
        return lagging && change != null ? change.before() : grant.scope();
    }

    /** Seeded objects are known at once. */
    private boolean known(Instant createdAt, String objectId, Instant now) {
        return !visibility.containsKey(objectId) || !now.isBefore(createdAt.plus(behaviour.consentTokenDelay()));
    }

    /** Makes an object visible to every read at once, for seeding. */
    void settle(String objectId) {
        forget(objectId);
        scopeChanges.remove(objectId);
    }

    // Partner Center's record of its consents

    void recordConsent(String appId) {
        consentedApps.add(appId.toLowerCase(Locale.ROOT));
    }

    boolean hasConsentRecord(String appId) {
        return consentedApps.contains(appId.toLowerCase(Locale.ROOT));
    }

    boolean removeConsentRecord(String appId) {
        return consentedApps.remove(appId.toLowerCase(Locale.ROOT));
    }

    // Directory roles and groups

    Collection<SimulatedRoleAssignment> roleAssignments() {
        return roleAssignments.values();
    }

    SimulatedRoleAssignment assignRole(
            String roleTemplateId, String principalId, String organizationId, String directoryScopeId) {
        SimulatedRoleAssignment assignment = new SimulatedRoleAssignment(
                ObjectIds.roleAssignment(roleTemplateId, principalId),
                roleTemplateId,
                principalId,
                organizationId,
                directoryScopeId);
        roleAssignments.put(assignment.id(), assignment);
        return assignment;
    }

    boolean removeRoleAssignment(String id) {
        return roleAssignments.remove(id) != null;
    }

    /** Roles that the legacy directoryRoles API knows: a role appears there once it was activated. */
    Set<String> activatedRoles() {
        return activatedRoles;
    }

    /** Members of the tenant's groups by group id; not a copy: changes to it change the directory. */
    Map<String, Set<String>> groupMemberships() {
        return groupMemberships;
    }

    Set<GroupTrait> groupTraits(String groupId) {
        return groupTraits.getOrDefault(groupId, Set.of());
    }

    void groupTraits(String groupId, Set<GroupTrait> traits) {
        groupTraits.put(groupId, traits);
    }

    /** Users and groups that were deleted. The directory takes every other id for an existing object. */
    Set<String> deletedObjects() {
        return deletedObjects;
    }

    /** Deletes a user or a group with its assignments and grants, and a group also with its list of members. */
    void deleteObject(String id) {
        deletedObjects.add(id);
        principalTypes.remove(id);
        groupMemberships.remove(id);
        assignments.values().removeIf(assignment -> assignment.principalId().equals(id));
        grants.values().removeIf(grant -> id.equals(grant.principalId()));
    }

    /** A copy of the ids of the groups that a principal is in. */
    Set<String> groupsOf(String principalId) {
        Set<String> groups = new TreeSet<>();
        for (String group : new ArrayList<>(groupMemberships.keySet())) {
            if (groupMemberships.getOrDefault(group, Set.of()).contains(principalId)) {
                groups.add(group);
            }
        }
        return groups;
    }
}
