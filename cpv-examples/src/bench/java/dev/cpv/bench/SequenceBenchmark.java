package dev.cpv.bench;

import dev.cpv.CpvClient;
import dev.cpv.graph.GraphTenantDirectory;
import dev.cpv.model.CpvResetPlan;
import dev.cpv.model.TenantId;
import dev.cpv.spi.FileRefreshJournal;
import dev.cpv.spi.RefreshJournal;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests and time for a tenant, beside the sequence of the best known tool of this kind. */
final class SequenceBenchmark {
    private static final int JOURNAL = 1_000_000;
    private static final int WARM_UP_CONCURRENCY = 64;
    private static final int PLOTTED_LATENCY = 50;
    private static final int CONCURRENCY_WITHIN_LIMITS = 16;

    /** What has to be done for a tenant, how many are done until the compiler has done with it, and what is aimed at. */
    private enum Case {
        STEADY("in step", Simulator.State.STEADY, 4_000, 4, 3.5),
        DRIFTED("one scope drifted", Simulator.State.DRIFTED, 800, 0, 0),
        FIRST_CONSENT("first consent", Simulator.State.NEW, 400, 2.8, 3),
        RESET("reset", Simulator.State.STEADY, 200, 1.7, 0);

        private final String title;
        private final Simulator.State state;
        private final int warmUp;
        private final double fewerRequests;
        private final double moreTenants;

        Case(String title, Simulator.State state, int warmUp, double fewerRequests, double moreTenants) {
            this.title = title;
            this.state = state;
            this.warmUp = warmUp;
            this.fewerRequests = fewerRequests;
            this.moreTenants = moreTenants;
        }
    }

    /** So many tenants, so many at a time. */
    private record Size(int tenants, int concurrency) {}

    /** What came out. */
    private record Measured(double requests, double tenantsPerSecond) {}

    private final boolean quick;
    private final List<Size> sizes;
    private final List<Integer> latencies;

    SequenceBenchmark(boolean quick) {
        this.quick = quick;
        sizes = quick
                ? List.of(new Size(3, 1), new Size(40, 16))
                : List.of(new Size(10, 1), new Size(100, 16), new Size(500, 64));
        latencies = quick ? List.of(PLOTTED_LATENCY) : List.of(PLOTTED_LATENCY, 150);
    }

    void run(Report report) {
        report.section("Against the peer's sequence");
        Plot requests = new Plot("HTTP requests for a tenant", "cpv", "peer's sequence");
        Plot rates =
                new Plot("Tenants per second, each answer " + PLOTTED_LATENCY + " ms late", "cpv", "peer's sequence");
        try (Simulator prompt = Simulator.start(Duration.ZERO, false, JOURNAL)) {
            Map<Integer, Side> sides = new LinkedHashMap<>();
            Side warm = new Side(prompt);
            sides.put(0, warm);
            Simulator last = prompt;
            for (int latency : latencies) {
                last = last.next(Duration.ofMillis(latency), false);
                sides.put(latency, new Side(last));
            }
            for (Case what : Case.values()) {
                Size warmUp = new Size(quick ? 5 : what.warmUp, WARM_UP_CONCURRENCY);
                warm.measure(what, false, warmUp);
                warm.measure(what, true, warmUp);
                sides.forEach((latency, side) ->
                        sizes.forEach(size -> compare(report, side, what, latency, size, requests, rates)));
            }
        }
        report.plot("requests.svg", requests);
        report.plot("tenants-per-second.svg", rates);
    }

    private void compare(Report report, Side side, Case what, int latency, Size size, Plot requests, Plot rates) {
        Measured ours = side.measure(what, false, size);
        Measured theirs = side.measure(what, true, size);
        boolean plotted = latency == PLOTTED_LATENCY;
        if (plotted && size.equals(sizes.get(sizes.size() - 1))) {
            report.add(what.title + ": requests, cpv", ours.requests, "");
            report.add(what.title + ": requests, peer", theirs.requests, "");
            report.add(
                    what.title + ": times fewer requests",
                    theirs.requests / ours.requests,
                    "×",
                    what.fewerRequests == 0 ? null : Report.Goal.atLeast(what.fewerRequests));
            requests.add(what.title, ours.requests, theirs.requests);
        }
        String run =
                what.title + ", " + latency + " ms, " + size.tenants + " tenants, " + size.concurrency + " at a time";
        report.add(run + ": cpv", ours.tenantsPerSecond, "tenants/s");
        report.add(run + ": peer", theirs.tenantsPerSecond, "tenants/s");
        boolean hasGoal = plotted && what.moreTenants > 0 && !isHeldByLimits(what, size);
        Report.Goal goal = hasGoal ? Report.Goal.atLeast(what.moreTenants) : null;
        report.add(run + ": times the rate", ours.tenantsPerSecond / theirs.tenantsPerSecond, "×", goal);
        if (what == Case.FIRST_CONSENT) {
            Measured helped = side.measureHelped(what, size);
            report.add(run + ", threads lent: cpv", helped.tenantsPerSecond, "tenants/s");
            report.add(
                    run + ", threads lent: times the rate",
                    helped.tenantsPerSecond / theirs.tenantsPerSecond,
                    "×",
                    goal);
        }
        if (plotted) {
            rates.add(
                    what.title + ", " + size.concurrency + " at a time",
                    ours.tenantsPerSecond,
                    theirs.tenantsPerSecond);
        }
    }

    /** cpv keeps to Microsoft's 50 consents a second (R29), which the peer's side would pass with ease. */
    private static boolean isHeldByLimits(Case what, Size size) {
        return what == Case.FIRST_CONSENT && size.concurrency > CONCURRENCY_WITHIN_LIMITS;
    }

    /** Both clients over one simulator. */
    private static final class Side {
        private final Simulator simulator;
        private final PeerSequence peer;

        Side(Simulator simulator) {
            this.simulator = simulator;
            peer = new PeerSequence(simulator.service());
        }

        Measured measure(Case what, boolean ofPeer, Size size) {
            if (ofPeer) {
                return measure(size, simulator.add(what.state, size.tenants), peers(what));
            }
            return what == Case.RESET
                    ? measureReset(size)
                    : measure(what, size, RefreshJournal.inMemory(), simulator.service()::directory);
        }

        /** cpv alone, with threads to send several batches of a tenant at a time. */
        Measured measureHelped(Case what, Size size) {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                return measure(
                        what,
                        size,
                        RefreshJournal.inMemory(),
                        () -> simulator.service().settings().helpers(threads).build());
            } finally {
                threads.shutdown();
            }
        }

        /** A reset stands in a durable journal; what the peer's side stores is not counted, so nothing else is stored here. */
        private Measured measureReset(Size size) {
            Path files = temporary();
            try {
                return measure(Case.RESET, size, FileRefreshJournal.open(files), simulator.service()::directory);
            } finally {
                delete(files);
            }
        }

        /** Each time by a directory of its own: what one sends counts against its share of Microsoft's limits for minutes (R29). */
        private Measured measure(
                Case what, Size size, RefreshJournal journal, Supplier<GraphTenantDirectory> directories) {
            try (GraphTenantDirectory directory = directories.get()) {
                CpvClient client = CpvClient.builder(
                                directory, simulator.service().required())
                        .journal(journal)
                        .build();
                // For the partner's token and the definitions, which a directory reads once.
                Service.refresh(client, simulator.add(Simulator.State.NEW, 1).get(0));
                List<String> tenants = simulator.add(what.state, size.tenants);
                if (what == Case.RESET) {
                    Map<String, CpvResetPlan> plans = new ConcurrentHashMap<>();
                    Load.run(size.concurrency, tenants, id -> plans.put(id, client.planReset(TenantId.of(id))));
                    return measure(size, tenants, id -> reset(client, plans.get(id)));
                }
                return measure(size, tenants, id -> Service.refresh(client, id));
            }
        }

        private Measured measure(Size size, List<String> tenants, Consumer<String> work) {
            simulator.counts();
            double seconds = Load.run(size.concurrency, tenants, work);
            double requests = simulator.counts().path("requests").asDouble();
            simulator.requireComplete(tenants);
            return new Measured(requests / size.tenants, size.tenants / seconds);
        }

        private static void reset(CpvClient client, @Nullable CpvResetPlan plan) {
            Service.require(client.reset(Objects.requireNonNull(plan)));
        }

        private Consumer<String> peers(Case what) {
            return switch (what) {
                case STEADY -> peer::steady;
                case DRIFTED -> peer::drifted;
                case FIRST_CONSENT -> peer::firstConsent;
                case RESET -> peer::reset;
            };
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("cpv-bench");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path directory) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
