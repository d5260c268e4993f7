package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A tenant: the partner's own or a customer's. Thread-safe: one lock guards its directory, so a method never sees the
 * state in the middle of a request.
 *
 * <p>What these methods add is visible to every read at once, even if {@link TenantBehaviour} sets a lag. "The app" is
 * the partner's app registration.
 */
public final class SimulatedTenant {
    /** The delegated scopes of Microsoft Graph that an app needs to manage itself. */
    public static final Set<String> BOOTSTRAP_SCOPES = Set.of(
            "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Application.ReadWrite.All");

    private final World world;
    private final String id;
    private final String displayName;
    private final List<String> domains;
    private final TenantBehaviour behaviour = new TenantBehaviour();
    private final Set<String> licences = new CopyOnWriteArraySet<>(Set.of("SPB", "ENTERPRISEPREMIUM"));
    private final ReentrantLock lock = new ReentrantLock();
    private final Directory directory;
    private volatile int users = 100;

    SimulatedTenant(World world, String id, String displayName, String domain) {
        this.world = world;
        this.id = id;
        this.displayName = displayName;
        this.domains = new CopyOnWriteArrayList<>(List.of(domain));
        this.directory = new Directory(behaviour, world.randomFor(id));
    }

    // Identity

    /**
     * The tenant id.
     *
     * @return a GUID in lower case
     */
    public String id() {
        return id;
    }

    /**
     * The name of the organisation.
     *
     * @return the display name
     */
    public String displayName() {
        return displayName;
    }

    /**
     * The verified domains.
     *
     * @return a copy, the initial domain first
     */
    public List<String> domains() {
        return List.copyOf(domains);
    }

    /**
     * The switches of this tenant.
     *
     * @return the switches, to be changed at any time
     */
    public TenantBehaviour behaviour() {
        return behaviour;
    }

    /**
     * The number of users, on which Graph's quotas depend: fewer than 50, up to 500, or more.
     *
     * @return the number, 100 at first
     */
    public int users() {
        return users;
    }

    /**
     * The licences.
     *
     * @return a copy of the part numbers
     */
    public Set<String> licences() {
        return Set.copyOf(licences);
    }

    /**
     * Sets the number of users.
     *
     * @param count the number
     * @return this
     */
    public SimulatedTenant users(int count) {
        users = count;
        return this;
    }

    /**
     * Replaces the licences. This does not change the APIs that the tenant has; see {@link #withoutResource}.
     *
     * @param partNumbers part numbers such as {@code SPB}
     * @return this
     */
    public SimulatedTenant licences(Set<String> partNumbers) {
        licences.clear();
        licences.addAll(partNumbers);
        return this;
    }

    /**
     * Adds a verified domain.
     *
     * @param domain the domain name
     * @return this
     */
    public SimulatedTenant addDomain(String domain) {
        String name = domain.toLowerCase(Locale.ROOT);
        domains.add(name);
        world.registerDomain(name, this);
        return this;
    }

    // GDAP

    /**
     * The relationships with the partner.
     *
     * @return a copy, oldest first; a new customer has an active one
     */
    public List<GdapRelationship> relationships() {
        return world.gdap().of(id);
    }

    /**
     * Changes a relationship.
     *
     * @param relationshipId its id
     * @param change makes the new one from the old one
     * @return this
     */
    public SimulatedTenant updateRelationship(String relationshipId, UnaryOperator<GdapRelationship> change) {
        world.gdap().update(relationshipId, change);
        return this;
    }

    /**
     * Adds an active relationship whose roles are mapped to a partner group that the service account is in.
     *
     * @param roles template ids of the roles
     * @return the relationship
     */
    public GdapRelationship addRelationship(Set<String> roles) {
        GdapRelationship relationship = inDirectory(d -> world.newRelationship(this, d, roles));
        world.gdap().put(relationship);
        return relationship;
    }

    /**
     * Replaces the roles of all relationships and of all groups mapped to them.
     *
     * @param roles template ids of the roles
     * @return this
     */
    public SimulatedTenant relationshipRoles(Set<String> roles) {
        relationships().forEach(r -> updateRelationship(r.id(), old -> old.withRoles(roles)));
        return this;
    }

    /**
     * Gives all relationships one status, such as terminated.
     *
     * @param status the status; {@code ACTIVE} begins a new activation now
     * @return this
     */
    public SimulatedTenant relationshipStatus(GdapRelationship.Status status) {
        Instant now = clock().instant();
        relationships().forEach(r -> updateRelationship(r.id(), old -> old.withStatus(status, now)));
        return this;
    }

    /**
     * Removes all relationships.
     *
     * @return this
     */
    public SimulatedTenant withoutRelationships() {
        relationships().forEach(r -> world.gdap().remove(r.id()));
        return this;
    }

    /**
     * Lets an administrator of this tenant sign in to the app, as in a tenant that the partner manages without a
     * relationship. This does not consent the app.
     *
     * @return a refresh token of that user, valid in this tenant only
     */
    public String signInAdministrator() {
        return world.refreshTokenFor(world.administratorOf(this));
    }

    // Seeding

    /**
     * Consents the app as Partner Center does: its service principal, and a tenant-wide grant on Microsoft Graph.
     *
     * @param graphScopes the delegated scopes; usually {@link #BOOTSTRAP_SCOPES}
     * @return this
     */
    public SimulatedTenant consented(Set<String> graphScopes) {
        return inDirectory(d -> {
            d.recordConsent(world.app().appId());
            return grantScopes(ResourceCatalog.GRAPH, graphScopes);
        });
    }

    /**
     * Gives the app everything that a manifest requires except Partner Center: the tenant is in sync.
     *
     * @param manifest the {@code application} JSON
     * @return this
     */
    public SimulatedTenant granted(String manifest) {
        consented(BOOTSTRAP_SCOPES);
        for (JsonNode resource : Json.parse(manifest).path("requiredResourceAccess")) {
            String appId = resource.path("resourceAppId").asText();
            if (!appId.equals(ResourceCatalog.PARTNER_CENTER)) {
                grantAll(appId, resource.path("resourceAccess"));
            }
        }
        return this;
    }

    private void grantAll(String resourceAppId, JsonNode accesses) {
        Set<String> scopes = new TreeSet<>();
        for (JsonNode access : accesses) {
            String permission = access.path("id").asText();
            if (access.path("type").asText().equals("Role")) {
                assignAppRole(resourceAppId, permission);
            } else {
                scopes.add(world.catalog()
                        .resource(resourceAppId)
                        .flatMap(resource -> resource.scope(permission))
                        .map(ResourceCatalog.Permission::value)
                        .orElse(permission));
            }
        }
        if (!scopes.isEmpty()) {
            grantScopes(resourceAppId, scopes);
        }
    }

    /**
     * Adds delegated scopes to the app's tenant-wide grant on a resource, creating grant and service principals as
     * needed.
     *
     * @param resourceAppId the resource
     * @param scopes the scope values
     * @return this
     */
    public SimulatedTenant grantScopes(String resourceAppId, Set<String> scopes) {
        return onResource(resourceAppId, (d, client, resource) -> {
            Set<String> union = new TreeSet<>(scopes);
            Optional<SimulatedGrant> existing = d.grant(client.id(), resource.id(), null);
            existing.ifPresent(grant -> union.addAll(grant.scopes()));
            writeGrant(d, client, resource, existing, String.join(" ", union));
        });
    }

    /**
     * Writes the scope string of the app's tenant-wide grant exactly as given: odd blanks, other case, any order.
     *
     * @param resourceAppId the resource
     * @param scope the scope string
     * @return this
     */
    public SimulatedTenant scopeString(String resourceAppId, String scope) {
        return onResource(
                resourceAppId,
                (d, client, resource) ->
                        writeGrant(d, client, resource, d.grant(client.id(), resource.id(), null), scope));
    }

    private void writeGrant(
            Directory d,
            SimulatedServicePrincipal client,
            SimulatedServicePrincipal resource,
            Optional<SimulatedGrant> existing,
            String scope) {
        Instant now = clock().instant();
        if (existing.isPresent()) {
            d.patchGrant(existing.get().id(), scope, now);
            d.settle(existing.get().id());
        } else {
            d.settle(d.addGrant(client.id(), resource.id(), null, scope, now).id());
        }
    }

    /**
     * Removes delegated scopes from the app's tenant-wide grants on a resource.
     *
     * @param resourceAppId the resource
     * @param scopes the scope values
     * @return this
     */
    public SimulatedTenant removeScopes(String resourceAppId, Set<String> scopes) {
        return onResource(resourceAppId, (d, client, resource) -> {
            for (SimulatedGrant grant : d.grantsOf(client.id())) {
                if (grant.tenantWide() && grant.resourceId().equals(resource.id())) {
                    Set<String> left = new TreeSet<>(grant.scopes());
                    left.removeAll(scopes);
                    d.patchGrant(grant.id(), String.join(" ", left), clock().instant());
                    d.settle(grant.id());
                }
            }
        });
    }

    /**
     * Adds one more tenant-wide grant for a resource that has one, as some old tenants have.
     *
     * @param resourceAppId the resource
     * @param scopes the scope values
     * @return this
     */
    public SimulatedTenant duplicateGrant(String resourceAppId, Set<String> scopes) {
        return onResource(
                resourceAppId,
                (d, client, resource) -> d.settle(d.addDuplicateGrant(
                                client.id(), resource.id(), String.join(" ", new TreeSet<>(scopes)), clock().instant())
                        .id()));
    }

    /**
     * Adds one user's own grant to the app.
     *
     * @param userId the user's object id, a GUID
     * @param resourceAppId the resource
     * @param scopes the scope values
     * @return this
     */
    public SimulatedTenant userGrant(String userId, String resourceAppId, Set<String> scopes) {
        return onResource(
                resourceAppId,
                (d, client, resource) -> d.settle(d.addGrant(
                                client.id(),
                                resource.id(),
                                userId,
                                String.join(" ", new TreeSet<>(scopes)),
                                clock().instant())
                        .id()));
    }

    /**
     * Gives the app an application permission, creating service principals as needed.
     *
     * @param resourceAppId the resource
     * @param roleIdOrValue the role's GUID, or its name if the catalog has it
     * @return this
     */
    public SimulatedTenant assignAppRole(String resourceAppId, String roleIdOrValue) {
        return onResource(resourceAppId, (d, client, resource) -> {
            String roleId = roleId(resourceAppId, roleIdOrValue);
            if (d.assignment(client.id(), resource.id(), roleId).isEmpty()) {
                d.settle(d.assign(client.id(), "ServicePrincipal", resource.id(), roleId, clock().instant())
                        .id());
            }
        });
    }

    /**
     * Removes an application permission from the app.
     *
     * @param resourceAppId the resource
     * @param roleIdOrValue the role's GUID, or its name if the catalog has it
     * @return this
     */
    public SimulatedTenant removeAppRole(String resourceAppId, String roleIdOrValue) {
        return onResource(
                resourceAppId,
                (d, client, resource) -> d.assignment(client.id(), resource.id(), roleId(resourceAppId, roleIdOrValue))
                        .ifPresent(assignment -> d.removeAssignment(assignment.id())));
    }

    private String roleId(String resourceAppId, String idOrValue) {
        return world.catalog()
                .resource(resourceAppId)
                .flatMap(resource -> resource.appRole(idOrValue))
                .map(ResourceCatalog.Permission::id)
                .orElse(idOrValue);
    }

    /**
     * Assigns a user or a group of the tenant to the app, so that a reset would lose the assignment.
     *
     * @param principalType {@code User} or {@code Group}
     * @param principalId the object id, a GUID
     * @param appRoleId the role of the app, all zeros for the default access
     * @return this
     */
    public SimulatedTenant assignToApp(String principalType, String principalId, String appRoleId) {
        return inDirectory(d -> {
            SimulatedServicePrincipal app = ensurePrincipal(d, world.app().appId());
            d.settle(d.assign(principalId, principalType, app.id(), appRoleId, clock().instant())
                    .id());
            return this;
        });
    }

    /**
     * Gives the app's service principal a directory role.
     *
     * @param roleTemplateId the role
     * @return this
     */
    public SimulatedTenant assignDirectoryRole(String roleTemplateId) {
        return inDirectory(d -> {
            SimulatedServicePrincipal app = ensurePrincipal(d, world.app().appId());
            d.activatedRoles().add(roleTemplateId);
            d.assignRole(roleTemplateId, app.id(), id, "/");
            return this;
        });
    }

    /**
     * Puts the app's service principal into a group.
     *
     * @param groupId the group's object id
     * @return this
     */
    public SimulatedTenant addToGroup(String groupId) {
        return inDirectory(d -> {
            SimulatedServicePrincipal app = ensurePrincipal(d, world.app().appId());
            d.groupMemberships()
                    .computeIfAbsent(groupId, key -> new HashSet<>())
                    .add(app.id());
            return this;
        });
    }

    /**
     * Puts the app's service principal into a special group.
     *
     * @param groupId the group's object id
     * @param traits its special properties
     * @return this
     */
    public SimulatedTenant addToGroup(String groupId, Set<GroupTrait> traits) {
        return inDirectory(d -> {
            d.groupTraits(groupId, Set.copyOf(traits));
            return addToGroup(groupId);
        });
    }

    /**
     * Deletes a user or a group with its assignments and grants, and a group also with its list of members.
     *
     * @param objectId its object id, a GUID
     * @return this
     */
    public SimulatedTenant deleteUserOrGroup(String objectId) {
        return inDirectory(d -> {
            d.deleteObject(objectId.toLowerCase(Locale.ROOT));
            return this;
        });
    }

    /**
     * Adds unrelated service principals, as every tenant has them.
     *
     * @param count how many
     * @return this
     */
    public SimulatedTenant addServicePrincipals(int count) {
        return inDirectory(d -> {
            for (int i = 1; i <= count; i++) {
                d.addPrincipal(d.newId(), "Application " + i, clock().instant());
            }
            return this;
        });
    }

    /**
     * Removes the service principal of a resource and prevents its creation.
     *
     * @param resourceAppId the resource
     * @param how how Graph refuses its creation
     * @return this
     */
    public SimulatedTenant withoutResource(String resourceAppId, Unavailability how) {
        behaviour.unavailable(resourceAppId, how);
        return withoutServicePrincipal(resourceAppId);
    }

    /**
     * Removes the service principal of an application as if it had never existed; it can be created again.
     *
     * @param appId the application
     * @return this
     */
    public SimulatedTenant withoutServicePrincipal(String appId) {
        return inDirectory(d -> {
            d.principalOf(appId).ifPresent(principal -> {
                d.deletePrincipal(principal.id());
                d.purgePrincipal(principal.id());
            });
            return this;
        });
    }

    /**
     * Deletes the service principal of an application softly, as an administrator of the tenant does.
     *
     * @param appId the application
     * @return this
     */
    public SimulatedTenant deleteServicePrincipal(String appId) {
        return inDirectory(d -> {
            d.principalOf(appId).ifPresent(principal -> d.deletePrincipal(principal.id()));
            return this;
        });
    }

    /**
     * Enables or disables the service principal of an application, as an administrator of the tenant does.
     *
     * @param appId the application
     * @param enabled whether it is enabled
     * @return this
     */
    public SimulatedTenant enableServicePrincipal(String appId, boolean enabled) {
        return inDirectory(d -> {
            d.principalOf(appId).ifPresent(principal -> d.enablePrincipal(principal.id(), enabled));
            return this;
        });
    }

    // Reading

    /**
     * All service principals.
     *
     * @return a copy, oldest first
     */
    public List<SimulatedServicePrincipal> servicePrincipals() {
        return inDirectory(d -> List.copyOf(d.principals()));
    }

    /**
     * The service principals that were deleted softly.
     *
     * @return a copy, in the order of their deletion
     */
    public List<SimulatedServicePrincipal> deletedServicePrincipals() {
        return inDirectory(d -> List.copyOf(d.deletedPrincipals()));
    }

    /**
     * The service principal of an application.
     *
     * @param appId the application
     * @return the service principal; empty if there is none
     */
    public Optional<SimulatedServicePrincipal> servicePrincipal(String appId) {
        return inDirectory(d -> d.principalOf(appId));
    }

    /**
     * The application permissions that an application holds.
     *
     * @param appId the application
     * @return role ids by the resource's application id
     */
    public Map<String, Set<String>> grantedAppRoles(String appId) {
        return inDirectory(d -> {
            Map<String, Set<String>> roles = new TreeMap<>();
            d.principalOf(appId)
                    .ifPresent(client -> d.assignmentsOf(client.id())
                            .forEach(assignment ->
                                    add(roles, appIdOf(d, assignment.resourceId()), assignment.appRoleId())));
            return Collections.unmodifiableMap(roles);
        });
    }

    /**
     * The delegated permissions that an application holds for the whole tenant.
     *
     * @param appId the application
     * @return scope values by the resource's application id
     */
    public Map<String, Set<String>> grantedScopes(String appId) {
        return inDirectory(d -> {
            Map<String, Set<String>> scopes = new TreeMap<>();
            for (SimulatedGrant grant : grants(appId)) {
                if (grant.tenantWide()) {
                    grant.scopes().forEach(scope -> add(scopes, appIdOf(d, grant.resourceId()), scope));
                }
            }
            return Collections.unmodifiableMap(scopes);
        });
    }

    /**
     * The grants of an application, including users' own.
     *
     * @param appId the application
     * @return a copy, oldest first
     */
    public List<SimulatedGrant> grants(String appId) {
        return inDirectory(
                d -> d.principalOf(appId).map(client -> d.grantsOf(client.id())).orElse(List.of()));
    }

    /**
     * The directory roles that an application's service principal holds.
     *
     * @param appId the application
     * @return template ids
     */
    public Set<String> directoryRoles(String appId) {
        return inDirectory(d -> {
            Set<String> roles = new TreeSet<>();
            d.principalOf(appId)
                    .ifPresent(principal -> d.roleAssignments().stream()
                            .filter(assignment -> assignment.principalId().equals(principal.id()))
                            .forEach(assignment -> roles.add(assignment.roleDefinitionId())));
            return Collections.unmodifiableSet(roles);
        });
    }

    /**
     * The groups that an application's service principal is in.
     *
     * @param appId the application
     * @return group ids
     */
    public Set<String> groups(String appId) {
        return inDirectory(d -> d.principalOf(appId)
                .map(principal -> d.groupsOf(principal.id()))
                .orElse(Set.of()));
    }

    /**
     * The users and groups assigned to an application.
     *
     * @param appId the application
     * @return a copy, oldest first
     */
    public List<SimulatedAppRoleAssignment> assignedTo(String appId) {
        return inDirectory(d -> new ArrayList<>(d.principalOf(appId)
                .map(resource -> d.assignmentsOn(resource.id()))
                .orElse(List.of())));
    }

    // For the services

    /** Runs work on the directory under the tenant's lock. Never take another tenant's lock inside. */
    <T> T inDirectory(Function<Directory, T> work) {
        lock.lock();
        try {
            return work.apply(directory);
        } finally {
            lock.unlock();
        }
    }

    boolean partner() {
        return id.equals(world.partner().id());
    }

    /** The definition of a resource in this tenant: the catalog without the roles that were withdrawn here. */
    Optional<ResourceCatalog.Resource> definition(String appId) {
        Optional<ResourceCatalog.Resource> published = world.catalog().resource(appId);
        return behaviour.offersAllAppRoles() ? published : published.map(this::withoutWithdrawnRoles);
    }

    private ResourceCatalog.Resource withoutWithdrawnRoles(ResourceCatalog.Resource resource) {
        return new ResourceCatalog.Resource(
                resource.appId(),
                resource.displayName(),
                resource.identifierUris(),
                resource.appRoles().stream()
                        .filter(role -> !behaviour.appRoleWithdrawn(resource.appId(), role.id()))
                        .toList(),
                resource.scopes());
    }

    private Clock clock() {
        return world.clock();
    }

    private SimulatedServicePrincipal ensurePrincipal(Directory d, String appId) {
        return d.principalOf(appId)
                .orElseGet(() -> d.addPrincipal(appId, world.displayNameOf(appId), clock().instant()));
    }

    private SimulatedTenant onResource(String resourceAppId, ResourceWork work) {
        return inDirectory(d -> {
            SimulatedServicePrincipal client = ensurePrincipal(d, world.app().appId());
            SimulatedServicePrincipal resource = ensurePrincipal(d, resourceAppId);
            work.on(d, client, resource);
            return this;
        });
    }

    @FunctionalInterface
    private interface ResourceWork {
        void on(Directory directory, SimulatedServicePrincipal client, SimulatedServicePrincipal resource);
    }

    private static String appIdOf(Directory d, String principalId) {
        return d.principal(principalId).map(SimulatedServicePrincipal::appId).orElse(principalId);
    }

    private static void add(Map<String, Set<String>> map, String key, String value) {
        map.computeIfAbsent(key, absent -> new TreeSet<>()).add(value);
    }

    @Override
    public String toString() {
        return "SimulatedTenant[" + displayName + " " + id + "]";
    }

    /** The tenant's verified domains, and whether each is the initial one. */
    Map<String, Boolean> domainsByName() {
        Map<String, Boolean> byName = new LinkedHashMap<>();
        domains.forEach(domain -> byName.put(domain, domain.equals(domains.get(0))));
        return byName;
    }
}
