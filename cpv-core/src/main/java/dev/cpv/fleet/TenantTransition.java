package dev.cpv.fleet;

/** How a tenant differs from its last refresh before the run. New constants may appear in a minor release; keep a default branch. */
public enum TenantTransition {
    /** It was never refreshed before. */
    NEW("new"),
    /** It was in sync, and is not any more. */
    NEWLY_FAILING("newly failing"),
    /** It was not in sync, and is now. */
    MENDED("mended"),
    /** It was put in sync last time too, for the same permissions: somebody takes them away. */
    DRIFTED_AGAIN("drifted again");

    private final String title;

    TenantTransition(String title) {
        this.title = title;
    }

    /**
     * Returns the name for people.
     *
     * @return for example {@code newly failing}
     */
    public String title() {
        return title;
    }
}
