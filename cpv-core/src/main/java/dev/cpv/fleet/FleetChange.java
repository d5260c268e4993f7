package dev.cpv.fleet;

/** How a tenant differs from its last refresh before the run. New constants may appear in a minor release; keep a default branch. */
public enum FleetChange {
    /** It was never refreshed before. */
    NEW("new"),
    /** It was in step, and is not any more. */
    NEWLY_FAILING("newly failing"),
    /** It was not in step, and is now. */
    MENDED("mended"),
    /** It was put in step last time too, for the same permissions: somebody takes them away. */
    DRIFTED_AGAIN("drifted again");

    private final String title;

    FleetChange(String title) {
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
