package dev.cpv.examples;

import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.RefreshOptions;
import dev.cpv.spi.CatalogTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Resets tenants, or says what a reset would lose. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description = "Deletes the application's service principal in tenants and brings it back with all that it had."
                + " Without --yes it prints what goes, what comes back and what would be lost, touches nothing, and"
                + " exits with 2. A reset that is cut short is finished by the tenant's next refresh.")
final class ResetCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "TENANT", arity = "1..*", description = "A tenant's GUID, or one of its verified domains.")
    private List<String> tenants = new ArrayList<>();

    @Option(names = "--yes", description = "Reset. Nothing is touched otherwise.")
    private boolean yes;

    @Option(
            names = "--revoke-extras",
            description =
                    "Bring back what the manifest names and nothing else. All that was there comes back otherwise.")
    private boolean revokeExtras;

    @Mixin
    private RunOptions run = new RunOptions();

    ResetCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        run.check();
        List<String> names = TenantNames.distinct(tenants);
        try (Session session = Session.open(surroundings)) {
            NamedTenants named = NamedTenants.find(session, names);
            RefreshOptions options =
                    session.options().withExtraGrants(revokeExtras ? ExtraGrants.REVOKE : ExtraGrants.KEEP);
            return yes ? reset(session, named, options) : tell(session, named, options);
        }
    }

    private int tell(Session session, NamedTenants named, RefreshOptions options) {
        for (CatalogTenant tenant : named.tenants()) {
            CpvResetPlan plan = session.client().planReset(tenant.id(), options).withTenantName(tenant.displayName());
            surroundings.out().println(run.json() ? plan.toJson() : plan.toText());
        }
        named.notFound()
                .forEach(result -> surroundings
                        .err()
                        .println("cpv: " + result.tenant() + " cannot be looked at: "
                                + result.failure().orElseThrow()));
        surroundings.err().println("cpv: nothing was touched. Give --yes to reset.");
        return ExitStatus.USAGE;
    }

    private int reset(Session session, NamedTenants named, RefreshOptions options) {
        return run.run(
                named.ids().stream()
                        .map(tenant -> new TenantRun.Job(
                                tenant,
                                () -> session.client().reset(session.client().planReset(tenant, options), options)))
                        .toList(),
                named.notFound(),
                session.cancellation(),
                surroundings);
    }
}
