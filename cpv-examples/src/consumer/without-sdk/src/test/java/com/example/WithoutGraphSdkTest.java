package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cpv.CpvClient;
import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.graph.AppCredentials;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.graph.MicrosoftCloud;
import dev.cpv.graph.PartnerApp;
import dev.cpv.graph.PartnerTenantCatalog;
import dev.cpv.graph.RefreshTokenStore;
import dev.cpv.graph.TenantGraphClients;
import dev.cpv.graph.simulator.Fixtures;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.graph.simulator.PartnerCredentials;
import dev.cpv.graph.simulator.ResourceCatalog;
import dev.cpv.graph.simulator.SimulatedTenant;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.RequiredPermissionSet;
import dev.cpv.model.TenantId;
import dev.cpv.testing.ManualClock;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tool that excludes microsoft-graph, and with it kiota: all of cpv works, on a small class path. */
class WithoutGraphSdkTest {
    private static final int MOST_JARS = 15;
    private static final double MOST_MEGABYTES = 8;

    private final ManualClock time = new ManualClock(Instant.parse("2026-11-20T00:00:00Z"));
    private final MicrosoftSimulator microsoft =
            MicrosoftSimulator.builder().clock(time).build();
    private final GraphTenantDirectory directory = directory();
    private final RequiredPermissionSet required =
            RequiredPermissionSet.fromManifestJson("manifest", Fixtures.manifest());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        directory.close();
        microsoft.close();
    }

    @Test
    void consentsRefreshesAndResets() {
        CpvClient client = client();
        SimulatedTenant contoso = microsoft.addCustomer("contoso");
        TenantId tenant = TenantId.of(contoso.id());

        assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
        contoso.removeAppRole(ResourceCatalog.GRAPH, "User.Read.All");
        assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UPDATED);

        String before = principal(contoso);
        CpvResult reset = client.reset(client.planReset(tenant)).orElseThrow();
        assertThat(reset.outcome()).isEqualTo(RefreshOutcome.UPDATED);
        assertThat(principal(contoso)).isNotEqualTo(before);
        assertThat(client.refresh(tenant).orElseThrow().outcome()).isEqualTo(RefreshOutcome.UP_TO_DATE);
    }

    @Test
    void refreshesAFleet() {
        for (String name : List.of("contoso", "fabrikam", "tailspin")) {
            microsoft.addCustomer(name);
        }
        time.advance(Duration.ofHours(1)); // A relationship takes effect some minutes after it was accepted.
        CpvClient client = client();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            FleetReport report = FleetRefresh.builder(client, PartnerTenantCatalog.of(directory))
                    .build()
                    .run(threads);

            assertThat(report.count(RefreshOutcome.UPDATED))
                    .as(report.toString())
                    .isEqualTo(3);
        } finally {
            threads.shutdown();
        }
        assertThat(microsoft.customers())
                .hasSize(3)
                .allSatisfy(tenant -> assertThat(
                                client.refresh(TenantId.of(tenant.id())).outcome())
                        .isEqualTo(RefreshOutcome.UP_TO_DATE));
    }

    @Test
    void theSdkIsNotThereAndNothingElseMissesIt() {
        assertThatThrownBy(() -> Class.forName("com.microsoft.kiota.RequestAdapter"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> TenantGraphClients.of(directory)).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void theClassPathIsSmall() throws IOException {
        String classPath = Files.readString(Path.of(System.getProperty("runtimeClassPath")));
        List<File> jars = List.of(classPath.strip().split(File.pathSeparator)).stream()
                .map(File::new)
                .toList();
        double megabytes = jars.stream().mapToLong(File::length).sum() / 1e6;

        System.out.printf(Locale.ROOT, "cpv without the Graph SDK: %d jars, %.1f MB%n", jars.size(), megabytes);

        assertThat(jars).allMatch(File::isFile).hasSizeLessThanOrEqualTo(MOST_JARS);
        assertThat(megabytes).isLessThanOrEqualTo(MOST_MEGABYTES);
    }

    private String principal(SimulatedTenant tenant) {
        return tenant.servicePrincipal(microsoft.credentials().clientId())
                .orElseThrow()
                .id();
    }

    private CpvClient client() {
        return CpvClient.builder(directory, required)
                .journal(FileRefreshJournal.open(folder))
                .clock(time)
                .sleeper(time)
                .build();
    }

    private GraphTenantDirectory directory() {
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
