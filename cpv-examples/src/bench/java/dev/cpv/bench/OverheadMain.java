package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.journal.FileRefreshJournal;
import dev.cpv.journal.InMemoryRefreshJournal;
import dev.cpv.spi.RefreshJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Refreshes tenants in sync: at the first input line until the compiler has warmed up, at each further line once. Each output line has
 * the cost of one tenant to this process.
 */
final class OverheadMain {
    private static final int THREADS = 4;
    /** Rounds until the compiler has warmed up, on either side. */
    private static final int WARM_UP_ROUNDS = 14;

    private OverheadMain() {}

    /**
     * Runs.
     *
     * @param args {@code cpv}, {@code files} for cpv with its journal in files, or {@code bare}; the file of the service, the file of the
     *     tenants, the file of the batch that observes
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Service service = Service.read(Path.of(args[1]));
        List<String> tenants = Files.readAllLines(Path.of(args[2]));
        if (args[0].equals("bare")) {
            BareWire bare = new BareWire(service);
            String batch = Files.readString(Path.of(args[3]));
            answer(tenants, tenant -> {
                if (bare.steady(tenant, batch) < Fixture.ROLES) {
                    throw new IllegalStateException("Not in sync: " + tenant);
                }
            });
        } else {
            RefreshJournal journal = args[0].equals("files")
                    ? FileRefreshJournal.open(Files.createTempDirectory("cpv-bench"))
                    : new InMemoryRefreshJournal();
            try (GraphTenantDirectory directory = service.directory()) {
                CpvClient client = CpvClient.builder(directory, service.required())
                        .journal(journal)
                        .build();
                answer(tenants, tenant -> Service.refresh(client, tenant));
            }
        }
        System.exit(0);
    }

    private static void answer(List<String> tenants, Consumer<String> work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (int round = WARM_UP_ROUNDS; in.readLine() != null; round = 0) {
            for (; round > 0; round--) {
                all(threads, tenants, work);
            }
            System.out.println(measure(threads, tenants, work));
        }
    }

    private static JsonNode measure(ExecutorService threads, List<String> tenants, Consumer<String> work)
            throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.gc();
        long allocated = allocated();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        all(threads, tenants, work);
        wall = System.nanoTime() - wall;
        cpu = system.getProcessCpuTime() - cpu;
        allocated = allocated() - allocated;
        return Fixture.JSON
                .createObjectNode()
                .put("cpuMicros", cpu / 1e3 / tenants.size())
                .put("wallMicros", wall / 1e3 / tenants.size())
                .put("allocatedKiB", allocated / 1024.0 / tenants.size());
    }

    private static void all(ExecutorService threads, List<String> tenants, Consumer<String> work)
            throws InterruptedException {
        CountDownLatch left = new CountDownLatch(tenants.size());
        for (String tenant : tenants) {
            threads.execute(() -> {
                work.accept(tenant);
                left.countDown();
            });
        }
        left.await();
    }

    /** The allocation of all live threads; both sides keep theirs. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .sum();
    }
}
