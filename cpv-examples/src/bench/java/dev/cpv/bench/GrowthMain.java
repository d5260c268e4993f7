package dev.cpv.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cpv.CpvClient;
import dev.cpv.fleet.FleetRefresh;
import dev.cpv.fleet.FleetReport;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.model.TenantId;
import dev.cpv.spi.TenantCatalog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** One night over a fleet in sync; prints its maxima. */
final class GrowthMain {
    private static final int CONCURRENCY = 16;
    /** How often the heap is measured. */
    private static final int LOOKS = 20;

    private static final double MIB = 1024 * 1024;

    private long heap;
    private long files;

    private GrowthMain() {}

    /**
     * Runs.
     *
     * @param args the file of the service, the file of the tenants
     */
    public static void main(String[] args) throws IOException {
        Service service = Service.read(Path.of(args[0]));
        Path journal = Files.createTempDirectory("cpv-bench");
        try (GraphTenantDirectory directory = service.directory()) {
            CpvClient client = CpvClient.builder(directory, service.required())
                    .journal(FileRefreshJournal.open(journal))
                    .build();
            new GrowthMain().night(client, Path.of(args[1]));
        }
        System.exit(0);
    }

    private void night(CpvClient client, Path ids) throws IOException {
        List<TenantId> tenants =
                Files.readAllLines(ids).stream().map(TenantId::of).toList();
        int between = Math.max(1, tenants.size() / LOOKS);
        AtomicInteger done = new AtomicInteger();
        FleetRefresh fleet = FleetRefresh.builder(client, TenantCatalog.of(tenants))
                .concurrency(CONCURRENCY)
                .onResult(result -> {
                    Service.require(result);
                    if (done.incrementAndGet() % between == 0) {
                        look();
                    }
                })
                .build();
        long start = System.nanoTime();
        FleetReport report = fleet.run(Executors.newFixedThreadPool(CONCURRENCY));
        double millis = (System.nanoTime() - start) / 1e6;
        if (report.count(RefreshOutcome.UP_TO_DATE) != tenants.size()) {
            throw new IllegalStateException(report.toString());
        }
        System.out.println(Fixture.JSON
                .createObjectNode()
                .put("wallMillis", millis / tenants.size())
                .put("heapMiB", heap / MIB)
                .put("threads", ManagementFactory.getThreadMXBean().getPeakThreadCount())
                .put("files", files));
    }

    private synchronized void look() {
        System.gc();
        heap = Math.max(
                heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            files = Math.max(files, unix.getOpenFileDescriptorCount());
        }
    }
}
