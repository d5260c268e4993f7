package dev.cpv.internal;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Calls listeners one after the other. An exception of a listener is logged, and the others are called anyway. Immutable; as
 * thread-safe as the listeners.
 *
 * @param <L> the type of the listeners
 */
public final class Listeners<L> {
    private final List<L> listeners;
    private final Logger log;
    private final String consequence;

    /**
     * Creates the group.
     *
     * @param listeners the listeners, in the order in which they were added
     * @param log receives the exceptions of listeners
     * @param consequence what the log says about the work after an exception, for example {@code the refresh continues}
     */
    public Listeners(Collection<? extends L> listeners, Logger log, String consequence) {
        this.listeners = List.copyOf(listeners);
        this.log = log;
        this.consequence = consequence;
    }

    /**
     * Calls the listeners in their order.
     *
     * @param event calls a method of a listener
     */
    public void call(Consumer<? super L> event) {
        listeners.forEach(listener -> call(listener, event));
    }

    /**
     * Calls the listeners in reverse order, for events that end something: the listener that was called first at the start is called last.
     *
     * @param event calls a method of a listener
     */
    public void callInReverse(Consumer<? super L> event) {
        for (int i = listeners.size() - 1; i >= 0; i--) {
            call(listeners.get(i), event);
        }
    }

    private void call(L listener, Consumer<? super L> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            log.error("{} threw; {}", listener.getClass().getName(), consequence, e);
        }
    }
}
