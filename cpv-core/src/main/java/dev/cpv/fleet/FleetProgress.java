package dev.cpv.fleet;

import dev.cpv.model.RefreshOutcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How far a run is.
 *
 * @param total how many tenants there are; zero until the list is there
 * @param done how many have their result
 * @param counts how many have which outcome
 */
public record FleetProgress(int total, int done, Map<RefreshOutcome, Integer> counts) {
    /**
     * Creates the progress.
     *
     * @param total how many tenants there are
     * @param done how many have their result
     * @param counts how many have which outcome
     */
    public FleetProgress {
        Map<RefreshOutcome, Integer> copy = new EnumMap<>(RefreshOutcome.class);
        copy.putAll(counts);
        counts = Collections.unmodifiableMap(copy);
    }
}
