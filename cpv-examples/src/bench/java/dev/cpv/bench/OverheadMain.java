package dev.cpv.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Refreshes tenants in step, warm, and prints what one of them cost this process. */
final class OverheadMain {
    private static final int THREADS = 4;
    /** It takes the compiler so long to have done with either side. */
    private static final int WARM_UP_ROUNDS = 14;

    private OverheadMain() {}

    /**
     * Runs.
     *
     * @param args {@code cpv} or {@code bare}, the file of the service, the file of the tenants, the file of the batch that looks
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Service service = Service.read(Path.of(args[1]));
        List<String> tenants = Files.readAllLines(Path.of(args[2]));
        if (args[0].equals("cpv")) {
            try (GraphTenantDirectory directory = service.directory()) {
                CpvClient client =
                        CpvClient.builder(directory, service.required()).build();
                measure(tenants, tenant -> Service.refresh(client, tenant));
            }
        } else {
            BareWire bare = new BareWire(service);
            String batch = Files.readString(Path.of(args[3]));
            measure(tenants, tenant -> {
                if (bare.steady(tenant, batch) < Fixture.ROLES) {
                    throw new IllegalStateException("Not in step: " + tenant);
                }
            });
        }
        System.exit(0);
    }

    private static void measure(List<String> tenants, Consumer<String> work) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            all(threads, tenants, work);
        }
        System.gc();
        long allocated = allocated();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        all(threads, tenants, work);
        wall = System.nanoTime() - wall;
        cpu = system.getProcessCpuTime() - cpu;
        allocated = allocated() - allocated;
        JsonNode result = Fixture.JSON
                .createObjectNode()
                .put("cpuMicros", cpu / 1e3 / tenants.size())
                .put("wallMicros", wall / 1e3 / tenants.size())
                .put("allocatedKiB", allocated / 1024.0 / tenants.size());
        System.out.println(result);
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

    /** Of all threads that live: both sides keep theirs. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .sum();
    }
}
