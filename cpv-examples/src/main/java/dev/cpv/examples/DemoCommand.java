package dev.cpv.examples;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.model.Priority;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.testing.ManualClock;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;

/**
 * Refreshes a few simulated customers, twice. The requests are real HTTP on the loopback interface; the time is simulated,
 * so that the demo does not wait.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Cpv.Version.class,
        description =
                "Starts a simulator of Microsoft's services with a few customers and refreshes them, twice. Needs no"
                        + " account, no settings and no internet access.")
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final PrintStream out;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.out = surroundings.out();
    }

    @Override
    public Integer call() {
        ManualClock time = new ManualClock(surroundings.clock().instant());
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder()
                        .clock(time)
                        .contractValidation(false)
                        .build();
                GraphTenantDirectory directory = directory(microsoft, time)) {
            RequiredPermissionSet required = RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest());
            CpvClient client = CpvClient.builder(directory, required)
                    .clock(time)
                    .sleeper(time)
                    .build();
            return refreshTwice(client, required, new DemoFleet(microsoft), time);
        }
    }

    private int refreshTwice(CpvClient client, RequiredPermissionSet required, DemoFleet fleet, ManualClock time) {
        out.println("A simulated partner with " + fleet.tenants().size() + " customers; its application needs "
                + required.permissions().size() + " permissions on "
                + required.resources().size() + " resources.");
        out.println("The requests are real HTTP on the loopback interface; the times are simulated.");
        out.println();
        out.println(
                "First refresh: repairs every customer that it can. The first row includes the requests for the partner's own");
        out.println("tokens and for the definitions of the resources.");
        out.println();
        boolean first = refresh(client, RefreshOptions.defaults(), fleet, fleet::expected);
        out.println();
        time.advance(Duration.ofHours(12));
        out.println(
                "Second refresh, twelve hours later: no changes are needed, so a customer in sync takes 2 requests.");
        out.println();
        boolean second =
                refresh(client, RefreshOptions.defaults().withPriority(Priority.NIGHTLY), fleet, fleet::expectedAgain);
        return first && second ? ExitStatus.OK : ExitStatus.SOME_NOT_WELL;
    }

    /** Refreshes one customer after the other: they share one clock, so waiting for one must not move the time of another. */
    private boolean refresh(
            CpvClient client, RefreshOptions options, DemoFleet fleet, Function<String, RefreshOutcome> expected) {
        TablePrinter table = new TablePrinter(out, surroundings.terminal(), fleet.labels());
        Tally tally = new Tally();
        List<String> unexpected = new ArrayList<>();
        for (String tenant : fleet.tenants()) {
            CpvResult result = client.refresh(tenant, options);
            table.print(result);
            tally.add(result);
            if (result.outcome() != expected.apply(tenant)) {
                unexpected.add(tenant);
            }
        }
        table.end();
        out.println(tally);
        unexpected.forEach(tenant -> surroundings
                .err()
                .println("cpv: the demo ended with an unexpected outcome for "
                        + fleet.labels().get(tenant) + ", expected " + expected.apply(tenant)));
        return unexpected.isEmpty();
    }

    private static GraphTenantDirectory directory(MicrosoftSimulator microsoft, ManualClock time) {
        PartnerCredentials partner = microsoft.credentials();
        return GraphTenantDirectory.builder(
                        PartnerApp.of(partner.partnerTenantId(), partner.clientId()),
                        AppCredentials.withSecret(
                                partner.clientSecret(), RefreshTokenStore.inMemory(partner.refreshToken())))
                .cloud(MicrosoftCloud.GLOBAL
                        .withLoginUrl(URI.create(microsoft.loginUrl()))
                        .withPartnerCenterUrl(URI.create(microsoft.partnerCenterUrl()))
                        .withGraphUrl(URI.create(microsoft.graphUrl())))
                .clock(time)
                .sleeper(time)
                .build();
    }
}
