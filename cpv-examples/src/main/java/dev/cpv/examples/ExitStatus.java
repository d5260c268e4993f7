package dev.cpv.examples;

/** The exit statuses of the command line. */
final class ExitStatus {
    /** Every tenant is in sync, drifted (dry run) or skipped. */
    static final int OK = 0;
    /** At least one tenant has another outcome. */
    static final int SOME_NOT_WELL = 1;
    /** Wrong usage or configuration; nothing was sent. */
    static final int USAGE = 2;

    private ExitStatus() {}
}
