package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.model.ExtraGrants;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Refreshes tenants, or says what a refresh would do. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description = "Brings tenants in step with the manifest: consents the application where it is not, adds the"
                + " permissions that are missing, and says what became of each.")
final class RefreshCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "TENANT", arity = "1..*", description = "A tenant's GUID, or one of its verified domains.")
    private List<String> tenants = new ArrayList<>();

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
    private RunOptions run = new RunOptions();

    RefreshCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        run.check();
        List<String> names = TenantNames.distinct(tenants);
        try (Session session = Session.open(surroundings)) {
            Set<TenantId> begun = ConcurrentHashMap.newKeySet();
            return run.run(
                    names.stream()
                            .map(name -> new TenantRun.Job(name, () -> refresh(session, name, begun)))
                            .toList(),
                    surroundings);
        }
    }

    /** A tenant may be named by several domains, or by its GUID as well: then the first of them does it. */
    private Optional<CpvResult> refresh(Session session, String name, Set<TenantId> begun) {
        RefreshOptions options =
                session.options().withExtraGrants(revokeExtras ? ExtraGrants.REVOKE : ExtraGrants.KEEP);
        TenantId tenant;
        try {
            tenant = session.resolve(name);
        } catch (TenantDirectoryException e) {
            // The client meets the same fault, and makes a result of it.
            return Optional.of(
                    dryRun
                            ? session.client().preview(name, options)
                            : session.client().refresh(name, options));
        }
        if (!begun.add(tenant)) {
            return Optional.empty();
        }
        return Optional.of(
                dryRun
                        ? session.client().preview(tenant, options)
                        : session.client().refresh(tenant, options));
    }
}
