package dev.cpv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cpv.PermissionOutcome.Status;
import dev.cpv.model.AppId;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ExtraPermission;
import dev.cpv.model.PermissionType;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.testing.FakeTenant;
import dev.cpv.testing.FakeTenantDirectory;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every tenant after a refresh, looked up in the directory itself. */
class RefreshPropertiesTest {
    private static final TenantId TENANT = new TenantId(new UUID(1, 1));

    static LongStream seeds() {
        return Generator.seeds();
    }

    /** A tenant by chance, and what the application needs in it. */
    private static final class World {
        private final RequiredPermissionSet required;
        private final FakeTenantDirectory directory;
        private final FakeTenant tenant;
        private final CpvClient client;

        World(Generator generator) {
            required = generator.required();
            directory = FakeTenantDirectory.offering(required);
            tenant = directory.tenant(TENANT);
            client = CpvClient.create(directory, required);
            for (AppId resource : Generator.pool()) {
                tenant.publish(resource, generator.definition(resource, true));
            }
            if (generator.chance(0.8)) {
                tenant.consent();
                generator.appRoles().forEach(role -> tenant.grantAppRole(role.resource(), role.appRoleId()));
                generator
                        .grants()
                        .forEach(grant -> tenant.grantScopes(
                                grant.resource(), grant.scopes().toArray(String[]::new)));
            }
            for (AppId resource : Generator.pool()) {
                if (generator.chance(0.2) && !resource.equals(AppId.MICROSOFT_GRAPH)) {
                    if (generator.chance(0.5)) {
                        tenant.withoutResource(resource);
                    } else {
                        tenant.withUnavailableResource(resource);
                    }
                }
            }
            tenant.grantScopesToUser("ann", AppId.MICROSOFT_GRAPH, "Scope.1");
        }

        Set<String> scopes(AppId resource) {
            return tenant.scopes(resource).stream()
                    .map(scope -> scope.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
        }
    }

    private static RefreshOptions options(ExtraGrants extraGrants) {
        // At night, what could not be added is remembered; a person would ask for it again.
        return RefreshOptions.defaults().withPriority(Priority.NIGHTLY).withExtraGrants(extraGrants);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void secondRefreshDoesNothingAndCostsOneCall(long seed) {
        Generator generator = new Generator(seed);
        World world = new World(generator);
        RefreshOptions options = options(generator.extraGrants());
        CpvResult first = world.client.refresh(TENANT, options);
        int calls = world.directory.calls(TENANT).size();
        Set<AssignedAppRole> roles = world.tenant.appRoles();
        var grants = world.tenant.grants();

        CpvResult second = world.client.refresh(TENANT, options);

        assertThat(first.outcome()).isIn(RefreshOutcome.UPDATED, RefreshOutcome.UP_TO_DATE, RefreshOutcome.PARTIAL);
        assertThat(second.outcome())
                .isEqualTo(
                        first.outcome() == RefreshOutcome.PARTIAL ? RefreshOutcome.PARTIAL : RefreshOutcome.UP_TO_DATE);
        assertThat(world.directory.calls(TENANT)).hasSize(calls + 1);
        assertThat(second.steps()).isEmpty();
        assertThat(second.requests()).isEqualTo(1);
        assertThat(world.tenant.appRoles()).isEqualTo(roles);
        assertThat(world.tenant.grants()).isEqualTo(grants);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R16_whatIsSaidToBeGrantedIsReallyThere(long seed) {
        Generator generator = new Generator(seed);
        World world = new World(generator);

        CpvResult result = world.client.refresh(TENANT, options(generator.extraGrants()));

        assertThat(result.permissions())
                .extracting(PermissionOutcome::permission)
                .containsExactlyElementsOf(
                        world.required.plus(RequiredPermissionSet.bootstrap()).permissions());
        for (PermissionOutcome permission : result.permissions()) {
            boolean said = permission.status() == Status.GRANTED || permission.status() == Status.ALREADY_GRANTED;
            assertThat(isThere(world, permission)).as("%s", permission).isEqualTo(said);
            if (!said) {
                assertThat(permission.failure()).as("%s", permission).isPresent();
            }
        }
        assertThat(result.outcome().isInSync())
                .isEqualTo(result.permissions().stream()
                        .allMatch(p -> Set.of(Status.GRANTED, Status.ALREADY_GRANTED, Status.NOT_APPLICABLE)
                                .contains(p.status())));
    }

    private static boolean isThere(World world, PermissionOutcome permission) {
        AppId resource = permission.permission().resource();
        if (permission.status() == Status.NOT_APPLICABLE || permission.status() == Status.NOT_OFFERED) {
            return false;
        }
        if (permission.permission().type() == PermissionType.DELEGATED) {
            return world.scopes(resource)
                    .contains(permission.value().orElse("?").toLowerCase(Locale.ROOT));
        }
        return world.tenant.appRoles().stream()
                .filter(role -> role.resource().equals(resource))
                .anyMatch(role -> permission
                        .permission()
                        .guid()
                        .map(role.appRoleId()::equals)
                        .orElseGet(() -> role.appRoleId().toString().endsWith(number(permission))));
    }

    /** The generator's nth role is named after n and has an id that ends with it. */
    private static String number(PermissionOutcome permission) {
        String n = permission.permission().id().replaceAll("\\D", "");
        return "%012x".formatted(Integer.parseInt(n));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R10_keepTakesNothingAway(long seed) {
        Generator generator = new Generator(seed);
        World world = new World(generator);
        Set<AssignedAppRole> roles = new HashSet<>(world.tenant.appRoles());
        List<Set<String>> scopes = Generator.pool().stream().map(world::scopes).toList();
        var userGrants = world.tenant.grantsOfUsers();

        CpvResult result = world.client.refresh(TENANT, options(ExtraGrants.KEEP));

        assertThat(world.tenant.appRoles()).containsAll(roles);
        for (int i = 0; i < scopes.size(); i++) {
            assertThat(world.scopes(Generator.pool().get(i))).containsAll(scopes.get(i));
        }
        assertThat(result.extras()).noneMatch(ExtraPermission::revoked);
        if (world.tenant.userGrants() > 0) {
            assertThat(world.tenant.grantsOfUsers()).isEqualTo(userGrants);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void R10_revokeLeavesNothingBeyondTheRequiredPermissions(long seed) {
        World world = new World(new Generator(seed));

        CpvResult result = world.client.refresh(TENANT, options(ExtraGrants.REVOKE));
        CpvResult after = world.client.preview(TENANT, options(ExtraGrants.REVOKE));

        if (result.permissions().stream().noneMatch(p -> p.status() == Status.FAILED)) {
            assertThat(after.extras()).isEmpty();
        }
        assertThat(result.extras().stream().filter(extra -> !extra.revoked()))
                .containsExactlyElementsOf(after.extras().stream().toList());
    }
}
