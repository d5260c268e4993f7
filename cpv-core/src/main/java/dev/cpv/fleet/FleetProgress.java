package dev.cpv.fleet;

import dev.cpv.model.RefreshOutcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The progress of a run.
 *
 * @param total how many tenants there are; zero until the list was read
 * @param done how many have their result
 * @param counts how many have which outcome
 */
public record FleetProgress(int total, int done, Map<RefreshOutcome, Integer> counts) {
    /** Creates the progress. */
    public FleetProgress {
        Map<RefreshOutcome, Integer> copy = new EnumMap<>(RefreshOutcome.class);
        copy.putAll(counts);
        counts = Collections.unmodifiableMap(copy);
    }
}
