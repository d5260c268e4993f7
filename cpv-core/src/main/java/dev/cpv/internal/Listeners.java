package dev.cpv.internal;

import dev.cpv.internal.failure.ProgramFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Calls listeners one after the other. An exception of a listener is logged, without its message (R23). An {@link Error} is thrown on
 * after all others were called; further ones are suppressed in it. Immutable; as thread-safe as the listeners.
 *
 * @param <L> the type of the listeners
 */
public final class Listeners<L> {
    private final List<L> inOrder;
    private final List<L> reversed;
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
        inOrder = List.copyOf(listeners);
        List<L> copy = new ArrayList<>(inOrder);
        Collections.reverse(copy);
        reversed = List.copyOf(copy);
        this.log = log;
        this.consequence = consequence;
    }

    /**
     * Calls the listeners in their order.
     *
     * @param event calls a method of a listener
     */
    public void call(Consumer<? super L> event) {
        call(inOrder, event);
    }

    /**
     * Calls the listeners in reverse order, for events that end something: the listener that was called first at the start is called last.
     *
     * @param event calls a method of a listener
     */
    public void callInReverse(Consumer<? super L> event) {
        call(reversed, event);
    }

    private void call(List<L> listeners, Consumer<? super L> event) {
        List<Error> errors = new ArrayList<>();
        for (L listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                log.error("{} threw; {}", listener.getClass().getName(), consequence, ProgramFault.loggable(e));
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
