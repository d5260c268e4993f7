package dev.cpv.fleet;

import dev.cpv.model.RefreshOutcome;
import java.util.Optional;

/** How a tenant differs from its last refresh before the run. New constants may appear in a minor release; keep a default branch. */
public enum TenantTransition {
    /** It was never refreshed before. */
    NEW("new"),
    /** It was in sync and no longer is. */
    NEWLY_FAILING("newly failing"),
    /** It was not in sync and now is. */
    RECOVERED("recovered"),
    /** It was repaired last time too, for the same permissions: somebody removes them each time. */
    DRIFTED_AGAIN("drifted again");

    private final String title;

    TenantTransition(String title) {
        this.title = title;
    }

    /**
     * Compares a tenant's outcome with its state before the run.
     *
     * @param before its state before the run; empty if it was never refreshed
     * @param now the outcome of this run
     * @param fingerprint the fingerprint of what is required now
     */
    static Optional<TenantTransition> between(
            Optional<TenantAttempt.Before> before, RefreshOutcome now, String fingerprint) {
        boolean failing = now == RefreshOutcome.FAILED || now == RefreshOutcome.PARTIAL;
        if (!failing && !now.isInSync()) {
            return Optional.empty();
        }
        if (before.isEmpty()) {
            return Optional.of(NEW);
        }
        boolean wasInSync = before.get().outcome().isInSync();
        if (failing) {
            return wasInSync ? Optional.of(NEWLY_FAILING) : Optional.empty();
        }
        if (!wasInSync) {
            return Optional.of(RECOVERED);
        }
        boolean again = before.get().outcome() == RefreshOutcome.UPDATED
                && now == RefreshOutcome.UPDATED
                && before.get().fingerprint().equals(fingerprint);
        return again ? Optional.of(DRIFTED_AGAIN) : Optional.empty();
    }

    /** Returns the name for people, for example {@code newly failing}. */
    public String title() {
        return title;
    }
}
