package dev.cpv;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners, and keeps their faults away from the refresh. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshListener.class);

    private final List<RefreshListener> listeners;

    Listeners(List<RefreshListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void tell(Consumer<RefreshListener> event) {
        for (RefreshListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("{} threw; the refresh goes on", listener.getClass().getName(), e);
            }
        }
    }
}
