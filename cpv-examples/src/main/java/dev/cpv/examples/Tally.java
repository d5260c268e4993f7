package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.model.RefreshOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts outcomes. Used by one thread. */
final class Tally {
    private final Map<RefreshOutcome, Integer> counts = new EnumMap<>(RefreshOutcome.class);
    private int tenants;
    private int requests;
    private boolean well = true;

    void add(CpvResult result) {
        tenants++;
        counts.merge(result.outcome(), 1, Integer::sum);
        requests += result.requests();
        well &= isWell(result.outcome());
    }

    private static boolean isWell(RefreshOutcome outcome) {
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
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "))
                + "; " + requests + (requests == 1 ? " request" : " requests");
    }
}
