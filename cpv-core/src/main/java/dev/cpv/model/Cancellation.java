package dev.cpv.model;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A caller's means to stop operations early (R18). One object can be handed to many operations. Thread-safe.
 */
public final class Cancellation {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Creates a cancellation that was not asked for yet. */
    public Cancellation() {}

    /** Asks the operations that hold this object to stop soon. Asking again changes nothing. */
    public void cancel() {
        cancelled.set(true);
    }

    /**
     * Says whether {@link #cancel} was called.
     *
     * @return whether it was
     */
    public boolean isCancelled() {
        return cancelled.get();
    }
}
