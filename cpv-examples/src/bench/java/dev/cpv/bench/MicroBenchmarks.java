package dev.cpv.bench;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all JMH benchmarks. */
final class MicroBenchmarks {
    private final boolean quick;

    MicroBenchmarks(boolean quick) {
        this.quick = quick;
    }

    void run(Report report) {
        report.section("Micro");
        try {
            Collection<RunResult> results = new Runner(new OptionsBuilder()
                            .include("dev\\.cpv\\..*Micro\\..*")
                            .forks(1)
                            .warmupIterations(quick ? 1 : 2)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(quick ? 1 : 4)
                            .measurementTime(TimeValue.seconds(1))
                            .timeUnit(TimeUnit.MICROSECONDS)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run();
            for (RunResult result : results) {
                String name = result.getParams().getBenchmark();
                String method = name.substring(name.lastIndexOf('.') + 1);
                report.add(method, result.getPrimaryResult().getScore(), "µs");
            }
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }
}
