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

/** Refreshes tenants, or says what a refresh would do. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description = {
            "Brings tenants in sync with the manifest: consents the application where it is not, adds the"
                    + " permissions that are missing, and says what became of each.",
            "",
            "A tenant that is named is refreshed though it is in quarantine or was offboarded. One that is excluded"
                    + " stays so: it is SKIPPED, and told by whom and why."
        })
final class RefreshCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "TENANT", arity = "0..*", description = "A tenant's GUID, or one of its verified domains.")
    private List<String> tenants = new ArrayList<>();

    @Option(
            names = "--all",
            description = "Refresh all customers of the partner. Those that cannot be managed, are excluded or in"
                    + " quarantine are SKIPPED, with the reason. Ctrl-C ends the run in order; given again on the same"
                    + " day (UTC), it goes on, unless with --dry-run or --revoke-extras.")
    private boolean all;

    @Option(
            names = "--dry-run",
            description = "Write nothing; print the plan. With --json, its output is what 'apply' takes.")
    private boolean dryRun;

    @Option(
            names = "--revoke-extras",
            description =
                    "Take away permissions that the manifest does not name. They are kept and reported otherwise.")
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
                    spec.commandLine(),
                    all ? "Give --all or tenants, not both" : "Missing required parameter: 'TENANT', or --all");
        }
        List<String> names = TenantNames.distinct(tenants);
        try (Session session = Session.open(surroundings)) {
            return all ? refreshAll(session) : refresh(session, NamedTenants.find(session, names));
        }
    }

    /** Who names tenants means them: there is no brake. What is remembered of the last run over all is left alone. */
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

    /** The rules of these tenants alone: others may tell to include tenants that nobody named. */
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
        // What an interrupted run did, it did without revoking; and a run that only looks leaves nothing done.
        FleetReport report = dryRun || revokeExtras ? stoppable.begin(refresh) : stoppable.goOn(refresh);
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
