package dev.cpv.model;

import java.util.concurrent.atomic.AtomicBoolean;

/** A caller's means to stop operations early (R18). One object can be handed to many operations. Thread-safe. */
public final class Cancellation {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Creates a cancellation that was not requested yet. */
    public Cancellation() {}

    /** Asks the operations that hold this object to stop soon. Calling it again changes nothing. */
    public void cancel() {
        cancelled.set(true);
    }

    /** Returns whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return cancelled.get();
    }
}
