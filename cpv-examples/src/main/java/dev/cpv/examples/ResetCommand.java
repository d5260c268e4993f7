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

/** Resets tenants, or prints what a reset would lose. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description =
                "Deletes the application's service principal in tenants, consents the application again and restores"
                        + " what it had. Without --yes, prints what would be deleted, restored and lost, changes nothing, and exits"
                        + " with 2. The tenant's next refresh completes a reset that was interrupted.")
final class ResetCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "TENANT", arity = "1..*", description = "A tenant's GUID or one of its verified domains.")
    private List<String> tenants = new ArrayList<>();

    @Option(names = "--yes", description = "Reset the tenants. Without this option nothing is changed.")
    private boolean yes;

    @Option(
            names = "--revoke-extras",
            description = "Restore only what the manifest names. Without this option everything is restored.")
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
            return yes ? reset(session, named, options) : printPlans(session, named, options);
        }
    }

    private int printPlans(Session session, NamedTenants named, RefreshOptions options) {
        for (CatalogTenant tenant : named.tenants()) {
            CpvResetPlan plan = session.client().planReset(tenant.id(), options).withTenantName(tenant.displayName());
            surroundings.out().println(run.json() ? plan.toJson() : plan.toText());
        }
        named.notFound()
                .forEach(result -> surroundings
                        .err()
                        .println("cpv: " + result.tenant() + " could not be read: "
                                + result.failure().orElseThrow()));
        surroundings.err().println("cpv: nothing was changed. Give --yes to reset.");
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
