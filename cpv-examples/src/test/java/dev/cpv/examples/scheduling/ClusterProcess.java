package dev.cpv.examples.scheduling;

import com.zaxxer.hikari.HikariDataSource;
import dev.cpv.CpvClient;
import dev.cpv.examples.postgres.JdbcFleetStore;
import dev.cpv.examples.postgres.JdbcRefreshJournal;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.simulator.Endpoint;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.graph.simulator.WireJournal;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantCatalog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What runs in its own JVMs: the simulator and the nodes. Each ends with its standard input, so that none outlives the test. */
final class ClusterProcess {
    static final String READY = "ready";

    private ClusterProcess() {}

    static Process start(Path log, String memory, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + memory,
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                ClusterProcess.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The first argument is the role. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "microsoft" -> microsoft(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "node" -> node(folder, arguments[2], arguments[3], Integer.parseInt(arguments[4]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    // Microsoft

    /** Of 100 tenants, 85 are in sync, 13 have drifted, and 2 have disabled the application. */
    private static void microsoft(Path folder, int tenants, int latencyMillis) throws IOException {
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder()
                .contractValidation(false)
                .workerThreads(64)
                .latency(Duration.ofMillis(latencyMillis))
                .build()) {
            for (int i = 0; i < tenants; i++) {
                SimulatedTenant tenant = microsoft.addCustomer("Customer " + i).granted(Fixtures.manifest());
                if (i % 100 < 13) {
                    tenant.removeScopes(ResourceCatalog.GRAPH, Set.of("User.Read.All"));
                } else if (i % 100 >= 98) {
                    tenant.enableServicePrincipal(microsoft.app().appId(), false);
                }
            }
            Files.writeString(folder.resolve("manifest.json"), Fixtures.manifest());
            PartnerCredentials partner = microsoft.credentials();
            Files.write(
                    folder.resolve("microsoft"),
                    List.of(
                            microsoft.loginUrl(),
                            microsoft.partnerCenterUrl(),
                            microsoft.graphUrl(),
                            partner.partnerTenantId(),
                            partner.clientId(),
                            partner.clientSecret(),
                            partner.refreshToken()));
            Files.write(
                    folder.resolve("tenants"),
                    microsoft.customers().stream().map(SimulatedTenant::id).toList());
            System.out.println(READY);
            waitForParent();
            Files.write(folder.resolve("tokens"), tokensByTenant(microsoft.journal()));
        }
    }

    /** How often the refresh of each tenant was begun: each refresh redeems one token. */
    private static List<String> tokensByTenant(WireJournal journal) {
        Map<String, Long> counts = journal.requests().stream()
                .filter(request -> request.endpoint() == Endpoint.TOKEN_REFRESH)
                .collect(Collectors.groupingBy(request -> String.valueOf(request.tenantId()), Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .toList();
    }

    // Node

    private static void node(Path folder, String url, String name, int threads) throws IOException {
        List<String> microsoft = Files.readAllLines(folder.resolve("microsoft"));
        List<TenantId> tenants = Files.readAllLines(folder.resolve("tenants")).stream()
                .map(TenantId::of)
                .toList();
        MicrosoftCloud cloud = MicrosoftCloud.GLOBAL
                .withLoginUrl(URI.create(microsoft.get(0)))
                .withPartnerCenterUrl(URI.create(microsoft.get(1)))
                .withGraphUrl(URI.create(microsoft.get(2)));
        AppCredentials tokens =
                AppCredentials.withSecret(microsoft.get(5), RefreshTokenStore.inMemory(microsoft.get(6)));
        try (HikariDataSource pool = pool(url, threads);
                GraphTenantDirectory directory = GraphTenantDirectory.builder(
                                PartnerApp.of(microsoft.get(3), microsoft.get(4)), tokens)
                        .cloud(cloud)
                        .build()) {
            CpvClient client = CpvClient.builder(
                            directory, RequiredPermissionSet.fromManifest(folder.resolve("manifest.json")))
                    .journal(JdbcRefreshJournal.open(pool))
                    .name(name)
                    .build();
            FleetRefresh fleet = FleetRefresh.builder(client, TenantCatalog.of(tenants))
                    .store(JdbcFleetStore.open(pool))
                    .build();
            // A lease lasts one minute longer; so long is a tenant blocked that a killed node was refreshing.
            RefreshOptions options = RefreshOptions.defaults().withTimeout(Duration.ofSeconds(15));
            new ClusterNode(name, client, fleet, NightLog.open(pool), options)
                    .scheduler(pool, threads)
                    .pollingInterval(Duration.ofMillis(500))
                    .heartbeatInterval(Duration.ofSeconds(2))
                    .build()
                    .start();
            System.out.println(READY);
            waitForParent();
            // The parent has its result: no task is running any more.
            Runtime.getRuntime().halt(0);
        }
    }

    private static HikariDataSource pool(String url, int threads) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(threads + 4);
        return pool;
    }

    private static void waitForParent() throws IOException {
        while (System.in.read() >= 0) {
            // Until the parent closes it or has ended.
        }
    }
}
