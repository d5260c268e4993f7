package dev.cpv.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Requests and time for a tenant, compared with the sequence of the best known tool of this kind. */
final class SequenceBenchmark {
    private static final int JOURNAL = 1_000_000;
    private static final int WARM_UP_CONCURRENCY = 64;
    private static final int PLOTTED_LATENCY = 50;
    private static final int CONCURRENCY_WITHIN_LIMITS = 16;

    /** The task for a tenant, how many tenants warm up the compiler, and the goals. */
    enum Case {
        STEADY("in sync", Simulator.State.STEADY, 4_000, 4, 3.5),
        DRIFTED("one scope drifted", Simulator.State.DRIFTED, 800, 0, 0),
        FIRST_CONSENT("first consent", Simulator.State.NEW, 400, 2.8, 3),
        RESET("reset", Simulator.State.STEADY, 150, 1.7, 0);

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

        Simulator.State state() {
            return state;
        }
    }

    /** The client that does it. */
    enum Who {
        CPV,
        /** cpv with threads lent to it, to send several batches of one tenant at the same time. */
        CPV_HELPED,
        PEER
    }

    /** The number of tenants, and how many at the same time. */
    record Size(int tenants, int concurrency) {}

    private final boolean quick;
    private final List<Size> sizes;
    private final List<Integer> latencies;
    private final Plot requests = new Plot("HTTP requests for a tenant", "cpv", "peer's sequence");
    private final Plot rates =
            new Plot("Tenants per second, each answer " + PLOTTED_LATENCY + " ms late", "cpv", "peer's sequence");

    SequenceBenchmark(boolean quick) {
        this.quick = quick;
        sizes = quick
                ? List.of(new Size(3, 1), new Size(40, 16))
                : List.of(new Size(10, 1), new Size(100, 16), new Size(500, 64));
        latencies = quick ? List.of(0, PLOTTED_LATENCY) : List.of(0, PLOTTED_LATENCY, 150);
    }

    void run(Report report) {
        report.section("Against the peer's sequence");
        try (Simulator prompt = Simulator.start(Duration.ZERO, false, JOURNAL)) {
            Map<Integer, Side> sides = new TreeMap<>();
            Simulator last = prompt;
            for (int latency : latencies) {
                last = latency == 0 ? prompt : last.next(Duration.ofMillis(latency), false);
                sides.put(latency, new Side(last));
            }
            Side warm = Objects.requireNonNull(sides.get(0));
            for (Case what : Case.values()) {
                warmUp(warm, what);
                for (Size size : sizes) {
                    measure(sides, what, size)
                            .forEach((latency, trials) -> report(report, what, latency, size, trials));
                }
            }
            sides.values().forEach(Side::close);
        }
        report.plot("requests.svg", requests);
        report.plot("tenants-per-second.svg", rates);
    }

    private void warmUp(Side side, Case what) {
        Size size = new Size(quick ? 5 : what.warmUp, WARM_UP_CONCURRENCY);
        side.trial(what, Who.CPV, size).runAlone();
        side.trial(what, Who.PEER, size).runAlone();
    }

    private static Map<Integer, Map<Who, Trial>> measure(Map<Integer, Side> sides, Case what, Size size) {
        Map<Integer, Map<Who, Trial>> trials = new TreeMap<>();
        List<Trial> waiting = new ArrayList<>();
        sides.forEach((latency, side) -> {
            Map<Who, Trial> its = new EnumMap<>(Who.class);
            for (Who who : sides(what, latency, size)) {
                Trial trial = side.trial(what, who, size);
                its.put(who, trial);
                if (latency > 0 && size.concurrency == 1) {
                    waiting.add(trial);
                } else {
                    trial.runAlone();
                }
            }
            trials.put(latency, its);
        });
        // A client that waits for one response after the other takes no time from others.
        Trial.runTogether(waiting);
        return trials;
    }

    /** Lent threads help only where neither the processors nor Microsoft's limits hold cpv back. */
    private static List<Who> sides(Case what, int latency, Size size) {
        return what == Case.FIRST_CONSENT && latency > 0 && size.concurrency <= CONCURRENCY_WITHIN_LIMITS
                ? List.of(Who.values())
                : List.of(Who.CPV, Who.PEER);
    }

    private void report(Report report, Case what, int latency, Size size, Map<Who, Trial> trials) {
        Trial ours = Objects.requireNonNull(trials.get(Who.CPV));
        Trial theirs = Objects.requireNonNull(trials.get(Who.PEER));
        boolean plotted = latency == PLOTTED_LATENCY;
        if (plotted && size.equals(sizes.get(sizes.size() - 1))) {
            tellRequests(report, what, ours.requests(), theirs.requests());
        }
        String run =
                what.title + ", " + latency + " ms, " + size.tenants + " tenants, " + size.concurrency + " at a time";
        // cpv obeys Microsoft's limit of 50 consents per second (R29), which the peer's side would exceed.
        boolean heldByLimits = what == Case.FIRST_CONSENT && size.concurrency > CONCURRENCY_WITHIN_LIMITS;
        Report.Goal goal =
                plotted && what.moreTenants > 0 && !heldByLimits ? Report.Goal.atLeast(what.moreTenants) : null;
        report.add(run + ": cpv", ours.rate(), "tenants/s");
        report.add(run + ": peer", theirs.rate(), "tenants/s");
        report.add(run + ": times the rate", ours.rate() / theirs.rate(), "×", goal);
        Trial helped = trials.get(Who.CPV_HELPED);
        if (helped != null) {
            report.add(run + ", threads lent: cpv", helped.rate(), "tenants/s");
            report.add(run + ", threads lent: times the rate", helped.rate() / theirs.rate(), "×", goal);
        }
        if (plotted) {
            rates.add(what.title + ", " + size.concurrency + " at a time", ours.rate(), theirs.rate());
        }
    }

    private void tellRequests(Report report, Case what, double ours, double theirs) {
        report.add(what.title + ": requests, cpv", ours, "");
        report.add(what.title + ": requests, peer", theirs, "");
        report.add(
                what.title + ": times fewer requests",
                theirs / ours,
                "×",
                what.fewerRequests == 0 ? null : Report.Goal.atLeast(what.fewerRequests));
        requests.add(what.title, ours, theirs);
    }
}
