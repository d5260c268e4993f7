package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.fleet.FleetReport;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RunRecord;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts outcomes. Used by one thread. */
final class Tally {
    private final Map<RefreshOutcome, Integer> counts = new EnumMap<>(RefreshOutcome.class);
    private int tenants;
    private int before;
    private long requests;
    private boolean well = true;

    /** Takes over the counts of a run. */
    static Tally of(FleetReport report) {
        Tally tally = new Tally();
        tally.counts.putAll(report.outcomes());
        tally.tenants = report.total();
        tally.before = report.doneBefore();
        tally.requests = report.requests();
        tally.well = report.isHealthy() && report.run().state() == RunRecord.State.DONE;
        return tally;
    }

    void add(CpvResult result) {
        tenants++;
        counts.merge(result.outcome(), 1, Integer::sum);
        requests += result.requests();
        well &= isHealthy(result.outcome());
    }

    private static boolean isHealthy(RefreshOutcome outcome) {
        return switch (outcome) {
            case UP_TO_DATE, UPDATED, DRIFTED, SKIPPED -> true;
            default -> false;
        };
    }

    int exitStatus() {
        return well ? ExitStatus.OK : ExitStatus.SOME_NOT_WELL;
    }

    /** Returns for example {@code 3 tenants: 2 UPDATED, 1 FAILED; 14 requests}. */
    @Override
    public String toString() {
        return tenants + (tenants == 1 ? " tenant: " : " tenants: ")
                + (counts.isEmpty() ? "nothing was done" : "")
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "))
                + (before == 0 ? "" : ", " + before + " of them before the interruption")
                + "; " + requests + (requests == 1 ? " request" : " requests");
    }
}
