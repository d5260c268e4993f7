package dev.cpv;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvFailure;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.FailureCode;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.PermissionType;
import dev.cpv.model.PublishedScope;
import dev.cpv.model.RequiredPermission;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import dev.cpv.model.TenantWideGrant;
import dev.cpv.testkit.Chance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * Makes required sets and tenants by chance, the same ones for the same seed. Values come from small pools, so that what is
 * required, published, granted and extra meets often.
 */
final class Generator {
    private static final int SEEDS = 60;
    private static final List<AppId> POOL = List.of(
            AppId.MICROSOFT_GRAPH,
            AppId.PARTNER_CENTER,
            AppId.of("fc780465-2017-40d4-a0c5-307022471b92"),
            AppId.of("00000002-0000-0ff1-ce00-000000000000"),
            AppId.of("c5393580-f805-4401-95e8-94b7a6ef2fc2"));

    private final Random random;

    Generator(long seed) {
        random = new Random(seed);
    }

    /**
     * The seeds of a property ({@code -Dcpv.seeds=5000} for more of them). The name of a failing test contains its seed, and
     * {@code -Dcpv.seed=…} runs that one alone.
     */
    static LongStream seeds() {
        return Chance.seeds("cpv.seeds", SEEDS);
    }

    Random random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    ExtraGrants extraGrants() {
        return chance(0.5) ? ExtraGrants.KEEP : ExtraGrants.REVOKE;
    }

    <T> List<T> shuffled(Iterable<T> values) {
        List<T> list = new ArrayList<>();
        values.forEach(list::add);
        Collections.shuffle(list, random);
        return list;
    }

    /** The nth role of every resource has this id; its value is {@link #roleName}. */
    private static UUID role(int n) {
        return new UUID(0x1111111100004000L, 0x8000000000000000L + n);
    }

    private static UUID scope(int n) {
        return new UUID(0x2222222200004000L, 0x8000000000000000L + n);
    }

    private static String roleName(int n) {
        return "Role." + n + ".All";
    }

    /** Some scopes are so long that they do not fit into one grant together. */
    private static String scopeName(int n) {
        return n < 9 ? "Scope." + n : "Scope." + n + "x".repeat(238);
    }

    private String anyCase(String text) {
        return chance(0.8) ? text : chance(0.5) ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
    }

    /** Up to 40 permissions on up to five resources; by GUID or value, offered or not, spelled in any case. */
    List<RequiredPermission> permissions() {
        List<RequiredPermission> permissions = new ArrayList<>();
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            AppId resource = POOL.get(random.nextInt(POOL.size()));
            int n = random.nextInt(chance(0.1) ? 27 : 9);
            boolean application = chance(0.4);
            String id = application
                    ? chance(0.7) ? role(n).toString() : anyCase(roleName(n))
                    : chance(0.5) ? scope(n).toString() : anyCase(scopeName(n));
            permissions.add(new RequiredPermission(
                    resource, application ? PermissionType.APPLICATION : PermissionType.DELEGATED, id));
        }
        return permissions;
    }

    RequiredPermissionSet required() {
        return set(permissions());
    }

    static RequiredPermissionSet set(List<RequiredPermission> permissions) {
        RequiredPermissionSet.Builder set = RequiredPermissionSet.builder("generated");
        permissions.forEach(set::add);
        return set.build();
    }

    /** What a resource publishes: most of the pool, some roles for users alone, Graph with cpv's own scopes. */
    ResourceDefinition definition(AppId resource, boolean ofTenant) {
        List<AppRole> roles = new ArrayList<>();
        List<PublishedScope> scopes = new ArrayList<>();
        for (int n = 0; n < 27; n++) {
            if (chance(0.9)) {
                roles.add(new AppRole(role(n), roleName(n), chance(0.9)));
            }
            if (chance(0.8)) {
                scopes.add(new PublishedScope(scope(n), scopeName(n)));
            }
        }
        if (resource.equals(AppId.MICROSOFT_GRAPH)) {
            scopes.addAll(RequiredPermissionSet.bootstrapScopes());
        }
        return ofTenant
                ? ResourceDefinition.ofTenant(roles, scopes)
                : ResourceDefinition.ofAnotherTenant(roles, scopes);
    }

    /** The app roles that a tenant holds: of the pool, or of nobody. */
    List<AssignedAppRole> appRoles() {
        List<AssignedAppRole> roles = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            roles.add(new AssignedAppRole(POOL.get(random.nextInt(POOL.size())), role(random.nextInt(30))));
        }
        return roles;
    }

    /** The grants that a tenant holds: doubles, odd spellings, extras. */
    List<TenantWideGrant> grants() {
        List<TenantWideGrant> grants = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            List<String> scopes = new ArrayList<>();
            for (int n = random.nextInt(8); n > 0; n--) {
                scopes.add(anyCase(chance(0.9) ? scopeName(random.nextInt(12)) : "Extra." + n));
            }
            grants.add(new TenantWideGrant(POOL.get(random.nextInt(POOL.size())), scopes));
        }
        return grants;
    }

    /** What is known of the resources: present, absent, not creatable, disabled; the definition of this or another tenant. */
    SortedMap<AppId, ObservedResource> resources() {
        SortedMap<AppId, ObservedResource> resources = new TreeMap<>();
        for (AppId id : POOL) {
            ResourceDefinition definition = definition(id, chance(0.6));
            ObservedResource absent = ObservedResource.absent(id, "", chance(0.5) ? definition : null);
            resources.put(
                    id,
                    chance(0.7)
                            ? ObservedResource.present(id, "Resource", chance(0.9), chance(0.9) ? definition : null)
                            : chance(0.7) ? absent : absent.asNotCreatable());
        }
        return resources;
    }

    ObservedTenant observed() {
        TenantId tenant = new TenantId(new UUID(random.nextLong(), random.nextLong()));
        TenantRoute route = chance(0.8) ? TenantRoute.CUSTOMER : TenantRoute.PARTNER;
        if (chance(0.15)) {
            return ObservedTenant.notConsented(
                    tenant,
                    route,
                    CpvFailure.of(FailureCode.CONSENT_MISSING, "AADSTS65001"),
                    POOL.stream()
                            .map(id -> ObservedResource.unknown(id, "", definition(id, false)))
                            .toList());
        }
        return observed(tenant, route, resources(), appRoles(), grants());
    }

    /** Leaves out what a missing resource cannot have granted. */
    static ObservedTenant observed(
            TenantId tenant,
            TenantRoute route,
            Map<AppId, ObservedResource> resources,
            List<AssignedAppRole> appRoles,
            List<TenantWideGrant> grants) {
        ObservedTenant.Builder seen = ObservedTenant.builder(tenant, route);
        resources.values().forEach(seen::resource);
        appRoles.stream().filter(role -> isPresent(resources, role.resource())).forEach(seen::appRole);
        grants.stream().filter(grant -> isPresent(resources, grant.resource())).forEach(seen::grant);
        return seen.build();
    }

    private static boolean isPresent(Map<AppId, ObservedResource> resources, AppId id) {
        ObservedResource resource = resources.get(id);
        return resource != null && resource.presence() == ObservedResource.Presence.PRESENT;
    }

    static List<AppId> pool() {
        return POOL;
    }
}
