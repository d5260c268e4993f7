package dev.cpv.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs all benchmarks, or those that are named, and writes the figures. */
public final class Benchmarks {
    private Benchmarks() {}

    /**
     * Runs the benchmarks.
     *
     * @param args the output directory, the adapter's build directory, then names of benchmarks, none for all; {@code quick}
     *     among them makes all sizes small, to check that everything works
     */
    public static void main(String[] args) {
        // Less than the simulator keeps a connection: the JDK's client fails a request that is sent on a closed one.
        System.setProperty("jdk.httpclient.keepalive.timeout", "20");
        List<String> names = List.of(args).subList(2, args.length);
        boolean quick = names.contains("quick");
        Map<String, Consumer<Report>> all = new LinkedHashMap<>();
        all.put("sequence", new SequenceBenchmark(quick)::run);
        all.put("overhead", new OverheadBenchmark(quick)::run);
        all.put("growth", new GrowthBenchmark(quick)::run);
        all.put("throttling", new ThrottlingBenchmark(quick)::run);
        all.put("start", new StartBenchmark(quick, args[1])::run);
        all.put("micro", new MicroBenchmarks(quick)::run);
        Report report = new Report();
        long start = System.nanoTime();
        all.forEach((name, benchmark) -> {
            if (names.contains(name) || names.stream().allMatch("quick"::equals)) {
                benchmark.accept(report);
            }
        });
        report.section("The run");
        report.add("minutes", (System.nanoTime() - start) / 60e9, "", Report.Goal.atMost(20));
        report.add("load average at the end", Report.load(), "");
        report.write(Path.of(args[0]));
    }
}
