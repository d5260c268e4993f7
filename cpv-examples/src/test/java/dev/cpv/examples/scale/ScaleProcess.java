package dev.cpv.examples.scale;

import com.sun.management.OperatingSystemMXBean;
import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetListener;
import dev.cpv.fleet.FleetReport;
import dev.cpv.graph.simulator.MicrosoftSimulator;
import dev.cpv.spi.CatalogTenant;
import dev.cpv.spi.RunRecord;
import dev.cpv.spi.Sleeper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** What runs in its own JVMs: the simulator, and the tool for one night. */
final class ScaleProcess {
    private static final String READY = "ready";
    /** How often the heap is measured in a night. */
    private static final int LOOKS = 20;

    private ScaleProcess() {}

    static Process start(Path log, List<String> options, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                ScaleProcess.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** The first argument is the role, the second the folder of the files. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "microsoft" -> microsoft(folder, Integer.parseInt(arguments[2]));
            case "night" -> night(folder, arguments[2], Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Executes each line of its input, answers with a line, and ends with its input, so that it does not outlive the test. */
    private static void microsoft(Path folder, int tenants) throws IOException {
        try (MicrosoftSimulator microsoft = MicrosoftSimulator.builder()
                        .contractValidation(false)
                        .workerThreads(64)
                        .journalCapacity(1_000_000)
                        .build();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            SimulatedFleet fleet = new SimulatedFleet(microsoft, tenants);
            Files.write(folder.resolve("partner"), Partner.of(microsoft).lines());
            System.out.println(READY);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                switch (line) {
                    case "change" -> fleet.change();
                    case "change again" -> fleet.changeAgain();
                    case "truth" ->
                        Files.write(
                                folder.resolve("truths"),
                                fleet.truths().stream().map(Truth::line).toList());
                    default -> throw new IllegalArgumentException(line);
                }
                System.out.println(READY);
            }
        }
    }

    private static void night(Path folder, String name, int cancelAfter) throws Exception {
        Partner partner = new Partner(Files.readAllLines(folder.resolve("partner")));
        Heap heap = new Heap();
        long start = System.nanoTime();
        FleetReport report = new RememberedNight(partner, folder, Clock.systemUTC(), Sleeper.system())
                .run(folder.resolve(name), cancelAfter, heap);
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.writeString(folder.resolve(name + ".json"), report.toJson());
        System.out.println(new Figures(seconds, cpuSeconds(), report.requests(), heap.peak).line());
    }

    /** The CPU time of the process since its start. */
    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    /** The most that a full collection left on the heap. */
    private static final class Heap implements FleetListener {
        private int between = 1;
        private int count;
        private long peak;

        @Override
        public void started(RunRecord run, int total) {
            between = Math.max(1, total / LOOKS);
            look();
        }

        @Override
        public void tenantDone(CatalogTenant tenant, CpvResult result) {
            if (++count % between == 0) {
                look();
            }
        }

        @Override
        public void ended(FleetReport report) {
            look();
        }

        private void look() {
            System.gc();
            long left = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                    .map(MemoryPoolMXBean::getCollectionUsage)
                    .mapToLong(usage -> usage.getUsed())
                    .sum();
            peak = Math.max(peak, left);
        }
    }

    /**
     * The cost of a night.
     *
     * @param seconds from the start of the run to its end, the full collections included
     * @param cpuSeconds of the whole process
     * @param requests how many were sent for tenants
     * @param heap the most bytes that a full collection left
     */
    record Figures(double seconds, double cpuSeconds, long requests, long heap) {
        String line() {
            return seconds + " " + cpuSeconds + " " + requests + " " + heap;
        }

        static Figures of(String line) {
            String[] parts = line.split(" ", -1);
            return new Figures(
                    Double.parseDouble(parts[0]),
                    Double.parseDouble(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }
    }
}
