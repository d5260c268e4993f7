package dev.cpv.bench;

import dev.cpv.model.AppId;
import dev.cpv.model.AppRole;
import dev.cpv.model.AssignedAppRole;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.ObservedResource;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.ResourceDefinition;
import dev.cpv.model.TenantId;
import dev.cpv.model.TenantRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pure functions of the model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class ModelMicro {
    private static final TenantId TENANT = TenantId.of("bbbbbbbb-0000-0000-0000-00000000000b");
    private static final AppId RESOURCE = AppId.of("aaaaaaaa-0000-0000-0000-00000000000a");

    private final String manifest = Fixture.manifest().toString();
    private final RequiredPermissionSet nothing =
            RequiredPermissionSet.builder("nothing").build();
    private final RequiredPermissionSet roles70 = roles(70);
    private final RequiredPermissionSet roles1000 = roles(1_000);
    private final ObservedTenant empty = observed(70, 0);
    private final ObservedTenant full = observed(70, 70);
    private final ObservedTenant empty1000 = observed(1_000, 0);

    /** Creates the state. */
    public ModelMicro() {}

    private static UUID role(int number) {
        return new UUID(0xC, number);
    }

    private static RequiredPermissionSet roles(int count) {
        RequiredPermissionSet.Builder set = RequiredPermissionSet.builder("roles");
        for (int i = 0; i < count; i++) {
            set.application(RESOURCE, role(i).toString());
        }
        return set.build();
    }

    private static ObservedTenant observed(int published, int assigned) {
        List<AppRole> roles = new ArrayList<>();
        for (int i = 0; i < published; i++) {
            roles.add(new AppRole(role(i), "Role." + i, true));
        }
        ObservedTenant.Builder seen = ObservedTenant.builder(TENANT, TenantRoute.CUSTOMER)
                .resource(ObservedResource.present(
                        RESOURCE, "Resource", true, ResourceDefinition.ofTenant(roles, List.of())));
        for (int i = 0; i < assigned; i++) {
            seen.appRole(new AssignedAppRole(RESOURCE, role(i)));
        }
        return seen.build();
    }

    /**
     * Plans for an empty required set.
     *
     * @return the plan
     */
    @Benchmark
    public CpvRefreshPlan planOfNothing() {
        return CpvRefreshPlan.between(nothing, empty, ExtraGrants.KEEP);
    }

    /**
     * Plans for a tenant that has all of 70 app roles.
     *
     * @return the plan
     */
    @Benchmark
    public CpvRefreshPlan planOf70RolesAllThere() {
        return CpvRefreshPlan.between(roles70, full, ExtraGrants.KEEP);
    }

    /**
     * Plans for a tenant that has none of 70 app roles.
     *
     * @return the plan
     */
    @Benchmark
    public CpvRefreshPlan planOf70RolesAllMissing() {
        return CpvRefreshPlan.between(roles70, empty, ExtraGrants.KEEP);
    }

    /**
     * Plans for a tenant that has none of 1,000 app roles.
     *
     * @return the plan
     */
    @Benchmark
    public CpvRefreshPlan planOf1000RolesAllMissing() {
        return CpvRefreshPlan.between(roles1000, empty1000, ExtraGrants.KEEP);
    }

    /**
     * Reads the fixture's manifest.
     *
     * @return the required set
     */
    @Benchmark
    public RequiredPermissionSet manifestOf177Permissions() {
        return RequiredPermissionSet.fromManifestJson("manifest", manifest);
    }
}
