package dev.cpv.graph.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The state behind the three services: tenants, the partner's app and users, relationships. Thread-safe. */
final class World {
    private static final Duration RELATIONSHIP_LIFE = Duration.ofDays(730);

    private final long seed;
    private final Clock clock;
    private final ResourceCatalog catalog = ResourceCatalog.standard();
    private final SignedText signer;
    private final FaultPlan faults = new FaultPlan();
    private final WireJournal journal;
    private final PartnerGroups groups = new PartnerGroups();
    private final Gdap gdap = new Gdap(groups);
    private final PartnerBehaviour partnerBehaviour = new PartnerBehaviour();
    private final List<SimulatedTenant> tenants = new CopyOnWriteArrayList<>();
    private final ConcurrentMap<String, SimulatedTenant> byName = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SimulatedUser> users = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SimulatedUser> administrators = new ConcurrentHashMap<>();
    private final AtomicInteger customers = new AtomicInteger();
    private final AtomicLong madeIds = new AtomicLong();
    private final AppRegistration app;
    private final SimulatedTenant partner;
    private final SimulatedUser serviceAccount;
    private final String serviceGroup;
    private final String secret;

    World(long seed, Clock clock, int journalCapacity) {
        this.seed = seed;
        this.clock = clock;
        this.signer = new SignedText(seed);
        this.journal = new WireJournal(journalCapacity);
        String manifest = Fixtures.manifest();
        JsonNode application = Json.parse(manifest);
        this.app = new AppRegistration(
                application.path("appId").asText(),
                guid("application"),
                application.path("displayName").asText(),
                manifest,
                clock);
        this.secret = "simulated~" + guid("secret");
        app.addSecret(secret);
        this.partner = new SimulatedTenant(this, guid("partner"), "Contoso Partner", "contoso-partner.onmicrosoft.com");
        this.serviceGroup = guid("service-group");
        this.serviceAccount =
                new SimulatedUser(guid("service-account"), "svc-cpv@contoso-partner.onmicrosoft.com", partner.id());
        users.put(serviceAccount.id(), serviceAccount);
        groups.put(serviceGroup, "CPV service accounts", Set.of(serviceAccount.id()));
        register(partner);
        furnish(partner, catalog.resources());
        partner.grantScopes(ResourceCatalog.PARTNER_CENTER, Set.of("user_impersonation"));
        Set<String> own = new TreeSet<>(SimulatedTenant.BOOTSTRAP_SCOPES);
        own.addAll(Set.of("Directory.Read.All", "DelegatedAdminRelationship.Read.All", "User.Read"));
        own.add("CrossTenantInformation.ReadBasic.All");
        partner.grantScopes(ResourceCatalog.GRAPH, own);
    }

    Clock clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    ResourceCatalog catalog() {
        return catalog;
    }

    SignedText signer() {
        return signer;
    }

    FaultPlan faults() {
        return faults;
    }

    WireJournal journal() {
        return journal;
    }

    PartnerGroups groups() {
        return groups;
    }

    Gdap gdap() {
        return gdap;
    }

    PartnerBehaviour partnerBehaviour() {
        return partnerBehaviour;
    }

    AppRegistration app() {
        return app;
    }

    SimulatedTenant partner() {
        return partner;
    }

    SimulatedUser serviceAccount() {
        return serviceAccount;
    }

    String secret() {
        return secret;
    }

    // Tenants

    /** Adds a customer whose tenant has every API but Partner Center, and an active relationship with the partner. */
    SimulatedTenant addCustomer(String name) {
        int number = customers.get() + 1;
        return addCustomer(guid("customer-" + number), name);
    }

    /** Adds a customer with a tenant id that the caller chooses. */
    SimulatedTenant addCustomer(String id, String name) {
        if (byName.containsKey(id)) {
            throw new IllegalArgumentException("id: " + id + " (already the id of a tenant)");
        }
        int number = customers.incrementAndGet();
        String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "");
        String host = byName.containsKey(slug + ".onmicrosoft.com") || slug.isEmpty() ? slug + number : slug;
        SimulatedTenant tenant = new SimulatedTenant(this, id, name, host + ".onmicrosoft.com");
        furnish(
                tenant,
                catalog.resources().stream()
                        .filter(resource -> !resource.appId().equals(ResourceCatalog.PARTNER_CENTER))
                        .toList());
        register(tenant);
        tenant.addRelationship(DirectoryRoles.STANDARD);
        return tenant;
    }

    private void furnish(SimulatedTenant tenant, Collection<ResourceCatalog.Resource> resources) {
        tenant.inDirectory(d -> {
            resources.forEach(resource -> d.addPrincipal(resource.appId(), resource.displayName(), now()));
            return tenant;
        });
    }

    private void register(SimulatedTenant tenant) {
        tenants.add(tenant);
        byName.put(tenant.id(), tenant);
        tenant.domains().forEach(domain -> registerDomain(domain, tenant));
    }

    void registerDomain(String domain, SimulatedTenant tenant) {
        byName.put(domain, tenant);
    }

    /** The tenant of a GUID or of a verified domain. */
    Optional<SimulatedTenant> tenant(String idOrDomain) {
        return Optional.ofNullable(byName.get(idOrDomain.toLowerCase(Locale.ROOT)));
    }

    /** All customers, oldest first. */
    List<SimulatedTenant> customers() {
        List<SimulatedTenant> all = new ArrayList<>(tenants);
        all.remove(partner);
        return all;
    }

    /** An offer of a relationship that no customer has opened, so that it belongs to no tenant yet. */
    GdapRelationship offer(String name, Set<String> roles) {
        Instant now = now();
        GdapRelationship offer = new GdapRelationship(
                nextId() + "-" + nextId(),
                "",
                name,
                GdapRelationship.Status.APPROVAL_PENDING,
                roles,
                RELATIONSHIP_LIFE,
                true,
                now,
                null,
                now.plus(RELATIONSHIP_LIFE),
                1,
                List.of());
        gdap.put(offer);
        return offer;
    }

    GdapRelationship newRelationship(SimulatedTenant tenant, Directory directory, Set<String> roles) {
        Instant now = now();
        GdapRelationship.AccessAssignment assignment =
                new GdapRelationship.AccessAssignment(directory.newId(), serviceGroup, roles, now, now, false, 1);
        return new GdapRelationship(
                directory.newId() + "-" + directory.newId(),
                tenant.id(),
                "Contoso-" + tenant.displayName(),
                GdapRelationship.Status.ACTIVE,
                roles,
                RELATIONSHIP_LIFE,
                true,
                now,
                now,
                now.plus(RELATIONSHIP_LIFE),
                1,
                List.of(assignment));
    }

    // Users and their refresh tokens

    Optional<SimulatedUser> user(String id) {
        return Optional.ofNullable(users.get(id));
    }

    Collection<SimulatedUser> users() {
        return users.values();
    }

    SimulatedUser administratorOf(SimulatedTenant tenant) {
        return administrators.computeIfAbsent(tenant.id(), id -> {
            SimulatedUser user = new SimulatedUser(
                    guid("administrator-" + id), "admin@" + tenant.domains().get(0), id);
            users.put(user.id(), user);
            return user;
        });
    }

    String refreshTokenFor(SimulatedUser user) {
        return refreshTokenFor(user, true);
    }

    /** A refresh token as an interactive sign-in to the app returns it. */
    String refreshTokenFor(SimulatedUser user, boolean mfa) {
        Instant now = now();
        return mint(new RefreshToken(user.id(), app.appId(), user.sessions(), now, now, mfa));
    }

    String mint(RefreshToken token) {
        return token.mint(signer, nextId());
    }

    /**
     * The directory roles that a user holds in a tenant: in the home tenant its own, in other tenants those from GDAP.
     */
    Set<String> directoryRoles(SimulatedUser user, SimulatedTenant tenant) {
        return user.homeTenantId().equals(tenant.id()) ? user.homeRoles() : gdap.effectiveRoles(tenant, user, now());
    }

    // Names and randomness

    String displayNameOf(String appId) {
        return appId.equalsIgnoreCase(app.appId())
                ? app.displayName()
                : catalog.resource(appId)
                        .map(ResourceCatalog.Resource::displayName)
                        .orElse("Application " + appId);
    }

    /** A new GUID, for trace ids for example. It depends only on the seed and on how many were made before. */
    String nextId() {
        return guid("id-" + madeIds.incrementAndGet());
    }

    /** A tenant's own random numbers: requests to other tenants do not affect them. */
    Random randomFor(String name) {
        return new Random(seed * 31
                + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
    }

    /** A GUID that depends only on seed and name. */
    private String guid(String name) {
        return UUID.nameUUIDFromBytes((seed + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
