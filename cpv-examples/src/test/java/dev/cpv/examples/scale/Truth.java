package dev.cpv.examples.scale;

import dev.cpv.model.RefreshOutcome;

/**
 * The simulator's state of a tenant after a night.
 *
 * @param tenant its id
 * @param kind what had happened to it
 * @param usable whether the application is enabled and got a token
 * @param complete whether the application has every required permission
 * @param begun how many tokens were requested; one begins a refresh
 * @param throttled how many requests were refused with 429
 * @param writes the number of writes
 */
record Truth(
        String tenant,
        SimulatedFleet.Kind kind,
        boolean usable,
        boolean complete,
        int begun,
        int throttled,
        int writes) {
    /** The outcome that its refresh must have, whatever had happened to it. */
    RefreshOutcome outcome() {
        if (!usable || !complete) {
            return RefreshOutcome.FAILED;
        }
        return writes > 0 ? RefreshOutcome.UPDATED : RefreshOutcome.UP_TO_DATE;
    }

    String line() {
        return String.join(
                " ",
                tenant,
                kind.name(),
                String.valueOf(usable),
                String.valueOf(complete),
                String.valueOf(begun),
                String.valueOf(throttled),
                String.valueOf(writes));
    }

    static Truth of(String line) {
        String[] parts = line.split(" ", -1);
        return new Truth(
                parts[0],
                SimulatedFleet.Kind.valueOf(parts[1]),
                Boolean.parseBoolean(parts[2]),
                Boolean.parseBoolean(parts[3]),
                Integer.parseInt(parts[4]),
                Integer.parseInt(parts[5]),
                Integer.parseInt(parts[6]));
    }
}
