package dev.cpv.examples;

import dev.cpv.CpvResult;
import dev.cpv.RefreshListener;
import dev.cpv.model.RefreshOutcome;
import dev.cpv.spi.RefreshContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts outcomes, as a bridge to a metrics library would. Thread-safe. */
public final class MetricsListener implements RefreshListener {
    private final Map<RefreshOutcome, LongAdder> outcomes = new ConcurrentHashMap<>();

    /** Creates a listener whose counts are zero. */
    public MetricsListener() {}

    // tag::listener
    @Override
    public void finished(RefreshContext context, CpvResult result) {
        outcomes.computeIfAbsent(result.outcome(), outcome -> new LongAdder()).increment();
    }
    // end::listener

    /**
     * Returns how often operations had an outcome.
     *
     * @param outcome the outcome
     * @return the count
     */
    public long count(RefreshOutcome outcome) {
        LongAdder count = outcomes.get(outcome);
        return count == null ? 0 : count.sum();
    }
}
