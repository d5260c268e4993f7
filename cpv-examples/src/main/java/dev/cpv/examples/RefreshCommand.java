package dev.cpv.examples;

import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.journal.InMemoryFleetStore;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FleetStore;
import dev.cpv.spi.TenantCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Refreshes tenants, or prints what a refresh would change. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description = {
            "Reconciles tenants with the manifest: consents the application where it is not consented, grants the"
                    + " permissions that are missing, and reports the result of each tenant.",
            "",
            "A tenant that is named is refreshed even if it is in quarantine or was offboarded. A named tenant that is"
                    + " excluded is SKIPPED; its result says who excluded it and why.",
        })
final class RefreshCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "TENANT", arity = "0..*", description = "A tenant's GUID or one of its verified domains.")
    private List<String> tenants = new ArrayList<>();

    @Option(
            names = "--all",
            description = "Refresh all customers of the partner. Customers that are not managed, are excluded or are in"
                    + " quarantine are SKIPPED, with the reason. Ctrl-C ends the run in order; the same command on the same"
                    + " day (UTC) resumes it, unless --dry-run or --revoke-extras is given.")
    private boolean all;

    @Option(
            names = "--dry-run",
            description = "Print the plans and write nothing. With --json, the output is the input of 'apply'.")
    private boolean dryRun;

    @Option(
            names = "--revoke-extras",
            description =
                    "Revoke permissions that the manifest does not name. Without this option they are kept and reported.")
    private boolean revokeExtras;

    @Mixin
    private FleetOptions fleet = new FleetOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    RefreshCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        run.check();
        fleet.checkOnlyWith("--all", all);
        if (all != tenants.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), all ? "Give --all or tenants, not both" : "Give at least one TENANT, or --all");
        }
        List<String> names = TenantNames.distinct(tenants);
        try (Session session = Session.open(surroundings)) {
            return all ? refreshAll(session) : refresh(session, NamedTenants.find(session, names));
        }
    }

    /** A run over named tenants has no brake, and it leaves the record of the last run over all tenants unchanged. */
    private int refresh(Session session, NamedTenants named) {
        Results results = new Results(surroundings, run.json(), named.notFound());
        FleetRefresh refresh = builder(session, named.catalog(), results)
                .store(exclusions(session, named.ids()))
                .first(named.ids())
                .allowMassChange()
                .build();
        FleetReport report = new StoppableRun(surroundings, run.concurrency()).begin(refresh);
        return named.notFound().isEmpty() ? Tally.of(report).exitStatus() : ExitStatus.SOME_NOT_WELL;
    }

    /** The rules of these tenants only: other rules may include tenants that nobody named. */
    private static FleetStore exclusions(Session session, List<TenantId> tenants) {
        FleetStore store = new InMemoryFleetStore();
        tenants.forEach(tenant -> session.state().findRule(tenant).ifPresent(store::save));
        return store;
    }

    private int refreshAll(Session session) {
        Results results = new Results(surroundings, run.json());
        FleetRefresh.Builder builder =
                builder(session, session.customers(), results).store(session.state());
        FleetRefresh refresh = fleet.applyTo(builder).build();
        StoppableRun stoppable = new StoppableRun(surroundings, run.concurrency());
        // An interrupted run did not revoke extras, and a dry run leaves no tenant done.
        FleetReport report = dryRun || revokeExtras ? stoppable.begin(refresh) : stoppable.resume(refresh);
        return Tally.of(report).exitStatus();
    }

    private FleetRefresh.Builder builder(Session session, TenantCatalog catalog, Results results) {
        FleetRefresh.Builder builder = FleetRefresh.builder(session.client(), catalog)
                .options(session.options().withExtraGrants(revokeExtras ? ExtraGrants.REVOKE : ExtraGrants.KEEP))
                .concurrency(run.concurrency())
                .addListener(results);
        return dryRun ? builder.planOnly() : builder;
    }
}
