package dev.cpv;

import dev.cpv.model.CpvRefreshPlan;
import dev.cpv.model.ObservedTenant;
import dev.cpv.model.RefreshOptions;
import dev.cpv.model.Step;
import dev.cpv.spi.RefreshContext;
import dev.cpv.spi.StepResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners as one. Endings are reported in reverse order, so that what was opened last is closed first. Exceptions
 * of a listener are logged; an {@link Error} is rethrown after all others were called.
 */
final class CompositeListener implements RefreshListener {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshListener.class);

    private final List<RefreshListener> inOrder;
    private final List<RefreshListener> reversed;

    CompositeListener(List<RefreshListener> listeners) {
        inOrder = List.copyOf(listeners);
        List<RefreshListener> copy = new ArrayList<>(listeners);
        Collections.reverse(copy);
        reversed = List.copyOf(copy);
    }

    @Override
    public void started(RefreshContext context) {
        call(inOrder, listener -> listener.started(context));
    }

    @Override
    public void observed(RefreshContext context, ObservedTenant observed) {
        call(inOrder, listener -> listener.observed(context, observed));
    }

    @Override
    public void planned(RefreshContext context, CpvRefreshPlan plan) {
        call(inOrder, listener -> listener.planned(context, plan));
    }

    @Override
    public void stepAnswered(RefreshContext context, Step step, StepResult result) {
        call(inOrder, listener -> listener.stepAnswered(context, step, result));
    }

    @Override
    public void finished(RefreshContext context, CpvResult result) {
        call(reversed, listener -> listener.finished(context, result));
    }

    @Override
    public void unresolved(String domain, RefreshOptions options, CpvResult result) {
        call(reversed, listener -> listener.unresolved(domain, options, result));
    }

    private static void call(List<RefreshListener> listeners, Consumer<RefreshListener> event) {
        List<Error> errors = new ArrayList<>();
        for (RefreshListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.error(
                        "{} threw; the operation continues", listener.getClass().getName(), e);
            } catch (Error e) {
                errors.add(e);
            }
        }
        if (!errors.isEmpty()) {
            Error first = errors.get(0);
            errors.stream().filter(other -> other != first).forEach(first::addSuppressed);
            throw first;
        }
    }
}
