package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cpv.CpvClient;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantCatalog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A night of first consents against a simulator with Microsoft's limits, compared with the least time that the limits allow. */
final class ThrottlingBenchmark {
    private static final int CONCURRENCY = 64;
    private static final double WRITES_AT_ONCE = 70_000;
    private static final double WRITES_PER_SECOND = WRITES_AT_ONCE / 300;
    private static final double CONSENTS_PER_SECOND = 50;

    private final int tenants;
    private final int warmUp;

    ThrottlingBenchmark(boolean quick) {
        tenants = quick ? 50 : 1_000;
        warmUp = quick ? 5 : 300;
    }

    void run(Report report) {
        report.section("A night of first consents within Microsoft's limits");
        try (Simulator unlimited = Simulator.start(Duration.ZERO, false, 1_000_000)) {
            // A cold simulator is so slow that requests that were sent in time are counted later.
            try (GraphTenantDirectory directory = unlimited.service().directory()) {
                night(client(unlimited, directory), unlimited.add(Simulator.State.NEW, warmUp));
            }
            measure(report, unlimited.next(Duration.ZERO, true));
        }
    }

    private static CpvClient client(Simulator simulator, GraphTenantDirectory directory) {
        CpvClient client = CpvClient.create(directory, simulator.service().required());
        // For the partner's tokens and the definitions, which a directory reads once.
        Service.refresh(client, simulator.add(Simulator.State.STEADY, 1).get(0));
        return client;
    }

    private void measure(Report report, Simulator simulator) {
        try (GraphTenantDirectory directory = simulator.service().directory()) {
            CpvClient client = client(simulator, directory);
            List<String> ids = simulator.add(Simulator.State.NEW, tenants);
            simulator.counts();

            double seconds = night(client, ids);

            JsonNode counts = simulator.counts();
            simulator.requireComplete(ids);
            double writes = counts.path("writes").asDouble();
            double least = Math.max(tenants / CONSENTS_PER_SECOND, (writes - WRITES_AT_ONCE) / WRITES_PER_SECOND);
            report.add("tenants", tenants, "");
            report.add("writes", writes, "");
            report.add("time", seconds, "s");
            report.add("least that the limits allow", least, "s");
            report.add("times the least", seconds / least, "×", Report.Goal.atMost(1.15));
            report.add(
                    "answers that say too many requests", counts.path("refused").asDouble(), "", Report.Goal.atMost(0));
        }
    }

    private static double night(CpvClient client, List<String> ids) {
        ExecutorService threads = Executors.newFixedThreadPool(CONCURRENCY);
        try {
            FleetReport report = FleetRefresh.builder(
                            client,
                            TenantCatalog.of(ids.stream().map(TenantId::of).toList()))
                    .concurrency(CONCURRENCY)
                    .onResult(Service::require)
                    .build()
                    .run(threads);
            if (report.count(RefreshOutcome.UPDATED) != ids.size()) {
                throw new IllegalStateException(report.toString());
            }
            return report.duration().toMillis() / 1e3;
        } finally {
            threads.shutdownNow();
        }
    }
}
