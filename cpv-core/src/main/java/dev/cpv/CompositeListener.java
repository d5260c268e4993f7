package dev.cpv;

import dev.cpv.internal.Listeners;
import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All listeners as one. Endings are reported in reverse order, so that what was opened last is closed first. */
final class CompositeListener implements RefreshListener {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshListener.class);

    private final Listeners<RefreshListener> listeners;

    CompositeListener(List<RefreshListener> listeners) {
        this.listeners = new Listeners<>(listeners, LOG, "the operation continues");
    }

    @Override
    public void started(RefreshContext context) {
        listeners.call(listener -> listener.started(context));
    }

    @Override
    public void observed(RefreshContext context, ObservedTenant observed) {
        listeners.call(listener -> listener.observed(context, observed));
    }

    @Override
    public void planned(RefreshContext context, CpvRefreshPlan plan) {
        listeners.call(listener -> listener.planned(context, plan));
    }

    @Override
    public void stepAnswered(RefreshContext context, Step step, StepResult result) {
        listeners.call(listener -> listener.stepAnswered(context, step, result));
    }

    @Override
    public void finished(RefreshContext context, CpvResult result) {
        listeners.callInReverse(listener -> listener.finished(context, result));
    }

    @Override
    public void unresolved(String domain, RefreshOptions options, CpvResult result) {
        listeners.callInReverse(listener -> listener.unresolved(domain, options, result));
    }
}
