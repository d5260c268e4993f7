package dev.cpv.testing;

import dev.cpv.CpvResult;
import dev.cpv.RefreshListener;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records all events, for tests. Thread-safe. */
public final class RecordingListener implements RefreshListener {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<CpvResult> results = new CopyOnWriteArrayList<>();

    /** Creates a listener without events. */
    public RecordingListener() {}

    @Override
    public void started(RefreshContext context) {
        events.add("started");
    }

    @Override
    public void observed(RefreshContext context, ObservedTenant observed) {
        events.add("observed " + observed.visibility());
    }

    @Override
    public void planned(RefreshContext context, CpvRefreshPlan plan) {
        events.add("planned " + plan.steps().size());
    }

    @Override
    public void stepAnswered(RefreshContext context, Step step, StepResult result) {
        events.add(step.kind().wireName() + " " + result.status());
    }

    @Override
    public void finished(RefreshContext context, CpvResult result) {
        events.add("finished " + result.outcome());
        results.add(result);
    }

    @Override
    public void unresolved(String domain, RefreshOptions options, CpvResult result) {
        events.add("unresolved " + result.outcome());
        results.add(result);
    }

    /**
     * Returns the events in order, a short text for each, such as {@code started}, {@code observed VISIBLE},
     * {@code planned 2}, {@code assign-app-role APPLIED}, {@code finished UPDATED}.
     */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Returns the results of the operations that ended, in order, including refreshes whose domain did not resolve. */
    public List<CpvResult> results() {
        return List.copyOf(results);
    }
}
